import { expect, it, vi } from 'vitest';
import { namer } from './names';
import type { Device } from './world';

it('asks for each once, a hundred at a time', async () => {
  vi.useFakeTimers();
  const asked: string[][] = [], got: Device[] = [];
  const names = namer(async (ids) => { asked.push(ids); return ids.map((id) => ({ id }) as Device); }, (r) => got.push(...r));
  names.want(Array.from({ length: 150 }, (_, i) => `d${i}`));
  names.want(['d1', 'd2']);
  await vi.advanceTimersByTimeAsync(500);
  names.want(['d3']);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked.map((a) => a.length)).toEqual([100, 50]);
  expect(got).toHaveLength(150);
  vi.useRealTimers();
});
