import { expect, test } from 'vitest';
import { online } from './online';

const at = '2026-01-01T00:00:00.000Z', then = Date.parse(at);

test('silence within what is allowed is connected', () => {
  expect(online(0, at, then + 599_000)).toBe(true);
  expect(online(0, at, then + 601_000)).toBe(false);
  expect(online(3_600_000, at, then + 601_000)).toBe(true);
  expect(online(-1, at, then + 1e12)).toBe(true);
  expect(online(-1, undefined, then)).toBe(false);
});
