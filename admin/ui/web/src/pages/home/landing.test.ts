import { expect, it } from 'vitest';
import { landing } from './landing';

const types = [{ id: 'phone', positioningOnly: true }, { id: 'gt06', positioningOnly: false }];

it('S2-127 begins on the panel with mixed devices, or with none', () => {
  expect(landing('c', [{ type: 'phone' }, { type: 'gt06' }], types, true)).toBe('/customers/c');
  expect(landing('c', [{ type: 'phone' }, {}], types, true)).toBe('/customers/c');
  expect(landing('c', [], types, true)).toBe('/customers/c');
});
it('S2-129 begins on the map where all devices only position', () => {
  expect(landing('c', [{ type: 'phone' }, { type: 'phone' }], types, true)).toBe('/map');
  expect(landing('c', [{ type: 'phone' }], types, false)).toBe('/customers/c');
});
