import { expect, test } from 'vitest';
import { headersOf, samples } from './samples';

test('headers are read one a line', () => {
  expect(headersOf('Authorization: App a:b\n\n X-Key : 1 ')).toEqual({ Authorization: 'App a:b', 'X-Key': '1' });
});

test('nothing, or a header without a value, leaves what is stored', () => {
  expect(headersOf('')).toBeUndefined();
  expect(headersOf('Authorization: ')).toBeUndefined();
});

test('every channel has a sample', () => {
  expect(new Set(samples.map((s) => s.channel))).toEqual(new Set(['email', 'sms', 'push']));
});
