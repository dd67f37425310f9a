// Points move from where they are shown to where they were last seen, within
// a second. Nothing is shown ahead of what was reported: a point that is not
// heard of stands still.

export interface Gliding {
  /** Where it was last reported, on the unit square. */
  x: number;
  y: number;
  /** Where it began to move from, and when by performance.now(); 0: it stands. */
  fromX: number;
  fromY: number;
  since: number;
}

export const GLIDE = 1000; // ms
const LEAP = 0.0006; // of the world, 24 km at the equator: farther is no movement

/** Sends a point to a new place. `now` is performance.now(), or 0 to jump. */
export function send(p: Gliding, x: number, y: number, now: number) {
  const [atX, atY] = where(p, now || Infinity);
  let dx = x - atX;
  dx -= Math.round(dx);
  const far = Math.hypot(dx, y - atY);
  p.since = now && far > 0 && far < LEAP ? now : 0;
  [p.fromX, p.fromY, p.x, p.y] = [x - dx, atY, x, y];
}

/** Where a point is shown at a time. */
export function where(p: Gliding, now: number): [number, number] {
  const part = p.since ? (now - p.since) / GLIDE : 1;
  if (part >= 1) return [p.x, p.y];
  const s = part <= 0 ? 0 : 1 - (1 - part) * (1 - part); // it arrives gently
  return [p.fromX + (p.x - p.fromX) * s, p.fromY + (p.y - p.fromY) * s];
}

export const moves = (p: Gliding, now: number) => p.since !== 0 && now - p.since < GLIDE;
