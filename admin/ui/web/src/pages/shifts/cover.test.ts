import { expect, test } from 'vitest';
import { copies, dayOf, gapsIn, moment, onAt, spansOf, weekOf, type Calendar, type Shift } from './cover';

const zone = 'America/Bogota';
const at = (s: string) => Date.parse(s);
const office: Calendar = { id: 'C', timezone: zone, week: [{ days: ['mon', 'tue'], from: '08:00', to: '17:00' }], holidays: ['2026-11-24'], exceptions: [] };
const night: Calendar = { id: 'N', timezone: zone, week: [{ days: ['mon'], from: '22:00', to: '06:00' }] };
const shift = (calendar: string, from = '2026-11-23', to = '2026-11-29', user = 'U'): Shift => ({ id: `${user}${from}`, user, from, to, calendar });
const week = weekOf('2026-11-25', 1);
const from = moment(week[0]!, 0, zone), to = moment(week[6]!, 1440, zone);

test('a moment is that of the zone, also around a change of the clock', () => {
  expect(moment('2026-11-23', 480, zone)).toBe(at('2026-11-23T13:00:00Z'));
  expect(moment('2026-03-29', 720, 'Europe/Lisbon')).toBe(at('2026-03-29T11:00:00Z'));
  expect(moment('2026-03-28', 720, 'Europe/Lisbon')).toBe(at('2026-03-28T12:00:00Z'));
  expect(dayOf(at('2026-11-23T02:00:00Z'), zone)).toBe('2026-11-22');
});

test('a week begins where the language has it', () => {
  expect(week[0]).toBe('2026-11-23');
  expect(weekOf('2026-11-25', 0)[0]).toBe('2026-11-22');
});

test('working days count, holidays do not', () => {
  expect(spansOf([shift('C')], [office], from, to).map((s) => [s.from, s.to])).toEqual([[at('2026-11-23T13:00:00Z'), at('2026-11-23T22:00:00Z')]]);
});

test('a day with hours of its own has those alone', () => {
  const own = { ...office, exceptions: [{ day: '2026-11-24', from: '10:00', to: '11:00' }] };
  expect(spansOf([shift('C', '2026-11-24', '2026-11-24')], [own], from, to)).toMatchObject([{ from: at('2026-11-24T15:00:00Z'), to: at('2026-11-24T16:00:00Z') }]);
});

test('a night goes on into the next day, and one that began before the week counts', () => {
  const spans = spansOf([shift('N')], [night], from, to);
  expect(spans).toMatchObject([{ from: at('2026-11-24T03:00:00Z'), to: at('2026-11-24T11:00:00Z') }]);
  expect(onAt(spans, at('2026-11-24T10:59:00Z'))).toHaveLength(1);
  expect(onAt(spans, at('2026-11-24T11:00:00Z'))).toHaveLength(0);
  expect(spansOf([shift('N')], [night], at('2026-11-24T05:00:00Z'), at('2026-11-24T06:00:00Z'))).toHaveLength(1);
});

test('gaps are what nobody covers', () => {
  expect(gapsIn([{ from: 2, to: 4 }, { from: 3, to: 6 }, { from: 8, to: 12 }], 0, 10)).toEqual([{ from: 0, to: 2 }, { from: 6, to: 8 }]);
  expect(gapsIn([], 0, 10)).toEqual([{ from: 0, to: 10 }]);
  expect(gapsIn([{ from: 0, to: 10 }], 0, 10)).toEqual([]);
});

test('a week is copied without doubling what is there', () => {
  const long = shift('C', '2026-11-01', '2026-12-31', 'A'), short = shift('C', '2026-11-24', '2026-11-25', 'B');
  expect(copies([long, short], week, 1)).toEqual({ make: [{ user: 'B', calendar: 'C', from: '2026-12-01', to: '2026-12-02' }], there: 1 });
});
