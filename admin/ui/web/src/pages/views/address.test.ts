import { expect, test } from 'vitest';
import { addressOf, viewOf } from './address';

test('a view opens where it says, with its filters', () => {
  expect(addressOf({})).toBe('/map');
  expect(addressOf({ screen: 'map', filter: { state: 'connected', owner: 'C1', labels: ['cold'] } })).toBe('/map?state=connected&customer=C1&tag=cold');
  expect(addressOf({ screen: 'devices', filter: { search: 'truck' } })).toBe('/devices?search=truck');
  expect(addressOf({ screen: 'panel' }, 'C2')).toBe('/customers/C2');
  expect(addressOf({ screen: 'panel' })).toBe('/customers');
});

test('a list is kept as it stands, and opens so again', () => {
  const asked = { search: 'cargo', tag: 'cold', sort: '-devices' };
  const kept = viewOf('customers', asked, ['name', 'devices']);
  expect(kept).toEqual({ screen: 'customers', filter: { search: 'cargo', tag: 'cold' }, sort: '-devices', columns: ['name', 'devices'] });
  expect(addressOf(kept)).toBe('/customers?search=cargo&tag=cold&sort=-devices&columns=name.devices');
  expect(addressOf(viewOf('devices', { owner: 'C1', label: 'L1' }))).toBe('/devices?owner=C1&label=L1');
  expect(addressOf(viewOf('customers', { device: 'x' }))).toBe('/customers');
});

test('a map opens on its part of the world, with its layers', () => {
  expect(addressOf({ extent: [-74.3, 4.4, -73.9, 4.9], layers: ['devices', 'markers'] })).toBe('/map?bbox=-74.3_4.4_-73.9_4.9&layers=devices.markers');
});
