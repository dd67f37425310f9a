import { describe, expect, it } from 'vitest';
import { placeAt, spanOf, type Visit } from './data';

const visit = (name: string, from: string, to: string): Visit => ({ name, in: from, out: to, seconds: (Date.parse(to) - Date.parse(from)) / 1000 }) as Visit;

describe('spans of a playback', () => {
  it('reach from midnight to midnight by the reader’s clock', () => {
    const s = spanOf('2026-05-01', '2026-05-01', Date.parse('2026-06-01T00:00:00Z'));
    expect(new Date(s.from).getHours()).toBe(0);
    expect(Date.parse(s.to) - Date.parse(s.from)).toBe(86_400_000);
    expect(spanOf('2026-05-03', '2026-05-01', Date.parse('2026-06-01T00:00:00Z'))).toEqual(spanOf('2026-05-03', '2026-05-03', Date.parse('2026-06-01T00:00:00Z')));
  });
  it('end now on a day that is not over, and keep still within a minute', () => {
    const at = new Date('2026-05-01T12:00:10').getTime();
    expect(Date.parse(spanOf('2026-05-01', '2026-05-01', at).to)).toBe(new Date('2026-05-01T12:01').getTime());
    expect(spanOf('2026-05-01', '2026-05-01', at)).toEqual(spanOf('2026-05-01', '2026-05-01', at + 40_000));
    expect(Date.parse(spanOf('2026-05-09', '2026-05-09', at).to)).toBeGreaterThan(Date.parse(spanOf('2026-05-09', '2026-05-09', at).from));
  });
  it('name the smallest fence of a time', () => {
    const all = [visit('City', '2026-05-01T08:00:00Z', '2026-05-01T18:00:00Z'), visit('Depot', '2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z')];
    expect(placeAt(all, '2026-05-01T10:30:00Z')).toBe('Depot');
    expect(placeAt(all, '2026-05-01T12:30:00Z')).toBe('City');
    expect(placeAt(all, '2026-05-01T20:30:00Z')).toBeUndefined();
  });
});
