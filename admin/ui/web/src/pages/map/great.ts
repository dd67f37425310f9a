// The list beside the map of a great fleet: what the map shows one by one, or
// what the server finds; the whole is never read.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { http } from '@/api/client';
import { useLive, type Dev } from '@/live';
import { listed, type Filter } from './filter';

type Rows = ReturnType<typeof listed>;

/** The rows of a great fleet; undefined while it is not one. */
export function useGreatList(f: Filter, version: number): Rows | undefined {
  const live = useLive(), { world, great } = live, asks = great && Boolean(f.search || f.tag);
  const found = useQuery({
    queryKey: ['devices', 'map', f.search, f.tag, f.customer], enabled: asks, placeholderData: (old) => old, staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/devices', { params: { query: { search: f.search, label: f.tag, owner: f.customer, limit: 100 } } })).data!.items ?? [],
  });
  useEffect(() => { if (found.data) world.name(found.data, false); }, [found.data, world]);
  return useMemo(() => {
    if (!great) return undefined;
    const { total } = world;
    const shown = asks ? (found.data ?? []).map((r) => world.devices.get(r.id)).filter((d): d is Dev => Boolean(d)) : [...world.devices.values()].filter((d) => d.placed);
    const connected = total ? total.n - total.silent : 0;
    return { ...listed(shown, { state: f.state }), all: total?.n ?? 0, connected, disconnected: total?.silent ?? 0 };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the devices
  }, [great, version, found.data, asks, f.state, world]);
}
