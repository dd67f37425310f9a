import { expect, test } from 'vitest';
import { addressOf } from './address';

test('a view opens where it says, with its filters', () => {
  expect(addressOf({})).toBe('/map');
  expect(addressOf({ screen: 'map', filter: { state: 'connected', owner: 'C1', labels: ['cold'] } })).toBe('/map?state=connected&customer=C1&tag=cold');
  expect(addressOf({ screen: 'devices', filter: { search: 'truck' } })).toBe('/devices?search=truck');
  expect(addressOf({ screen: 'panel' }, 'C2')).toBe('/customers/C2');
  expect(addressOf({ screen: 'panel' })).toBe('/customers');
});
