import { describe, expect, it } from 'vitest';
import { ahead, idleOf, Player } from './player';

describe('player', () => {
  it('leaps over what is idle and keeps the rest', () => {
    expect(ahead(0, 100, [])).toBe(100);
    expect(ahead(0, 100, [[200, 300]])).toBe(100);
    expect(ahead(150, 100, [[200, 300]])).toBe(350); // 50 before it, 50 behind it
    expect(ahead(250, 10, [[200, 300]])).toBe(300); // set into it by hand
    expect(ahead(150, 100, [[200, 300], [320, 400]])).toBe(430);
  });
  it('is idle only where all are', () => {
    const m = 60e3;
    expect(idleOf([])).toEqual([]);
    expect(idleOf([[[0, 10 * m]]])).toEqual([[0, 10 * m]]);
    expect(idleOf([[[0, 10 * m], [20 * m, 30 * m]], [[5 * m, 22 * m]]])).toEqual([[5 * m, 10 * m], [20 * m, 22 * m]]);
    expect(idleOf([[[0, 10 * m]], []])).toEqual([]);
  });
  it('keeps its place within another span', () => {
    const p = new Player();
    p.span(100, 200);
    expect(p.at).toBe(100);
    p.seek(150);
    p.span(120, 300);
    expect(p.at).toBe(150);
    p.seek(999);
    expect(p.at).toBe(300);
    p.span(0, 50);
    expect(p.at).toBe(0);
  });
});
