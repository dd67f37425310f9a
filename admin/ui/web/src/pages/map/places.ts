// The fences and markers of the map.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useLive } from '@/live';
import { areaOf, type Area } from '@/map';

const MOST = 10_000;

async function allOf<R>(page: (after?: string) => Promise<{ items?: R[] | null; next?: string }>): Promise<R[]> {
  const out: R[] = [];
  let after: string | undefined;
  do {
    const got = await page(after);
    out.push(...(got.items ?? []));
    after = got.next;
  } while (after && out.length < MOST);
  return out;
}

/** Fences and markers, of one owner or of all; read anew when the stream says that they changed. */
export function usePlaces(owner?: string): { areas: Area[]; markers: Schemas['Marker'][] } {
  const can = useCan();
  const client = useQueryClient(), { world } = useLive();
  useEffect(() => {
    const again = () => { for (const kind of ['fences', 'markers']) void client.invalidateQueries({ queryKey: [kind] }); };
    world.onplaces.add(again);
    return () => { world.onplaces.delete(again); };
  }, [client, world]);
  const fences = useQuery({
    queryKey: ['fences', 'map', owner], enabled: can('fence.read'), staleTime: 30_000, refetchInterval: 60_000,
    queryFn: () => allOf(async (after) => (await http.GET('/api/v1/fences', { params: { query: { owner, limit: 1000, after } } })).data!),
  });
  const markers = useQuery({
    queryKey: ['markers', 'map', owner], enabled: can('marker.read'), staleTime: 30_000, refetchInterval: 60_000,
    queryFn: () => allOf(async (after) => (await http.GET('/api/v1/markers', { params: { query: { owner, limit: 1000, after } } })).data!),
  });
  const areas = useMemo(() => (fences.data ?? []).map(areaOf).filter((a) => a !== undefined), [fences.data]);
  return { areas, markers: markers.data ?? none };
}
const none: Schemas['Marker'][] = [];
