import { expect, test } from 'vitest';
import { coordinates } from './places';

test('coordinates are read as people write them', () => {
  expect(coordinates('4.65, -74.09')).toMatchObject({ lat: 4.65, lon: -74.09 });
  expect(coordinates(' -33.4;-70.6 ')).toMatchObject({ lat: -33.4, lon: -70.6 });
  expect(coordinates('4,65 -74,09')).toMatchObject({ lat: 4.65, lon: -74.09 });
});

test('names and places outside of the world are none', () => {
  for (const text of ['Bogotá', '', '95, 10', '10, 190', '12']) expect(coordinates(text)).toBeUndefined();
});
