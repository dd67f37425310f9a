// What pages about devices read together.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';

export type Device = Schemas['Device'];
export type Stranger = Schemas['Stranger'];
export type Position = Schemas['PositionView'];

/** useLast gives where and when devices were last, by their ID; undefined while it is not known. */
export function useLast(devices: string[] | undefined, every = 15_000): Map<string, Position> | undefined {
  const can = useCan();
  const ids = [...(devices ?? [])].sort();
  return useQuery({
    queryKey: ['positions', 'latest', ids], enabled: can('position.read') && devices !== undefined, refetchInterval: every, placeholderData: keepPreviousData,
    // As many at a time as one question takes; nobody asks for a whole fleet.
    queryFn: async () => {
      const parts = Array.from({ length: Math.ceil(ids.length / 200) }, (_, i) => ids.slice(i * 200, i * 200 + 200));
      const found = await Promise.all(parts.map(async (part) => (await http.GET('/api/v1/positions', { params: { query: { devices: part } } })).data!.items));
      return new Map(found.flat().map((p) => [p.device, p]));
    },
  }).data;
}

/** useStrangers lists senders that no device has the identity of, the newest first. */
export function useStrangers(every = 10_000): Stranger[] {
  const can = useCan();
  const { data } = useQuery({
    queryKey: ['strangers'], enabled: can('stranger.read'), refetchInterval: every, retry: false,
    queryFn: async () => (await http.GET('/api/v1/strangers')).data!.items,
  });
  return [...(data ?? [])].sort((a, b) => b.last.localeCompare(a.last));
}

/** useTypes lists the device types of a company, the built-in ones among them. */
export function useTypes(company?: string) {
  const can = useCan(), me = useMe();
  const owner = company ?? me.company?.id;
  return useQuery({
    queryKey: ['device-types', owner], enabled: can('deviceType.read'), staleTime: 60_000,
    // Asked for by owner, the built-in ones would be missing: they are nobody's.
    queryFn: async () => (await http.GET('/api/v1/device-types', { params: { query: { limit: 1000 } } })).data!.items.filter((k) => k.builtIn || !owner || k.company === owner),
  }).data ?? [];
}

/** useDeviceLabels gives the tags and groups that are set up for devices. */
export function useDeviceLabels(): Schemas['Label'][] {
  const can = useCan();
  return useQuery({
    queryKey: ['labels', 'devices'], enabled: can('label.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items.filter((l) => l.of === 'device'),
  }).data ?? [];
}

export const labelChoices = (labels: Schemas['Label'][]) => labels.map((l) => ({ value: l.id!, label: l.name }));

/** useLastOf gives where one device was last; asked anew every so many milliseconds. */
export const useLastOf = (id: string, every = 10_000): Position | undefined => useLast([id], every)?.get(id);
