import { describe, expect, it } from 'vitest';
import { around, boxOf, holds, inBox, project, toPixel, unproject, type Camera } from './view';

const cam = (lon: number, lat: number, zoom: number): Camera => {
  const [x, y] = project(lon, lat);
  return { x, y, zoom, scale: 512 * 2 ** zoom, width: 800, height: 600 };
};

describe('view', () => {
  it('projects there and back', () => {
    for (const p of [[0, 0], [-74.07, 4.71], [179.9, -70]] as const) {
      const [lon, lat] = unproject(project(p[0], p[1]));
      expect(lon).toBeCloseTo(p[0], 9);
      expect(lat).toBeCloseTo(p[1], 9);
    }
  });
  it('shows what lies over the antimeridian on the near side', () => {
    const c = cam(179.9, 0, 6), [x, y] = project(-179.9, 0);
    expect(toPixel(c, x, y)[0]).toBeGreaterThan(400);
    expect(toPixel(c, x, y)[0]).toBeLessThan(800);
    const box = boxOf(c);
    expect(box[0]).toBeGreaterThan(box[2]);
    expect(inBox(box, -179.9, 0)).toBe(true);
    expect(inBox(box, 0, 0)).toBe(false);
  });
  it('puts the smallest box round places, over the antimeridian too', () => {
    expect(around([])).toBeUndefined();
    expect(around([[-74, 4], [-9, 38]])).toEqual([-74, 4, -9, 38]);
    const fiji = around([[178, -18], [-179, -17]])!;
    expect(fiji).toEqual([178, -18, 181, -17]);
  });
  it('asks anew only when the view leaves the box or makes little of it', () => {
    const asked = boxOf(cam(-74, 4.6, 10), 0.5);
    expect(holds(asked, boxOf(cam(-74, 4.6, 10), 0.5))).toBe(true);
    expect(holds(asked, boxOf(cam(-73.9, 4.6, 10.2), 0.5))).toBe(true);
    expect(holds(asked, boxOf(cam(-72, 4.6, 10), 0.5))).toBe(false);
    expect(holds(asked, boxOf(cam(-74, 4.6, 13), 0.5))).toBe(false);
    expect(holds(asked, boxOf(cam(-74, 4.6, 5), 0.5))).toBe(false);
  });
});
