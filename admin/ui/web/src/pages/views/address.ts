import type { Schemas } from '@/api/client';

type Saved = Pick<Schemas['View'], 'screen' | 'filter'>;

/** addressOf is where a saved view opens, with its filters. `customer` is whose panel it is, for a person of one. */
export function addressOf(v: Saved, customer?: string): string {
  const q = new URLSearchParams();
  const owner = v.filter?.owner;
  if (v.filter?.search) q.set('search', v.filter.search);
  if (v.screen === 'panel') return owner || customer ? `/customers/${owner || customer}` : '/customers';
  if (v.screen === 'devices') { if (owner) q.set('owner', owner); } else {
    if (v.filter?.state) q.set('state', v.filter.state);
    if (owner) q.set('customer', owner);
    if (v.filter?.labels?.[0]) q.set('tag', v.filter.labels[0]);
  }
  const path = v.screen === 'devices' ? '/devices' : '/map';
  return q.size ? `${path}?${q}` : path;
}
