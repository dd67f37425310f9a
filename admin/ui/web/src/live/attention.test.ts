import { describe, expect, it } from 'vitest';
import { byUrgency, ringing, severityOf } from './attention';
import type { Alarm } from './world';

const alarm = (of: Partial<Alarm>): Alarm => ({ id: 'a', device: 'd', kind: 'alarm', critical: false, state: 'active_unack', opened: '2026-01-01T00:00:00Z', ...of }) as Alarm;

describe('attention', () => {
  it('puts the gravest first, then the oldest, and closed ones last', () => {
    const list = [
      alarm({ id: 'off', kind: 'offline', opened: '2025-01-01T00:00:00Z' }),
      alarm({ id: 'old', state: 'closed', closed: '2026-02-01T00:00:00Z', critical: true }),
      alarm({ id: 'low', opened: '2026-01-01T00:00:00Z' }),
      alarm({ id: 'sos2', critical: true, opened: '2026-01-03T00:00:00Z' }),
      alarm({ id: 'sos1', critical: true, opened: '2026-01-02T00:00:00Z' }),
    ];
    expect(list.sort(byUrgency).map((a) => a.id)).toEqual(['sos1', 'sos2', 'low', 'off', 'old']);
    expect(severityOf(alarm({ kind: 'offline' }))).toBe('minor');
  });
  it('rings for alarms that nobody has taken or acknowledged, and for no others', () => {
    expect(ringing([])).toBeUndefined();
    expect(ringing([alarm({ kind: 'offline' })])).toBeUndefined();
    expect(ringing([alarm({})])).toBe('major');
    expect(ringing([alarm({}), alarm({ critical: true })])).toBe('critical');
    expect(ringing([alarm({ critical: true, assignee: 'u' })])).toBeUndefined();
    expect(ringing([alarm({ critical: true, state: 'active_ack' })])).toBeUndefined();
    expect(ringing([alarm({ critical: true, state: 'cleared_unack' })])).toBe('critical');
  });
});
