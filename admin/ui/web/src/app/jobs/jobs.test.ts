import { expect, test } from 'vitest';
import { fresh, pace, toneOf, type Job } from './jobs';

const job = (state: Job['state'], finished?: string, downloaded?: string) => ({ state, finished, downloaded }) as Job;

test('a job is orange until it ended', () => {
  expect((['pending', 'running', 'done', 'failed'] as const).map((state) => toneOf({ state }))).toEqual(['orange', 'orange', 'green', 'red']);
});

test('open jobs are asked for often, ended ones now and then', () => {
  expect(pace([job('done'), job('running')])).toBeLessThan(5000);
  expect(pace([job('done')])).toBeGreaterThan(30_000);
  expect(pace(undefined)).toBeGreaterThan(30_000);
});

test('new is what ended since the panel was last open and nobody downloaded', () => {
  const seen = '2026-11-21T14:00:00.000Z', later = '2026-11-21T14:03:00.000Z';
  expect(fresh([job('done', later), job('done', seen), job('done', later, later), job('pending')], seen)).toHaveLength(1);
});
