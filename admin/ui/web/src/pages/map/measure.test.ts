import { describe, expect, it } from 'vitest';
import { lengthOf, wording } from './measure';

describe('the measuring tape', () => {
  it('measures along its points, over ±180° too', () => {
    expect(lengthOf([])).toBe(0);
    expect(lengthOf([[0, 0]])).toBe(0);
    expect(lengthOf([[0, 0], [0, 1], [0, 0]])).toBeCloseTo(2 * 111_195, -1);
    expect(lengthOf([[179.5, 0], [180.5, 0]])).toBeCloseTo(111_195, -1);
  });
  it('says it as people do', () => {
    expect([4, 999, 1234, 45_678, 123_456].map((m) => wording(m, 'en'))).toEqual(['4 m', '999 m', '1.23 km', '45.7 km', '123 km']);
    expect(wording(1234, 'es')).toBe('1,23 km');
  });
});
