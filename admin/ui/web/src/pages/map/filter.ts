// Which devices the list and the map show, and in which order.
import type { Dev } from '@/live';

export interface Filter {
  search?: string;
  state?: string; // connected, disconnected
  customer?: string;
  tag?: string;
}

/** matcher makes the test of a filter, without its state; words of the search may stand in any order. */
export function matcher(f: Filter): (d: Dev) => boolean {
  const words = (f.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (d) => (!f.customer || d.record?.customer === f.customer) && (!f.tag || Boolean(d.record?.labels?.includes(f.tag))) && words.every((w) => d.text.includes(w));
}

export const inState = (f: Filter) => (d: Dev) => f.state === 'connected' ? d.connected : f.state === 'disconnected' ? !d.connected : true;

/** listed gives the devices to list, those to which something happened last first, and how many there are of each kind. */
export function listed(devices: Iterable<Dev>, f: Filter): { rows: Dev[]; all: number; connected: number; disconnected: number } {
  const match = matcher(f), state = inState(f), rows: Dev[] = [];
  let all = 0, connected = 0;
  for (const d of devices) {
    if (!d.record || !match(d)) continue;
    all++;
    if (d.connected) connected++;
    if (state(d)) rows.push(d);
  }
  rows.sort((a, b) => Number(b.state === 'alarm') - Number(a.state === 'alarm') || b.lastEvent - a.lastEvent || Number(b.heard > 0) - Number(a.heard > 0) || a.rank - b.rank);
  return { rows, all, connected, disconnected: all - connected };
}
