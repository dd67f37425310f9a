// What pages about devices read together.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';

export type Device = Schemas['Device'];
export type Stranger = Schemas['Stranger'];
export type Position = Schemas['PositionView'];

/** useLast gives where and when each device was last, by its ID; undefined while it is not known. */
export function useLast(): Map<string, Position> | undefined {
  const can = useCan();
  return useQuery({
    queryKey: ['positions', 'latest'], enabled: can('position.read'), refetchInterval: 15_000,
    queryFn: async () => new Map((await http.GET('/api/v1/positions')).data!.items.map((p) => [p.device, p])),
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
export function useLastOf(id: string, every = 10_000): Position | undefined {
  const can = useCan();
  return useQuery({
    queryKey: ['positions', 'latest'], enabled: can('position.read'), refetchInterval: every,
    queryFn: async () => new Map((await http.GET('/api/v1/positions')).data!.items.map((p) => [p.device, p])),
  }).data?.get(id);
}
