// When who works: from shifts and their calendars to stretches of time, and
// what of a week nobody covers. Times are milliseconds; days are dates of a
// zone, written 2026-11-22.
import type { Schemas } from '@/api/client';

export type Shift = Pick<Schemas['Shift'], 'id' | 'user' | 'from' | 'to' | 'calendar'>;
export type Calendar = Pick<Schemas['Calendar'], 'id' | 'timezone' | 'week' | 'holidays' | 'exceptions'>;
export interface Span { from: number; to: number; user: string; shift: string }

const DAY = 86_400_000, MINUTE = 60_000;
const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const formats = new Map<string, Intl.DateTimeFormat>();
/** offset is how far a zone's clock is ahead of UTC at a moment. */
function offset(at: number, zone: string): number {
  let f = formats.get(zone);
  if (!f) formats.set(zone, (f = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })));
  const p = Object.fromEntries(f.formatToParts(at).map((x) => [x.type, Number(x.value)])) as Record<string, number>;
  return Date.UTC(p.year!, p.month! - 1, p.day!, p.hour!, p.minute!, p.second!) - Math.floor(at / 1000) * 1000;
}

/** moment is when a zone's clock shows so many minutes of a day; more than 1440 is the next one. */
export function moment(day: string, minute: number, zone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE;
  const guess = wall - offset(wall, zone);
  return wall - offset(guess, zone); // around a change of the clock the first guess is off
}

export const dayOf = (at: number, zone: string) => new Date(at + offset(at, zone)).toISOString().slice(0, 10);
export const plus = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** mondayOf is the first day of the week of a day; first 0: Sunday, 1: Monday. */
export function weekOf(day: string, first: 0 | 1): string[] {
  const back = (new Date(`${day}T00:00:00Z`).getUTCDay() - first + 7) % 7;
  return Array.from({ length: 7 }, (_, i) => plus(day, i - back));
}

const minutes = (s: string) => Number(s.slice(0, 2)) * 60 + Number(s.slice(3, 5));

/** hoursOn are a calendar's stretches that begin on a day, in minutes of it. */
function hoursOn(c: Calendar, day: string): [number, number][] {
  const own = (c.exceptions ?? []).filter((e) => e.day === day);
  if (own.length) return own.map((e) => [minutes(e.from), minutes(e.to)]);
  if (c.holidays?.includes(day)) return [];
  const name = names[new Date(`${day}T00:00:00Z`).getUTCDay()]!;
  return (c.week ?? []).filter((w) => w.days?.includes(name)).map((w) => {
    const from = minutes(w.from), to = minutes(w.to);
    return [from, to > from ? to : to + 1440]; // into the next day
  });
}

/** spansOf is when people work in a stretch of time, by its shifts. */
export function spansOf(shifts: Shift[], calendars: Calendar[], from: number, to: number): Span[] {
  const by = new Map(calendars.map((c) => [c.id, c]));
  const out: Span[] = [];
  for (const s of shifts) {
    const c = by.get(s.calendar);
    if (!c) continue;
    const last = dayOf(to, c.timezone);
    for (let day = plus(dayOf(from, c.timezone), -1); day <= last; day = plus(day, 1)) {
      if (day < s.from || day > s.to) continue;
      for (const [a, b] of hoursOn(c, day)) {
        const span = { from: moment(day, a, c.timezone), to: moment(day, b, c.timezone), user: s.user, shift: s.id! };
        if (span.to > from && span.from < to) out.push(span);
      }
    }
  }
  return out.sort((a, b) => a.from - b.from);
}

/** gapsIn are the stretches that no span covers. */
export function gapsIn(spans: Pick<Span, 'from' | 'to'>[], from: number, to: number): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let covered = from;
  for (const s of [...spans].sort((a, b) => a.from - b.from)) {
    if (s.from > covered && covered < to) gaps.push({ from: covered, to: Math.min(s.from, to) });
    covered = Math.max(covered, s.to);
  }
  if (covered < to) gaps.push({ from: covered, to });
  return gaps;
}

export const onAt = (spans: Span[], at: number) => spans.filter((s) => s.from <= at && at < s.to);

/** copies are the shifts of a week again some weeks later, and how many were left out because the person has one there. */
export function copies(shifts: Shift[], week: string[], weeks: number): { make: Omit<Shift, 'id'>[]; there: number } {
  const [first, last] = [week[0]!, week[6]!];
  const make: Omit<Shift, 'id'>[] = [];
  let there = 0;
  for (const s of shifts) {
    if (s.from > last || s.to < first) continue;
    const from = plus(s.from < first ? first : s.from, 7 * weeks), to = plus(s.to > last ? last : s.to, 7 * weeks);
    const taken = [...shifts, ...make].some((o) => o.user === s.user && o.from <= to && o.to >= from);
    if (taken) there++;
    else make.push({ user: s.user, calendar: s.calendar, from, to });
  }
  return { make, there };
}
