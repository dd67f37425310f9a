import { expect, test } from 'vitest';
import { levelsOf } from './topic';

test('a topic is taken apart as the connection reads it', () => {
  expect(levelsOf('fleet/north/truck-12/position', 'vigiajson', 3, 2)).toEqual([{ text: 'fleet' }, { text: 'north', is: 'sub' }, { text: 'truck-12', is: 'device' }, { text: 'position' }]);
  expect(levelsOf('vigia/truck-1/position', '', '', '')).toEqual([{ text: 'vigia' }, { text: 'truck-1', is: 'device' }, { text: 'position' }]);
  expect(levelsOf('owntracks/ana/phone', 'owntracks', undefined, undefined).map((l) => l.is)).toEqual([undefined, undefined, 'device']);
});
