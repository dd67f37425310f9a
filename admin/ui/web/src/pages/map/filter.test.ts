import { expect, it } from 'vitest';
import type { Dev } from '@/live/world';
import { listed } from './filter';

const dev = (id: string, o: Partial<Dev> & { customer?: string; labels?: string[] } = {}): Dev => ({
  id, name: id, text: id, state: 'stopped', connected: true, lastEvent: 0, heard: 1, placed: true, trail: [], rank: 0,
  x: 0, y: 0, fromX: 0, fromY: 0, since: 0, record: { id, customer: o.customer, labels: o.labels } as Dev['record'], ...o,
});
const ids = (r: { rows: Dev[] }) => r.rows.map((d) => d.id).join(' ');

it('puts what happened last first, alarms above all, the silent at the end', () => {
  expect(ids(listed([dev('a', { lastEvent: 1 }), dev('b', { lastEvent: 5 }), dev('c', { state: 'alarm' }), dev('e'), dev('d', { heard: 0 })], {}))).toBe('c b a e d');
});
it('counts both states whichever is shown, within the other filters', () => {
  const got = listed([dev('a'), dev('b', { connected: false }), dev('c', { connected: false, customer: 'x' })], { state: 'disconnected' });
  expect(ids(got)).toBe('b c');
  expect(got).toMatchObject({ all: 3, connected: 1, disconnected: 2 });
  expect(listed([dev('a'), dev('c', { connected: false, customer: 'x' })], { customer: 'x' })).toMatchObject({ all: 1, connected: 0, disconnected: 1 });
});
it('finds words in any order, and never shows what has no name', () => {
  const truck = dev('t', { text: 'truck 12 bog-109' });
  expect(ids(listed([truck, dev('u')], { search: '109 TRUCK' }))).toBe('t');
  expect(ids(listed([dev('v', { record: undefined })], {}))).toBe('');
});
