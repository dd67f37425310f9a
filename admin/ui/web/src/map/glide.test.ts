import { describe, expect, it } from 'vitest';
import { GLIDE, moves, send, where, type Gliding } from './glide';

const at = (x: number, y: number): Gliding => ({ x, y, fromX: x, fromY: y, since: 0 });

describe('gliding', () => {
  it('ends at what was reported and never beyond', () => {
    const p = at(0.5, 0.5);
    send(p, 0.5001, 0.5, 1000);
    for (let now = 1000; now < 1000 + 2 * GLIDE; now += 50) {
      const [x] = where(p, now);
      expect(x).toBeGreaterThanOrEqual(0.5);
      expect(x).toBeLessThanOrEqual(0.5001);
    }
    expect(where(p, 1000 + GLIDE)).toEqual([0.5001, 0.5]);
    expect(moves(p, 1000 + GLIDE)).toBe(false);
  });
  it('goes on from where it is shown when a new report comes on the way', () => {
    const p = at(0.5, 0.5);
    send(p, 0.5001, 0.5, 1000);
    const half = where(p, 1500);
    send(p, 0.5001, 0.5001, 1500);
    expect(where(p, 1500)[0]).toBeCloseTo(half[0], 9);
  });
  it('jumps where the way is too far to have been driven unseen', () => {
    const p = at(0.2, 0.2);
    send(p, 0.3, 0.2, 1000);
    expect(where(p, 1000)).toEqual([0.3, 0.2]);
  });
  it('crosses the antimeridian by the short way', () => {
    const p = at(0.9999, 0.5);
    send(p, 0.0001, 0.5, 1000);
    expect(where(p, 1001)[0]).toBeLessThan(0.001);
    expect(where(p, 1001)[0]).toBeGreaterThan(-0.001);
  });
});
