// Records of devices that are shown without being known: they are asked for
// together, a bounded number at once, and what is not to be had is not asked for again.
import type { Device } from './world';

export interface Namer { want(ids: string[]): void }

const AT_ONCE = 100, SOON = 120; // ms

export function namer(ask: (ids: string[]) => Promise<Device[]>, tell: (records: Device[]) => void): Namer {
  const wanted = new Set<string>(), asked = new Set<string>();
  let running = false;
  const run = async () => {
    while (wanted.size) {
      const ids = [...wanted].slice(0, AT_ONCE);
      for (const id of ids) {
        wanted.delete(id);
        asked.add(id);
      }
      try {
        tell(await ask(ids));
      } catch {
        for (const id of ids) asked.delete(id); // another time
        break;
      }
      if (asked.size > 20_000) asked.clear();
    }
    running = false;
  };
  return {
    want(ids) {
      for (const id of ids) if (!asked.has(id)) wanted.add(id);
      if (!wanted.size || running) return;
      running = true;
      setTimeout(run, SOON);
    },
  };
}
