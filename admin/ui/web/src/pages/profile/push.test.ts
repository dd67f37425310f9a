import { expect, test } from 'vitest';
import { bytesOf } from './push';

test('base64url is read without its padding', () => {
  expect([...bytesOf('-_8B')]).toEqual([0xfb, 0xff, 0x01]);
  expect([...bytesOf('AQ')]).toEqual([1]);
});
