// Where a thing that was found is looked at, and in what order kinds stand.
import type { Schemas } from '@/api/client';

export type Found = Schemas['Found'];
export const kinds = ['device', 'customer', 'user', 'operator', 'fence'] as const;

export function pathOf({ kind, id }: Pick<Found, 'kind' | 'id'>): string {
  switch (kind) {
    case 'device': return `/devices/${id}`;
    case 'customer': return `/customers/${id}`;
    case 'user': return `/users/clients/${id}`;
    case 'operator': return `/users/operators/${id}`;
    case 'fence': return `/geofences/${id}`;
  }
}

const plain = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The menu's entries whose name holds the text, in any case and without accents. */
export const pagesFor = <E extends { name: string }>(entries: E[], text: string): E[] => {
  const want = plain(text.trim());
  return want ? entries.filter((e) => plain(e.name).includes(want)) : [];
};

/** step moves through n rows and comes round at the ends; -1: none is chosen yet. */
export const step = (at: number, by: 1 | -1, n: number): number => (n === 0 ? -1 : at < 0 ? (by > 0 ? 0 : n - 1) : (at + by + n) % n);
