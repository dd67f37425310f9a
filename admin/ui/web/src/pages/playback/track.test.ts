import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { decode, indexAt, speedClass, thin, whereAt } from './track';

/** A page as the API gives it, of [seconds, lat, lon, km/h]. */
function page(from: string, fixes: [number, number, number, number][]): Schemas['TrackView'] {
  const start = Date.parse(from), out = { device: 'd', name: 'Van', from, to: from, fixes: fixes.length, time: [], lat: [], lon: [], speed: [], course: [] } as unknown as Record<string, number[]>;
  let time = start, lat = 0, lon = 0;
  for (const [s, la, lo, v] of fixes) {
    const at = start + s * 1000, y = Math.round(la * 1e7), x = Math.round(lo * 1e7);
    out.time!.push(at - time);
    out.lat!.push(y - lat);
    out.lon!.push(x - lon);
    out.speed!.push(v < 0 ? -1 : v * 10);
    out.course!.push(-1);
    [time, lat, lon] = [at, y, x];
  }
  return out as unknown as Schemas['TrackView'];
}

const T0 = Date.parse('2026-05-01T00:00:00Z');

describe('track', () => {
  it('joins pages and stays exact', () => {
    const t = decode([page('2026-05-01T00:00:00Z', [[0, 4.7110001, -74.0721, 10], [10, 4.72, -74.07, 20]]), page('2026-05-01T00:01:00Z', [[0, 4.73, -74.06, 30]])]);
    expect([...t.time].map((v) => v - T0)).toEqual([0, 10_000, 60_000]);
    expect(t.x[0]).toBe(-74.0721 / 360 + 0.5);
    expect([...t.speed]).toEqual([10, 20, 30]);
    expect(t.told).toBe(true);
  });
  it('goes on over ±180° the short way, in both directions', () => {
    const east = decode([page('2026-05-01T00:00:00Z', [[0, 0, 179.9, 1], [10, 0, -179.9, 1], [20, 0, 179.95, 1]])]);
    expect(east.x[1]! - east.x[0]!).toBeCloseTo(0.2 / 360, 9);
    expect(east.x[2]! - east.x[0]!).toBeCloseTo(0.05 / 360, 9);
    expect(east.box[2] - east.box[0]).toBeLessThan(0.001);
  });
  it('works a speed out where none is told', () => {
    const t = decode([page('2026-05-01T00:00:00Z', [[0, 0, 0, -1], [36, 0, 0.01, -1], [36, 0, 1, -1]])]);
    expect(t.told).toBe(false);
    expect(t.speed[0]).toBe(0);
    expect(t.speed[1]).toBeCloseTo(111.2, 0); // 1.112 km in a hundredth of an hour
    expect(t.speed[2]).toBe(0); // in no time
  });
  it('finds where a device was', () => {
    const t = decode([page('2026-05-01T00:00:00Z', [[0, 0, 10, 5], [10, 0, 11, 5], [3610, 0, 12, 5]])]);
    expect(indexAt(t.time, T0 - 1)).toBe(-1);
    expect(whereAt(t, T0 - 1)).toBeUndefined();
    expect(whereAt(t, T0 + 5000)!.x).toBeCloseTo(10.5 / 360 + 0.5, 9);
    expect(whereAt(t, T0 + 5000)!.course).toBeCloseTo(90, 6);
    expect(whereAt(t, T0 + 1800e3)!.x).toBeCloseTo(11 / 360 + 0.5, 9); // an hour of silence: not somewhere between
    expect(whereAt(t, T0 + 9e9)!.index).toBe(2);
    expect(whereAt(decode([]), T0)).toBeUndefined();
  });
  it('colours by speed', () => {
    expect([0, 19.9, 20, 79, 110, 300].map(speedClass)).toEqual([0, 0, 1, 2, 4, 4]);
  });
  it('draws a day of a fix a second as few lines that miss nothing', () => {
    const fixes: [number, number, number, number][] = [];
    for (let i = 0; i < 86_400; i++) fixes.push([i, 0.05 * Math.sin(i / 5000), i / 86_400, (i / 600) % 120]);
    const t = decode([page('2026-05-01T00:00:00Z', fixes)]);
    let points = 0, from = Infinity, to = -Infinity;
    thin(t, (x) => (x - 0.5) * 360 * 1000, (y) => (y - 0.5) * 360 * 1000 + 400, 1000, 800, (_, p) => { points += p.length / 2; from = Math.min(from, p[0]!); to = Math.max(to, p[p.length - 2]!); });
    expect(points).toBeLessThan(2500);
    expect(from).toBeCloseTo(0, 6);
    expect(to).toBeGreaterThan(998);
  });
  it('draws a line that only crosses what is seen', () => {
    const t = decode([page('2026-05-01T00:00:00Z', [[0, 0, -10, 5], [10, 0, 10, 5], [20, 0, 11, 90]])]);
    const lines: number[][] = [];
    thin(t, (x) => (x - 0.5) * 360 * 100 + 500, () => 400, 1000, 800, (_, p) => lines.push(p));
    expect(lines).toHaveLength(1);
    expect(lines[0]!.slice(0, 1)[0]).toBeCloseTo(-500, 6);
  });
});
