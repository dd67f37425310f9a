// Crowds: what stands closer than can be told apart is shown as one bubble.
// Cells lie on the ground, not on the screen, so nothing jumps as the map moves.

export interface Crowd<T> { x: number; y: number; members: T[] }

/** What a bubble shows. */
export interface Bubble { x: number; y: number; n: number; state: 'moving' | 'stopped' | 'silent' | 'alarm'; pulses: boolean }

const CELL = 60; // pixels at the middle of a half step of zoom
const CLOSE = 36; // the same in the streets: there only what hides each other is gathered
/** Neighbours whose middles are nearer than this part of a cell are one: their bubbles would hide each other. */
const NEAR = 0.75;
/** The zoom from which streets are told apart. */
const STREETS = 13.5;
/** The zoom from which on every point is shown. */
export const APART = 16.5;

/** The size of a cell on the unit square; the same within half a step of zoom. */
export const cellAt = (zoom: number) => (zoom < STREETS ? CELL : CLOSE) / (512 * 2 ** (Math.floor(zoom * 2) / 2 + 0.25));

/** crowds gathers points of which at least three share a cell. */
export function crowds<T extends { x: number; y: number }>(points: Iterable<T>, zoom: number, keepOut?: (p: T) => boolean): Crowd<T>[] {
  if (zoom >= APART) return [];
  const size = cellAt(zoom), cells = new Map<number, T[]>(), columns = Math.ceil(1 / size);
  for (const p of points) {
    if (keepOut?.(p)) continue;
    const key = Math.floor(p.y / size) * columns + Math.floor((p.x - Math.floor(p.x)) / size);
    const cell = cells.get(key);
    if (cell) cell.push(p);
    else cells.set(key, [p]);
  }
  // A town across the border of two cells is one bubble, not two that hide each other.
  const out: Crowd<T>[] = [], taken = new Set<number>();
  const full = [...cells].filter(([, members]) => members.length >= 3).sort((a, b) => b[1].length - a[1].length);
  for (const [key, members] of full) {
    if (taken.has(key)) continue;
    taken.add(key);
    const at = middle(members), all = [...members], column = key % columns;
    for (const step of [-columns, 0, columns]) {
      for (const aside of [-1, 0, 1]) {
        const next = key - column + step + ((column + aside + columns) % columns), near = cells.get(next);
        if (!near || taken.has(next)) continue;
        const other = middle(near);
        if (Math.hypot(other.x - at.x, other.y - at.y) > NEAR * size) continue;
        taken.add(next);
        all.push(...near);
      }
    }
    out.push({ ...middle(all), members: all });
  }
  return out;
}

function middle(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  let x = 0, y = 0;
  for (const p of points) { x += p.x; y += p.y; }
  return { x: x / points.length, y: y / points.length };
}
