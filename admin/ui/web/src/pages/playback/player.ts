// The clock of a playback: it runs from one time to another, faster than life,
// and may leap over times in which nothing moves.

export const RATES = [1, 5, 10, 30, 60] as const;

export class Player {
  /** ms. */
  at = 0;
  from = 0;
  to = 0;
  playing = false;
  rate = 60;
  /** Times to be leapt over, ascending, when skip is set. */
  idle: readonly (readonly [from: number, to: number])[] = [];
  skip = false;
  private frame = 0;
  private last = 0;
  private told = 0;
  private watchers = new Set<() => void>();
  /** Called with every picture; watchers are told a few times a second. */
  onframe: () => void = () => {};

  /** Takes another span of time over; what is shown stays, if it lies within. */
  span(from: number, to: number) {
    if (from === this.from && to === this.to) return;
    Object.assign(this, { from, to });
    if (this.at < from || this.at > to) this.at = from;
    this.tell();
  }

  seek(at: number) {
    this.at = Math.max(this.from, Math.min(this.to, at));
    this.onframe();
    this.tell();
  }

  toggle() {
    if (this.playing) { this.stop(); return; }
    if (this.at >= this.to) this.at = this.from;
    this.playing = true;
    this.last = performance.now();
    this.frame = requestAnimationFrame(this.step);
    this.tell();
  }

  set(change: { rate?: number; skip?: boolean }) {
    Object.assign(this, change);
    this.tell();
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.tell();
  }

  subscribe = (tell: () => void) => {
    this.watchers.add(tell);
    return () => { this.watchers.delete(tell); };
  };
  /** Rises with what watchers show. */
  version = 0;

  private tell() {
    this.version++;
    this.told = performance.now();
    this.watchers.forEach((w) => w());
  }

  private step = (now: number) => {
    // A tab that was hidden does not leap ahead.
    this.at = ahead(this.at, Math.min(now - this.last, 250) * this.rate, this.skip ? this.idle : []);
    this.last = now;
    if (this.at >= this.to) {
      this.at = this.to;
      this.onframe();
      this.stop();
      return;
    }
    this.onframe();
    if (now - this.told > 120) this.tell();
    this.frame = requestAnimationFrame(this.step);
  };
}

/** Where the clock stands after so many ms, of which none are spent in idle times. */
export function ahead(at: number, by: number, idle: Player['idle']): number {
  let to = at + by;
  for (const [from, end] of idle) if (to > from && at < end) to = Math.max(at, from) === at ? Math.max(to, end) : end + (to - from);
  return to;
}

/** The times that all devices spend standing or silent, of stretches of at least a minute. */
export function idleOf(all: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  if (!all.length) return [];
  let common = all[0]!.map(([a, b]) => [a, b] as [number, number]);
  for (const next of all.slice(1)) {
    common = common.flatMap(([a, b]) => next.flatMap(([c, d]): [number, number][] => (Math.min(b, d) > Math.max(a, c) ? [[Math.max(a, c), Math.min(b, d)]] : [])));
  }
  return common.filter(([a, b]) => b - a >= 60e3);
}
