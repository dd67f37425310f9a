import { describe, expect, it } from 'vitest';
import { fromShape, holed, inserted, metres, moved, polygon, removed, shifted, sizeOf, square, toShape, type LL } from './draft';

const yard: LL[] = [[-74, 4], [-73, 4], [-73, 5], [-74, 5]];

describe('draft', () => {
  it('gives closed rings and takes them back', () => {
    const shape = toShape(polygon(yard));
    expect(shape).toEqual({ type: 'Polygon', coordinates: [[[-74, 4], [-73, 4], [-73, 5], [-74, 5], [-74, 4]]] });
    expect(fromShape(shape)).toEqual(polygon(yard));
  });
  it('keeps a circle a point with a radius and a corridor a line with a width', () => {
    expect(toShape({ kind: 'circle', centre: [-74, 4], radius: 250.04 })).toEqual({ type: 'Point', coordinates: [-74, 4], radius: 250 });
    expect(toShape({ kind: 'corridor', path: [[-74, 4], [-73, 4]], width: 100 })).toEqual({ type: 'LineString', coordinates: [[-74, 4], [-73, 4]], width: 100 });
    expect(fromShape({ type: 'LineString', coordinates: [[1, 1], [2, 2]], width: 9 })).toEqual({ kind: 'corridor', path: [[1, 1], [2, 2]], width: 9 });
  });
  it('stays whole over the antimeridian, and is told within ±180', () => {
    const d = fromShape({ type: 'Polygon', coordinates: [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]] });
    expect(d).toEqual(polygon([[179, 0], [181, 0], [181, 1], [179, 1]]));
    expect(toShape(d)).toEqual({ type: 'Polygon', coordinates: [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]] });
  });
  it('moves, adds and takes away points, but leaves an outline three', () => {
    const at = { part: 0, ring: 0, index: 1 };
    expect(moved(polygon(yard), at, [-72, 4])).toEqual(polygon([[-74, 4], [-72, 4], [-73, 5], [-74, 5]]));
    expect(inserted(polygon(yard), at, [-73.5, 3])).toEqual(polygon([[-74, 4], [-73.5, 3], [-73, 4], [-73, 5], [-74, 5]]));
    const three = removed(polygon(yard), at);
    expect(three).toEqual(polygon([[-74, 4], [-73, 5], [-74, 5]]));
    expect(removed(three, at)).toBe(three);
  });
  it('takes a hole only inside, and drops one that has lost its area', () => {
    const hole: LL[] = [[-73.6, 4.4], [-73.4, 4.4], [-73.5, 4.6]];
    const d = holed(polygon(yard), hole)!;
    expect(d).toEqual({ kind: 'area', parts: [[yard, hole]] });
    expect(holed(polygon(yard), [[0, 0], [1, 1], [1, 0]])).toBeUndefined();
    expect(removed(d, { part: 0, ring: 1, index: 0 })).toEqual(polygon(yard));
    expect(sizeOf(d).area!).toBeLessThan(sizeOf(polygon(yard)).area!);
  });
  it('measures on the earth', () => {
    expect(metres([0, 0], [1, 0])).toBeCloseTo(111195, -1);
    expect(sizeOf(square([0, 0], [1, 1])).area! / 1e6).toBeCloseTo(12363, -2);
    expect(sizeOf({ kind: 'corridor', path: [[0, 0], [1, 0], [2, 0]], width: 1 }).length).toBeCloseTo(222390, -2);
    expect(shifted(square([0, 0], [1, 1]), 2, 3)).toEqual(square([2, 3], [3, 4]));
  });
});
