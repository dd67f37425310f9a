// Fences in their colours with their names, and what lies in them.
import type { Schemas } from '@/api/client';
import type { Hit, Layer } from './overlay';
import { FONT, type Palette } from './palette';
import { metre, project, toPixel, type Camera, type Point } from './view';

/** A shape as the API gives it: GeoJSON, a circle being a Point with a radius, a corridor a LineString with a width. */
export type Shape =
  | { type: 'Point'; coordinates: number[]; radius: number }
  | { type: 'LineString'; coordinates: number[][]; width: number }
  | { type: 'Polygon'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] };

/** A fence made ready for drawing and for asking what lies in it. */
export interface Area {
  id: string;
  name: string;
  colour?: string;
  paused?: boolean;
  fence: Schemas['Fence'];
  rings: Point[][]; // of polygons
  line?: Point[];
  /** On the unit square: of a circle its radius, of a corridor half its breadth. */
  reach: number;
  box: [x0: number, y0: number, x1: number, y1: number];
}

export function areaOf(f: Schemas['Fence']): Area | undefined {
  const s = f.shape as unknown as Shape | undefined;
  if (!s) return undefined;
  // Over ±180° the shape goes on, so that its points stay neighbours.
  let last: number | undefined;
  const at = (c: number[]): Point => {
    const [x, y] = project(c[0]!, c[1]!), on = last === undefined ? x : x + Math.round(last - x);
    last = on;
    return [on, y];
  };
  let rings: Point[][] = [], line: Point[] | undefined, reach = 0;
  if (s.type === 'Point') {
    line = [at(s.coordinates)];
    reach = s.radius * metre(s.coordinates[1]!);
  } else if (s.type === 'LineString') {
    line = s.coordinates.map(at);
    reach = s.width * metre(s.coordinates[0]![1]!);
  } else if (s.type === 'Polygon' || s.type === 'MultiPolygon') {
    rings = (s.type === 'Polygon' ? [s.coordinates] : s.coordinates).flat().map((r) => r.map(at));
  } else {
    return undefined;
  }
  const all = line ?? rings.flat(), xs = all.map((p) => p[0]), ys = all.map((p) => p[1]);
  const low = (v: number[]) => v.reduce((a, b) => Math.min(a, b)), high = (v: number[]) => v.reduce((a, b) => Math.max(a, b));
  return {
    id: f.id, name: f.name, colour: f.colour, paused: f.paused, fence: f, rings, line, reach,
    box: [low(xs) - reach, low(ys) - reach, high(xs) + reach, high(ys) + reach],
  };
}

/** Whether a place lies in a fence, as the map shows it, on any copy of the world. The engine's own word counts for events. */
export function within(a: Area, [px, y]: Point): boolean {
  const x = px + Math.round((a.box[0] + a.box[2]) / 2 - px);
  if (x < a.box[0] || x > a.box[2] || y < a.box[1] || y > a.box[3]) return false;
  if (a.line) return a.line.some((p, i) => far(x, y, a.line![Math.max(0, i - 1)]!, p) <= a.reach);
  let inside = false;
  for (const ring of a.rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!, [xj, yj] = ring[j]!;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

function far(x: number, y: number, [x0, y0]: Point, [x1, y1]: Point): number {
  const dx = x1 - x0, dy = y1 - y0, l = dx * dx + dy * dy;
  const t = l ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / l)) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/** A colour half way to that of letters, so that it can be read on any map; both #rrggbb. */
export function blend(colour: string, ink: string): string {
  const part = (c: string, i: number) => parseInt(c.slice(i, i + 2), 16);
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return ink;
  return '#' + [1, 3, 5].map((i) => Math.round((part(colour, i) + part(ink, i)) / 2).toString(16).padStart(2, '0')).join('');
}

const reach = (a: Area) => a.box[2] - a.box[0];

export class FenceLayer implements Layer {
  areas: readonly Area[] = [];
  selected = '';

  constructor(public colours: Palette) {}

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    const names: [Area, number, number][] = [];
    for (const a of this.areas) {
      const [px, py] = toPixel(cam, (a.box[0] + a.box[2]) / 2, (a.box[1] + a.box[3]) / 2);
      const w = ((a.box[2] - a.box[0]) / 2) * cam.scale, h = ((a.box[3] - a.box[1]) / 2) * cam.scale;
      if (px + w < 0 || py + h < 0 || px - w > cam.width || py - h > cam.height) continue;
      this.shape(g, cam, a, px, py, Math.max(w, h) < 2);
      if (w > 23 && h < cam.height) names.push([a, px, py - h - 6]);
    }
    g.font = `600 11.5px ${FONT}`;
    g.textAlign = 'center';
    g.textBaseline = 'alphabetic';
    g.lineWidth = 3.2;
    g.lineJoin = 'round';
    g.strokeStyle = this.colours.halo;
    // Names of fences that lie in each other do not hide each other: the chosen one's stands, then those of the small.
    names.sort((a, b) => Number(b[0].id === this.selected) - Number(a[0].id === this.selected) || reach(a[0]) - reach(b[0]));
    const taken: [number, number, number][] = [];
    for (const [a, px, top] of names.slice(0, 300)) {
      const half = g.measureText(a.name).width / 2 + 3, low = top + (a.box[3] - a.box[1]) * cam.scale + 21;
      const free = (y: number) => !taken.some(([x2, y2, h2]) => Math.abs(x2 - px) < h2 + half && Math.abs(y2 - y) < 14);
      const py = free(top) ? top : free(low) ? low : undefined;
      if (py === undefined) continue;
      taken.push([px, py, half]);
      g.fillStyle = blend(a.colour || this.colours.accent, this.colours.ink);
      g.strokeText(a.name, px, py);
      g.fillText(a.name, px, py);
    }
  }

  hit(x: number, y: number, cam: Camera): Hit | undefined {
    const at: Point = [cam.x + (x - cam.width / 2) / cam.scale, cam.y + (y - cam.height / 2) / cam.scale];
    let best: Area | undefined;
    const size = (a: Area) => (a.box[2] - a.box[0]) * (a.box[3] - a.box[1]);
    for (const a of this.areas) if (within(a, at) && (!best || size(a) < size(best))) best = a;
    return best && { layer: this, id: best.id, kind: 'fence', far: 12 };
  }

  private shape(g: CanvasRenderingContext2D, cam: Camera, a: Area, px: number, py: number, tiny: boolean) {
    const colour = a.colour || this.colours.accent, chosen = a.id === this.selected;
    g.strokeStyle = g.fillStyle = colour;
    g.lineWidth = chosen ? 3 : 1.6;
    if (tiny) {
      g.fillRect(px - 1.5, py - 1.5, 3, 3);
      return;
    }
    g.setLineDash(a.paused ? [5, 5] : []);
    // All of a fence stands on the copy of the world on which its middle does.
    const mx = (a.box[0] + a.box[2]) / 2, my = (a.box[1] + a.box[3]) / 2;
    const to = (p: Point): [number, number] => [px + (p[0] - mx) * cam.scale, py + (p[1] - my) * cam.scale];
    g.beginPath();
    if (a.line?.length === 1) {
      g.arc(...to(a.line[0]!), a.reach * cam.scale, 0, 7);
    } else {
      for (const ring of a.line ? [a.line] : a.rings) {
        ring.forEach((p, i) => (i ? g.lineTo(...to(p)) : g.moveTo(...to(p))));
        if (!a.line) g.closePath();
      }
    }
    g.globalAlpha = chosen ? 0.28 : 0.15;
    if (a.line && a.line.length > 1) {
      const line = g.lineWidth;
      g.lineCap = g.lineJoin = 'round';
      g.lineWidth = Math.max(2, 2 * a.reach * cam.scale);
      g.stroke();
      g.lineWidth = line;
    } else {
      g.fill('evenodd');
    }
    g.globalAlpha = 0.95;
    g.stroke();
    g.setLineDash([]);
    g.globalAlpha = 1;
  }
}
