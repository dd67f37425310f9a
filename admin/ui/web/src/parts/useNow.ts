import { useSyncExternalStore } from 'react';

// One clock for all that shows an age: it ticks every five seconds.
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(tell: () => void) {
  watchers.add(tell);
  timer ??= setInterval(() => { now = Date.now(); watchers.forEach((w) => w()); }, 5000);
  return () => {
    watchers.delete(tell);
    if (!watchers.size) { clearInterval(timer); timer = undefined; }
  };
}

export const useNow = () => useSyncExternalStore(watch, () => now);
