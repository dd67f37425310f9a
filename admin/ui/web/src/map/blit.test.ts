import { expect, it } from 'vitest';
import { over, pointsOf, stamp } from './blit';

const red = 0xff0000ff, half = 0x800000ff, blue = 0xffff0000;

it('copies what covers, mixes what lets through, and leaves the rest', () => {
  const picture = new Uint32Array(16).fill(blue); // 4 × 4
  stamp(picture, pointsOf(Uint32Array.from([red, half, 0, red]), 2, 4), 5);
  expect(picture[5]).toBe(red);
  expect(picture[6]).toBe(0xff7f0080); // half of each, and nothing shines through
  expect(picture[9]).toBe(blue);
  expect(picture[10]).toBe(red);
  expect(picture.filter((ink) => ink === blue)).toHaveLength(13);
});
it('mixes inks of which neither covers', () => {
  expect(over(half, 0)).toBe(half);
  expect(over(red, half)).toBe(red);
  const mixed = over(half, 0x80ff0000);
  expect(mixed >>> 24).toBe(192);
  expect(mixed & 255).toBeGreaterThan((mixed >>> 16) & 255); // the upper one counts for more
});
