// A track as the map draws it: columns of numbers, longitudes that go on over
// ±180°, and a speed for every point, told or worked out.
import type { Schemas } from '@/api/client';
import { project } from '@/map/view';

export interface Track {
  device: string;
  name: string;
  /** ms, rising. */
  time: Float64Array;
  /** On the unit square; x goes on where the track crosses ±180°. */
  x: Float64Array;
  y: Float64Array;
  /** km/h. */
  speed: Float32Array;
  /** Degrees; -1: not told. */
  course: Float32Array;
  /** The device tells its speed. */
  told: boolean;
  box: [x0: number, y0: number, x1: number, y1: number];
}

const EARTH = 6371008.8, RAD = Math.PI / 180;

/** decode joins the pages of one device's track. */
export function decode(pages: Schemas['TrackView'][]): Track {
  const n = pages.reduce((sum, p) => sum + p.fixes, 0);
  const t: Track = {
    device: pages[0]?.device ?? '', name: pages[0]?.name ?? '', time: new Float64Array(n), x: new Float64Array(n), y: new Float64Array(n),
    speed: new Float32Array(n), course: new Float32Array(n), told: false, box: [Infinity, Infinity, -Infinity, -Infinity],
  };
  const lats = new Float64Array(n), lons = new Float64Array(n);
  let at = 0;
  for (const p of pages) {
    let time = Date.parse(p.from), lat = 0, lon = 0;
    for (let i = 0; i < p.fixes; i++, at++) {
      time += p.time[i]!;
      lat += p.lat[i]!;
      lon += p.lon[i]!;
      lats[at] = lat / 1e7;
      lons[at] = lon / 1e7;
      const [x, y] = project(lons[at]!, lats[at]!);
      t.time[at] = time;
      t.x[at] = at ? x + Math.round(t.x[at - 1]! - x) : x;
      t.y[at] = y;
      t.speed[at] = p.speed[i]! / 10;
      t.course[at] = p.course[i]!;
      if (p.speed[i]! >= 0) t.told = true;
      t.box = [Math.min(t.box[0], t.x[at]!), Math.min(t.box[1], y), Math.max(t.box[2], t.x[at]!), Math.max(t.box[3], y)];
    }
  }
  for (let i = 0; i < n; i++) { // of what is not told the way from the fix before
    if (t.speed[i]! >= 0) continue;
    const from = Math.max(0, i - 1), hours = (t.time[i]! - t.time[from]!) / 3600e3;
    t.speed[i] = i && hours > 0 ? Math.min(300, metresApart(lats[from]!, lons[from]!, lats[i]!, lons[i]!) / 1000 / hours) : 0;
  }
  return t;
}

function metresApart(lat0: number, lon0: number, lat1: number, lon1: number): number {
  const h = Math.sin(((lat1 - lat0) * RAD) / 2) ** 2 + Math.cos(lat0 * RAD) * Math.cos(lat1 * RAD) * Math.sin(((lon1 - lon0) * RAD) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The last fix at or before a time; -1: there is none yet. */
export function indexAt(time: Float64Array, at: number): number {
  let low = 0, high = time.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (time[mid]! <= at) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

/** Longer than this nobody knows where it was between two fixes: it stands at the first. */
const KNOWN = 10 * 60e3;

export interface At { x: number; y: number; speed: number; course?: number; index: number }

/** Where the device was at a time: between two fixes on the line between them; undefined before the first. */
export function whereAt(t: Track, at: number): At | undefined {
  const i = indexAt(t.time, at);
  if (i < 0) return undefined;
  const here = { x: t.x[i]!, y: t.y[i]!, speed: t.speed[i]!, course: t.course[i]! < 0 ? undefined : t.course[i]!, index: i };
  const span = i + 1 < t.time.length ? t.time[i + 1]! - t.time[i]! : 0;
  if (!span || span > KNOWN) return here;
  const part = (at - t.time[i]!) / span;
  here.x += (t.x[i + 1]! - here.x) * part;
  here.y += (t.y[i + 1]! - here.y) * part;
  if (here.course === undefined && Math.hypot(t.x[i + 1]! - t.x[i]!, t.y[i + 1]! - t.y[i]!) > 1e-8) {
    here.course = (Math.atan2(t.x[i + 1]! - t.x[i]!, t.y[i]! - t.y[i + 1]!) / RAD + 360) % 360;
  }
  return here;
}

/** From these km/h on the next colour begins. */
export const STEPS = [20, 50, 80, 110] as const;
export const speedClass = (kmh: number) => { let c = 0; while (c < STEPS.length && kmh >= STEPS[c]!) c++; return c; };

/** thin leaves the points out that cannot be told apart: it calls line for each stretch of one colour, in pixels. */
export function thin(t: Track, x: (x: number) => number, y: (y: number) => number, width: number, height: number, line: (colour: number, points: number[]) => void): void {
  const n = t.time.length;
  let run: number[] = [], colour = -1, lastX = 0, lastY = 0, lastIn = false;
  const end = () => { if (run.length >= 4) line(colour, run); run = []; };
  for (let i = 0; i < n; i++) {
    const px = x(t.x[i]!), py = y(t.y[i]!), inside = px > -60 && py > -60 && px < width + 60 && py < height + 60;
    const c = speedClass(t.speed[i]!);
    const near = i > 0 && i < n - 1 && c === colour && Math.abs(px - lastX) < 1.5 && Math.abs(py - lastY) < 1.5;
    if (near) continue;
    if (i > 0 && (inside || lastIn || crosses(lastX, lastY, px, py, width, height))) {
      if (c !== colour || !run.length) { // the stretch to a fix has that fix's colour
        end();
        colour = c;
        run.push(lastX, lastY);
      }
      run.push(px, py);
    } else {
      end();
      colour = c;
    }
    lastX = px;
    lastY = py;
    lastIn = inside;
  }
  end();
}

const crosses = (x0: number, y0: number, x1: number, y1: number, w: number, h: number) =>
  !(Math.max(x0, x1) < 0 || Math.min(x0, x1) > w || Math.max(y0, y1) < 0 || Math.min(y0, y1) > h);
