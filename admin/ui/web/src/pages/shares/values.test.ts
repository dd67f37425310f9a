import { describe, expect, it } from 'vitest';
import { bodyOf, somePin, valuesOf, type Link } from './values';

const now = Date.parse('2026-05-01T12:00:00Z');
const stored = { id: 'l', owner: 'c', name: 'Van', devices: ['d'], from: '2026-05-01T11:00:00.000Z', expires: '2026-05-01T13:30:00.000Z', live: true, pinSet: true, version: 4 } as unknown as Link;

describe('a share link', () => {
  it('lasts as long as was chosen', () => {
    const v = { ...valuesOf(undefined, 'c', ['d'], now), howLong: '4' };
    expect(bodyOf(v, [], now)).toMatchObject({ owner: 'c', devices: ['d'], expires: '2026-05-01T16:00:00.000Z', live: true, names: true, trailMinutes: 30 });
    expect(bodyOf(v, [], now)).not.toHaveProperty('pin');
  });
  it('stays as it was where nothing is changed', () => {
    expect(bodyOf(valuesOf(stored, '', [], now), [], now, stored)).toMatchObject({ name: 'Van', devices: ['d'], from: '2026-05-01T11:00:00.000Z', expires: '2026-05-01T13:30:00.000Z', version: 4 });
    expect(bodyOf(valuesOf(stored, '', [], now), [], now, stored)).not.toHaveProperty('pin');
  });
  it('gets a PIN, another one, or none', () => {
    expect(bodyOf({ ...valuesOf(stored, '', [], now), pin: '4711' }, [], now, stored)).toMatchObject({ pin: '4711' });
    expect(bodyOf({ ...valuesOf(stored, '', [], now), noPin: true }, [], now, stored)).toMatchObject({ pin: '' });
    expect(somePin()).toMatch(/^\d{6}$/);
  });
  it('shows the way to the fence at which it ends', () => {
    const area = { id: 'f', box: [0.5, 0.5, 0.5, 0.5] } as never;
    expect(bodyOf({ ...valuesOf(undefined, 'c', ['d'], now), endFence: 'f' }, [area], now)).toMatchObject({ endFence: 'f', endOn: 'enter', destination: { lon: 0, lat: 0 } });
    expect(bodyOf({ ...valuesOf(undefined, 'c', ['d'], now), endFence: 'f', eta: false }, [area], now)).not.toHaveProperty('destination');
  });
});
