// The sound of an alarm: it goes on until somebody takes or acknowledges it.
// Browsers keep a page silent until it was clicked, which is said aloud.
import type { Severity } from '@/live/attention';

const PAUSE: Record<Severity, number> = { critical: 2200, major: 9000, minor: 0 };
const TONES: Record<Severity, number[]> = { critical: [880, 660, 880, 660], major: [620, 780], minor: [] };

export class Siren {
  private context?: AudioContext;
  private timer?: ReturnType<typeof setInterval>;
  private rings?: Severity;
  private holder?: () => void;
  private mine = false;
  private watchers = new Set<() => void>();
  /** The browser does not let the page be heard yet. */
  blocked = false;

  subscribe = (tell: () => void) => {
    this.watchers.add(tell);
    return () => { this.watchers.delete(tell); };
  };

  /** Rings as urgently as said from now on; undefined: it is silent. */
  ring(how: Severity | undefined) {
    if (how === this.rings) return;
    this.rings = how;
    clearInterval(this.timer);
    if (!how) {
      this.leave();
      this.told(false);
      return;
    }
    this.timer = setInterval(() => this.play(), PAUSE[how]);
    this.play();
  }

  /** For the click that allows it, and to let the sound be heard once. */
  allow = () => { void this.wake().then(() => this.play(true)); };

  private async wake() {
    // Before any click there is no use in trying, and the browser would complain.
    if (!this.context && navigator.userActivation?.hasBeenActive === false) return false;
    this.context ??= new AudioContext();
    if (this.context.state === 'suspended') await Promise.race([this.context.resume(), new Promise((r) => setTimeout(r, 300))]);
    return this.context.state === 'running';
  }

  private play(once = false) {
    const how = this.rings ?? (once ? 'major' : undefined);
    if (!how) return;
    void this.wake().then((awake) => {
      this.told(!awake && this.rings !== undefined);
      if (!awake || (!this.rings && !once)) return;
      this.enter();
      if (once || this.mine) this.beep(how);
    }).catch(() => this.told(true));
  }

  /** Of several windows only one rings: the first that may be heard. */
  private enter() {
    if (this.holder || this.mine) return;
    if (!navigator.locks) { this.mine = true; return; }
    const stop = new AbortController();
    this.holder = () => stop.abort();
    navigator.locks.request('vigia.bell', { signal: stop.signal }, () => {
      this.mine = true;
      if (this.rings) this.beep(this.rings);
      return new Promise<void>((done) => { this.holder = done; });
    }).catch(() => {});
  }

  private leave() {
    this.holder?.();
    this.holder = undefined;
    this.mine = false;
  }

  private beep(how: Severity) {
    const c = this.context!, tones = TONES[how];
    tones.forEach((hertz, i) => {
      const at = c.currentTime + i * 0.16, tone = c.createOscillator(), gain = c.createGain();
      tone.type = 'triangle';
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.22, at + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.15);
      tone.connect(gain).connect(c.destination);
      tone.start(at);
      tone.stop(at + 0.16);
    });
  }

  private told(blocked: boolean) {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.watchers.forEach((w) => w());
  }
}

export const siren = new Siren();
