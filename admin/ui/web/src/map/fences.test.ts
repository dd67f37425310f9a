import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { areaOf, blend, within, type Area, type Shape } from './fences';
import { project } from './view';

const area = (shape: Shape): Area => areaOf({ id: 'f', name: 'F', shape } as unknown as Schemas['Fence'])!;
const holds = (a: Area, lon: number, lat: number) => within(a, project(lon, lat));

describe('fences over ±180°', () => {
  const fiji = area({ type: 'Polygon', coordinates: [[[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]], [[179.8, -16.6], [-179.8, -16.6], [-179.8, -16.4], [179.8, -16.4], [179.8, -16.6]]] });
  it('are as broad as they are', () => {
    expect((fiji.box[2] - fiji.box[0]) * 360).toBeCloseTo(2, 9);
  });
  it('hold what lies on both sides, and not the rest of the world', () => {
    for (const lon of [179.5, -179.5, 180.5, -180.5]) expect(holds(fiji, lon, -16.8)).toBe(true);
    for (const lon of [178.9, -178.9, 0, 90, -90]) expect(holds(fiji, lon, -16.8)).toBe(false);
    for (const lon of [179.9, -179.9, 180]) expect(holds(fiji, lon, -16.5)).toBe(false); // the hole
  });
  it('do so from the other side, as circle, corridor and of several parts', () => {
    const west = area({ type: 'Polygon', coordinates: [[[-179, -17], [179, -17], [179, -16], [-179, -16], [-179, -17]]] });
    expect(holds(west, 179.5, -16.5) && holds(west, -179.5, -16.5) && !holds(west, 0, -16.5)).toBe(true);
    const round = area({ type: 'Point', coordinates: [179.99, 0], radius: 5000 });
    expect(holds(round, -179.98, 0)).toBe(true);
    expect(holds(round, 179.9, 0)).toBe(false);
    const road = area({ type: 'LineString', coordinates: [[179.9, 0], [-179.9, 0]], width: 500 });
    expect(holds(road, 180, 0.001) && holds(road, -179.95, 0)).toBe(true);
    expect(holds(road, 0, 0)).toBe(false);
    const parts = area({ type: 'MultiPolygon', coordinates: [[[[179, 0], [180, 0], [180, 1], [179, 1], [179, 0]]], [[[-180, 0], [-179, 0], [-179, 1], [-180, 1], [-180, 0]]]] });
    expect((parts.box[2] - parts.box[0]) * 360).toBeCloseTo(2, 9);
    expect(holds(parts, -179.5, 0.5) && holds(parts, 179.5, 0.5)).toBe(true);
  });
  it('stay where they are elsewhere', () => {
    const bogota = area({ type: 'Polygon', coordinates: [[[-74.1, 4.6], [-74, 4.6], [-74, 4.7], [-74.1, 4.7], [-74.1, 4.6]]] });
    expect(bogota.box[0]).toBeCloseTo(-74.1 / 360 + 0.5, 9);
    expect(holds(bogota, -74.05, 4.65)).toBe(true);
    expect(holds(bogota, -73.9, 4.65)).toBe(false);
  });
});
it('writes names in a colour that can be read', () => {
  expect(blend('#ffff00', '#14202b')).toBe('#8a9016');
  expect(blend('rgb(1,2,3)', '#14202b')).toBe('#14202b');
});
