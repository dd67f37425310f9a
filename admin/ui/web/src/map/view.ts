// Web Mercator on the unit square, and what a layer must know to draw on the
// map as it stands.

/** A place on the unit square: x grows eastward, y southward. */
export type Point = readonly [x: number, y: number];

const LIMIT = 85.0511;
const EQUATOR = 40075016.7; // metres round the earth

export function project(lon: number, lat: number): Point {
  const s = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}

export const unproject = ([x, y]: Point): [lon: number, lat: number] =>
  [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];

/** How much of the unit square a metre is at a latitude. */
export const metre = (lat: number) => 1 / (EQUATOR * Math.cos((lat * Math.PI) / 180));

/** The map as it stands: a place p is at ((p.x - x) * scale + width / 2, …). */
export interface Camera {
  x: number;
  y: number;
  /** Pixels of the whole world's width. */
  scale: number;
  zoom: number;
  width: number;
  height: number;
}

/** Where a place stands, on the copy of the world that is nearest to the middle. */
export function toPixel(cam: Camera, x: number, y: number): [number, number] {
  let dx = x - cam.x;
  dx -= Math.round(dx);
  return [dx * cam.scale + cam.width / 2, (y - cam.y) * cam.scale + cam.height / 2];
}

export type Box = [west: number, south: number, east: number, north: number];

/** What the map shows and a margin round it, in degrees; west > east crosses ±180°. */
export function boxOf(cam: Camera, margin = 0): Box {
  const w = (cam.width / cam.scale) * (0.5 + margin), h = (cam.height / cam.scale) * (0.5 + margin);
  const north = unproject([0, Math.max(0, cam.y - h)])[1], south = unproject([0, Math.min(1, cam.y + h)])[1];
  if (w >= 0.5) return [-180, south, 180, north];
  const turn = (x: number) => ((((x - 0.5) * 360 + 180) % 360) + 360) % 360 - 180;
  return [turn(cam.x - w), south, turn(cam.x + w), north];
}

export function inBox([west, south, east, north]: Box, lon: number, lat: number): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}

/** Whether what is looked at still lies well within a box that was asked for with room to spare, and makes good use of it. */
export function holds(asked: Box, now: Box): boolean {
  const breadth = ([w, , e]: Box) => (e - w + 360) % 360 || 360;
  // `now` has half its size to spare on each side: its middle half is what is seen.
  const third = breadth(now) / 4, high = (now[3] - now[1]) / 4;
  const seen: [number, number][] = [[now[0] + third, now[1] + high], [now[2] - third, now[3] - high]];
  const turn = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
  return breadth(asked) < 3 * breadth(now) && seen.every(([lon, lat]) => inBox(asked, breadth(now) >= 360 ? asked[0] : turn(lon), lat));
}

/** The box round places, for showing all of them; undefined without any. West <= east, by the shorter way round. */
export function around(places: Iterable<readonly [lon: number, lat: number]>): Box | undefined {
  const lons: number[] = [];
  let south = 90, north = -90;
  for (const [lon, lat] of places) {
    lons.push(lon >= -180 && lon <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  if (!lons.length) return undefined;
  lons.sort((a, b) => a - b);
  // The widest gap between neighbours is what the box leaves out.
  let gap = 360 - (lons.at(-1)! - lons[0]!), from = 0;
  for (let i = 1; i < lons.length; i++) if (lons[i]! - lons[i - 1]! > gap) [gap, from] = [lons[i]! - lons[i - 1]!, i];
  const west = lons[from]!, east = from ? lons[from - 1]! + 360 : lons.at(-1)!;
  return [west, south, east, north];
}
