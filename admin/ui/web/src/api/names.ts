// Names of what lists carry the IDs of: asked for together, remembered.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http } from './client';

export type NameKind = 'devices' | 'customers' | 'companies' | 'users' | 'fences' | 'rules' | 'notifications';
export type Wanted = Partial<Record<NameKind, (string | undefined)[]>>;

const known = new Map<string, string>(); // of this session; a rename shows after the next load

/** useNames gives the name of an ID, or '' while it is not known or not to be seen. */
export function useNames(wanted: Wanted): (id: string | undefined) => string {
  const client = useQueryClient();
  const missing: Partial<Record<NameKind, string[]>> = {};
  for (const [kind, ids] of Object.entries(wanted) as [NameKind, (string | undefined)[]][]) {
    const unknown = [...new Set(ids.filter((id): id is string => Boolean(id) && !known.has(id!)))].sort();
    if (unknown.length) missing[kind] = unknown.slice(0, 100);
  }
  useQuery({
    queryKey: ['names', missing],
    enabled: Object.keys(missing).length > 0,
    staleTime: Infinity,
    queryFn: async () => {
      const { items } = (await http.GET('/api/v1/names', { params: { query: missing } })).data!;
      for (const ids of Object.values(missing)) for (const id of ids) known.set(id, ''); // what is not to be seen is not asked for again
      for (const { id, name } of items) known.set(id, name);
      client.removeQueries({ queryKey: ['names', undefined] });
      return items;
    },
  });
  return (id) => (id && known.get(id)) || '';
}
