import { expect, test } from 'vitest';
import { common } from './common';
import { fill } from '.';

test('gaps are filled, numbers in the language of the reader', () => {
  expect(fill('{device} left {fence}', 'en', { device: 'Truck', fence: 'Depot' })).toBe('Truck left Depot');
  expect(fill('{n} fixes', 'es', { n: 12345 })).toBe('12.345 fixes');
  expect(fill('{who} left', 'en')).toBe('{who} left');
});

test('words follow the number', () => {
  const text = '{n} {n|device|devices}';
  expect(fill(text, 'en', { n: 1 })).toBe('1 device');
  expect(fill(text, 'en', { n: 0 })).toBe('0 devices');
  expect(fill('{n|appareil|appareils}', 'fr', { n: 0 })).toBe('appareil');
});

test('every common text is there in four languages with the same gaps', () => {
  for (const [key, words] of Object.entries(common)) {
    expect(words, key).toHaveLength(4);
    const gaps = words.map((w) => (w.match(/\{\w+/g) ?? []).sort().join());
    expect(new Set(gaps).size, key).toBe(1);
    for (const w of words) expect(w.trim(), key).not.toBe('');
  }
});
