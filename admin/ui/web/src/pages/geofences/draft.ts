// A fence while it is drawn: points that can be moved, added and taken away,
// and how they become the shape that the API takes.
import type { Shape } from '@/map';

/** Degrees. While it is drawn a longitude may go on over ±180, so that neighbours stay neighbours. */
export type LL = readonly [lon: number, lat: number];

export type Draft =
  | { kind: 'area'; parts: LL[][][] } // polygons, of rings (the first is the outline, the rest are holes), of points; not closed
  | { kind: 'circle'; centre: LL; radius: number }
  | { kind: 'corridor'; path: LL[]; width: number };

/** A point of a draft: of which polygon, ring and place; a circle has its centre and 'radius'. */
export interface Ref { part: number; ring: number; index: number }

const EARTH = 6371008.8, RAD = Math.PI / 180;

/** Metres between two places. */
export function metres(a: LL, b: LL): number {
  const dLat = (b[1] - a[1]) * RAD, dLon = (b[0] - a[0]) * RAD;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The place so many metres east. */
export const eastOf = ([lon, lat]: LL, m: number): LL => [lon + m / (EARTH * RAD * Math.max(0.01, Math.cos(lat * RAD))), lat];

/** A longitude on the turn that is nearest to another one. */
export const beside = ([lon, lat]: LL, to: LL | undefined): LL => (to ? [lon + 360 * Math.round((to[0] - lon) / 360), lat] : [lon, lat]);

const turn = (lon: number) => { const l = ((((lon + 180) % 360) + 360) % 360) - 180; return l === -180 && lon > 0 ? 180 : l; };
const seven = (v: number) => Math.round(v * 1e7) / 1e7;
const place = ([lon, lat]: LL) => [seven(turn(lon)), seven(lat)];

export const square = (a: LL, b: LL): Draft => ({ kind: 'area', parts: [[[a, [b[0], a[1]], b, [a[0], b[1]]]]] });
export const polygon = (points: LL[]): Draft => ({ kind: 'area', parts: [[points]] });

/** What the API takes: closed rings, longitudes within ±180. */
export function toShape(d: Draft): Shape {
  if (d.kind === 'circle') return { type: 'Point', coordinates: place(d.centre), radius: Math.round(d.radius * 10) / 10 };
  if (d.kind === 'corridor') return { type: 'LineString', coordinates: d.path.map(place), width: Math.round(d.width * 10) / 10 };
  const parts = d.parts.map((rings) => rings.map((r) => [...r, r[0]!].map(place)));
  return parts.length === 1 ? { type: 'Polygon', coordinates: parts[0]! } : { type: 'MultiPolygon', coordinates: parts };
}

export function fromShape(s: Shape): Draft {
  const whole = (points: number[][], open: boolean): LL[] => {
    const out: LL[] = [];
    for (const p of points) out.push(beside([p[0]!, p[1]!], out.at(-1)));
    const [first, last] = [points[0], points.at(-1)];
    if (open && out.length > 1 && first![0] === last![0] && first![1] === last![1]) out.pop();
    return out;
  };
  if (s.type === 'Point') return { kind: 'circle', centre: [s.coordinates[0]!, s.coordinates[1]!], radius: s.radius };
  if (s.type === 'LineString') return { kind: 'corridor', path: whole(s.coordinates, false), width: s.width };
  return { kind: 'area', parts: (s.type === 'Polygon' ? [s.coordinates] : s.coordinates).map((rings) => rings.map((r) => whole(r, true))) };
}

/** Rings, or the one path, with where they stand. */
export function rings(d: Draft): { part: number; ring: number; points: LL[]; closed: boolean }[] {
  if (d.kind === 'circle') return [];
  if (d.kind === 'corridor') return [{ part: 0, ring: 0, points: d.path, closed: false }];
  return d.parts.flatMap((rs, part) => rs.map((points, ring) => ({ part, ring, points, closed: true })));
}

export const first = (d: Draft): LL => (d.kind === 'circle' ? d.centre : rings(d)[0]!.points[0]!);

function withRing(d: Draft, r: Omit<Ref, 'index'>, change: (points: LL[]) => LL[]): Draft {
  if (d.kind === 'corridor') return { ...d, path: change(d.path) };
  if (d.kind === 'circle') return d;
  return { ...d, parts: d.parts.map((rs, p) => (p === r.part ? rs.map((points, i) => (i === r.ring ? change(points) : points)) : rs)) };
}

export const moved = (d: Draft, r: Ref, to: LL): Draft => withRing(d, r, (ps) => ps.map((p, i) => (i === r.index ? to : p)));
export const inserted = (d: Draft, r: Ref, at: LL): Draft => withRing(d, r, (ps) => [...ps.slice(0, r.index), at, ...ps.slice(r.index)]);

/** Without a point; a hole that is no longer one goes, an outline keeps three points and a path two. */
export function removed(d: Draft, r: Ref): Draft {
  if (d.kind === 'circle') return d;
  const points = d.kind === 'corridor' ? d.path : d.parts[r.part]![r.ring]!;
  if (points.length > (d.kind === 'corridor' ? 2 : 3)) return withRing(d, r, (ps) => ps.filter((_, i) => i !== r.index));
  if (d.kind === 'area' && r.ring > 0) return { ...d, parts: d.parts.map((rs, p) => (p === r.part ? rs.filter((_, i) => i !== r.ring) : rs)) };
  return d;
}

/** All of it, moved by degrees, kept on the earth. */
export function shifted(d: Draft, lon: number, lat: number): Draft {
  const all = d.kind === 'circle' ? [d.centre] : rings(d).flatMap((r) => r.points);
  const lats = all.map((p) => p[1]);
  const by = Math.max(-85 - Math.min(...lats, -85), Math.min(lat, 85 - Math.max(...lats)));
  const go = (p: LL): LL => [p[0] + lon, p[1] + (Math.min(...lats) < -85 ? lat : by)];
  if (d.kind === 'circle') return { ...d, centre: go(d.centre) };
  if (d.kind === 'corridor') return { ...d, path: d.path.map(go) };
  return { ...d, parts: d.parts.map((rs) => rs.map((r) => r.map(go))) };
}

/** With a hole in the polygon that holds its first point; undefined where none does. */
export function holed(d: Draft, hole: LL[]): Draft | undefined {
  if (d.kind !== 'area') return undefined;
  const at = d.parts.findIndex((rs) => inRing(beside(hole[0]!, rs[0]![0]), rs[0]!));
  if (at < 0) return undefined;
  return { ...d, parts: d.parts.map((rs, i) => (i === at ? [...rs, hole.map((p) => beside(p, rs[0]![0]))] : rs)) };
}

export function inRing([x, y]: LL, ring: readonly LL[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!, [xj, yj] = ring[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** How large it is: square metres of an area, metres of a path's length. */
export function sizeOf(d: Draft): { area?: number; length?: number; points: number } {
  if (d.kind === 'circle') return { area: Math.PI * d.radius ** 2, points: 1 };
  if (d.kind === 'corridor') return { length: d.path.slice(1).reduce((sum, p, i) => sum + metres(d.path[i]!, p), 0), points: d.path.length };
  const ring = (ps: LL[]) => Math.abs(ps.reduce((sum, p, i) => {
    const q = ps[(i + 1) % ps.length]!;
    return sum + (q[0] - p[0]) * RAD * (2 + Math.sin(p[1] * RAD) + Math.sin(q[1] * RAD));
  }, 0)) * EARTH * EARTH / 2;
  return {
    area: d.parts.reduce((sum, [outline, ...holes]) => sum + ring(outline!) - holes.reduce((s, h) => s + ring(h), 0), 0),
    points: rings(d).reduce((n, r) => n + r.points.length, 0),
  };
}
