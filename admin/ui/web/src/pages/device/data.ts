// A device with all that is written down about it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';

export type Tab = NonNullable<Schemas['DeviceType']['tabs']>[number];
export const allTabs: Tab[] = ['map', 'zones', 'users', 'notifications', 'contacts', 'schedules', 'sms', 'emails', 'push', 'signals', 'notes', 'commands', 'fences', 'shares', 'history'];

export type Panel = Omit<Schemas['DevicePanel'], 'tabs'> & { tabs: Tab[] };
export type Zone = Panel['zones'][number];
export type Item = Panel['users'][number];
export type Lost = Schemas['LostTie'];

export function useDevice(id: string) {
  return useQuery({ queryKey: ['device', id], queryFn: async () => (await http.GET('/api/v1/devices/{id}', { params: { path: { id } } })).data!, refetchInterval: 30_000 });
}

/** usePanel is for those who may read it; the rest see a device by what has lists of its own. */
export function usePanel(id: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['device', id, 'panel'], enabled: can('devicePanel.read'),
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/panel', { params: { path: { id } } })).data! as Panel,
  });
}

/** usePutSheet changes zones, calls and schedules, and leaves what is not named as it is. */
export function usePutSheet(p: Panel) {
  const client = useQueryClient();
  return async (change: { zones?: Zone[]; calls?: { contact: string; when?: string }[]; schedules?: string[] }) => {
    const body = { zones: p.zones, calls: p.calls.map(({ contact, when }) => ({ contact, when })), schedules: p.schedules.map((s) => s.id), version: p.version || undefined, ...change };
    const shown = (await http.PUT('/api/v1/devices/{id}/sheet', { params: { path: { id: p.device.id } }, body })).data;
    client.setQueryData(['device', p.device.id, 'panel'], shown);
  };
}

export function usePutNotes(p: Panel) {
  const client = useQueryClient();
  return async (change: { fixedNotes?: string[]; temporaryNotes?: { text: string; until: string }[] }) => {
    const body = { fixedNotes: p.fixedNotes.map((n) => n.text), temporaryNotes: p.temporaryNotes.map((n) => ({ text: n.text, until: n.until! })), version: p.version || undefined, ...change };
    const shown = (await http.PUT('/api/v1/devices/{id}/notes', { params: { path: { id: p.device.id } }, body })).data;
    client.setQueryData(['device', p.device.id, 'panel'], shown);
  };
}

export const previewMove = async (id: string, to: string) => (await http.GET('/api/v1/devices/{id}/move', { params: { path: { id }, query: { to } } })).data!.items;

export const moveDevice = (id: string, to: string, version: number) => http.POST('/api/v1/devices/{id}/move', { params: { path: { id } }, body: { to, version } });
