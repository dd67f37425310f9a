import { expect, it } from 'vitest';
import { APART, cellAt, crowds } from './cluster';
import { project } from './view';

const city = (n: number, lon: number, lat: number) => Array.from({ length: n }, (_, i) => {
  const [x, y] = project(lon + i * 0.001, lat);
  return { x, y };
});

it('shows every point once: in a crowd or alone', () => {
  const points = [...city(40, -74, 4.6), ...city(2, -9.1, 38.7)];
  const got = crowds(points, 3);
  expect(got).toHaveLength(1);
  expect(new Set(got.flatMap((c) => c.members)).size).toBe(40);
});
it('keeps out what must be seen, and lets go near the ground', () => {
  const points = city(5, 2, 48);
  expect(crowds(points, 3, (p) => p === points[0])[0]?.members).toHaveLength(4);
  expect(crowds(points, APART)).toHaveLength(0);
});
it('gathers in the streets only what hides each other', () => {
  const apart = (px: number, zoom: number) => Array.from({ length: 3 }, (_, i) => ({ x: 0.3 + (i * px) / (512 * 2 ** zoom), y: 0.4 }));
  expect(crowds(apart(4, 15), 15)).toHaveLength(1);
  expect(crowds(apart(40, 15), 15)).toHaveLength(0);
});
it('makes one bubble of a town across the border of two cells', () => {
  const size = cellAt(3), edge = Math.ceil(0.3 / size) * size, town = Array.from({ length: 16 }, (_, i) => ({ x: edge + (i - 11.5) * size * 0.01, y: 0.4 }));
  const got = crowds(town, 3);
  expect(got.map((c) => c.members.length)).toEqual([16]);
  const far = town.map((p) => ({ ...p, x: p.x + 0.9 * size }));
  expect(crowds([...town, ...far], 3)).toHaveLength(2);
});
