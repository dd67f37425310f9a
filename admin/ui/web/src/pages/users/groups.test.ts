import { expect, test } from 'vitest';
import { added, sameSet } from './groups';

test('what is added, and when nothing changed', () => {
  expect(added(['a', 'b'], ['b', 'c'])).toEqual(['c']);
  expect(sameSet(['a', 'b'], ['b', 'a'])).toBe(true);
  expect(sameSet(['a'], ['b'])).toBe(false);
  expect(sameSet([], ['b'])).toBe(false);
});
