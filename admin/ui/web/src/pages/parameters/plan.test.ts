import { expect, test } from 'vitest';
import type { Schemas } from '@/api/client';
import { bodyOf, valuesOf } from './plan';

test('a plan comes out of its form as it went in', () => {
  const plan = { id: 'P1', name: 'Fleet 50', trialDays: 30, lockedOnceAssigned: true, modules: ['map'], regions: ['CO'], connections: ['mqtt'], limits: { devices: 50 }, prices: { currency: 'USD', base: 1999, sms: 5 } } as unknown as Schemas['Plan'];
  const values = valuesOf(plan, 'C1');
  expect(values.prices).toMatchObject({ base: 19.99, device: '', sms: 0.05 });
  expect(bodyOf(values, plan)).toMatchObject({ name: 'Fleet 50', trialDays: 30, limits: { devices: 50 }, prices: { currency: 'USD', base: 1999, sms: 5 } });
});

test('what is not filled in is absent', () => {
  expect(bodyOf({ ...valuesOf(undefined, 'C1'), name: ' Basic ' })).toEqual({ name: 'Basic', note: undefined, trialDays: 0, lockedOnceAssigned: false, closed: false, modules: [], regions: [], connections: [], limits: {}, prices: {}, owner: 'C1' });
});
