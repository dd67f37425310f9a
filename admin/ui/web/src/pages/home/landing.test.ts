import { expect, it } from 'vitest';
import { landing } from './landing';

it('S2-127 begins on the panel with mixed devices, or with none', () => {
  expect(landing('c', false, true)).toBe('/customers/c');
  expect(landing('c', undefined, true)).toBe('/customers/c');
});
it('S2-129 begins on the map where all devices only position', () => {
  expect(landing('c', true, true)).toBe('/map');
  expect(landing('c', true, false)).toBe('/customers/c');
});
