import type { Schemas } from '@/api/client';

type View = Schemas['View'];
type Saved = Pick<View, 'screen' | 'filter' | 'sort' | 'columns' | 'extent' | 'layers'>;
/** What a list's address asks for. */
export type Asked = Record<string, string | undefined>;
export type ListScreen = 'customers' | 'devices';

/** Where each list stands. */
export const pathOf: Record<ListScreen, string> = { customers: '/customers', devices: '/devices' };

/** addressOf is where a saved view opens, with its filters. `customer` is whose panel it is, for a person of one. */
export function addressOf(v: Saved, customer?: string): string {
  const q = new URLSearchParams();
  const put = (key: string, value?: string) => { if (value) q.set(key, value); };
  const f = v.filter, label = f?.labels?.[0];
  if (v.screen === 'panel') return f?.owner || customer ? `/customers/${f?.owner || customer}` : '/customers';
  put('search', f?.search);
  if (v.screen === 'customers' || v.screen === 'devices') {
    if (v.screen === 'customers') put('tag', f?.tag);
    else { put('owner', f?.owner); put('label', label); }
    put('sort', v.sort);
    put('columns', v.columns?.join('.'));
    return q.size ? `${pathOf[v.screen]}?${q}` : pathOf[v.screen];
  }
  put('state', f?.state);
  put('customer', f?.owner);
  put('tag', label);
  put('bbox', v.extent?.join('_'));
  put('layers', v.layers?.join('.'));
  return q.size ? `/map?${q}` : '/map';
}

/** viewOf is the view that shows what a list's address asks for; `columns` are those that it keeps. */
export function viewOf(screen: ListScreen, asked: Asked, columns?: string[]): Saved {
  const filter = screen === 'customers' ? { search: asked.search, tag: asked.tag } : { search: asked.search, owner: asked.owner, labels: asked.label ? [asked.label] : undefined };
  const some = Object.entries(filter).filter(([, value]) => value);
  return { screen, ...(some.length && { filter: Object.fromEntries(some) }), ...(asked.sort && { sort: asked.sort }), ...(columns?.length && { columns }) };
}
