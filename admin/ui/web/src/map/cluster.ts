// Crowds: what stands closer than can be told apart is shown as one bubble.
// Cells lie on the ground, not on the screen, so nothing jumps as the map moves.

export interface Crowd<T> { x: number; y: number; members: T[] }

/** What a bubble shows. */
export interface Bubble { x: number; y: number; n: number; state: 'moving' | 'stopped' | 'silent' | 'alarm'; pulses: boolean }

const CELL = 60; // pixels at the middle of a half step of zoom
const CLOSE = 36; // the same in the streets: there only what hides each other is gathered
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
  const out: Crowd<T>[] = [];
  for (const members of cells.values()) {
    if (members.length < 3) continue;
    let x = 0, y = 0;
    for (const m of members) { x += m.x; y += m.y; }
    out.push({ x: x / members.length, y: y / members.length, members });
  }
  return out;
}
