// A device with all that is written down about it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call, http } from '@/api/client';
import { useCan } from '@/api/session';
import type { Device } from '@/pages/devices/data';

export type Tab = 'map' | 'zones' | 'users' | 'notifications' | 'contacts' | 'schedules' | 'sms' | 'emails' | 'push' | 'signals' | 'notes' | 'commands';
export const allTabs: Tab[] = ['map', 'zones', 'users', 'notifications', 'contacts', 'schedules', 'sms', 'emails', 'push', 'signals', 'notes', 'commands'];

export interface Zone { id: string; name: string; number?: number }
export interface Call { contact: string; name: string; relation?: string; phones: string[]; when?: string; whenName?: string; now: boolean }
export interface Item { id: string; name: string; all?: boolean }
export interface Note { text: string; until?: string; authorName?: string; at?: string }
export interface Panel {
  device: Device;
  tabs: Tab[];
  zones: Zone[];
  calls: Call[];
  schedules: { id: string; name: string; now: boolean }[];
  fixedNotes: Note[];
  temporaryNotes: Note[];
  users: Item[];
  notifications: Item[];
  contacts: Item[];
  version: number;
}
export interface Lost { kind: 'user' | 'fence' | 'rule' | 'notification' | 'contact' | 'asset'; id: string; name: string }

const json = { 'Content-Type': 'application/json' };
const at = (id: string) => `/api/v1/devices/${encodeURIComponent(id)}`;

export function useDevice(id: string) {
  return useQuery({ queryKey: ['device', id], queryFn: async () => (await http.GET('/api/v1/devices/{id}', { params: { path: { id } } })).data!, refetchInterval: 30_000 });
}

/** usePanel is for those who may read it; the rest see a device by what has lists of its own. */
export function usePanel(id: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['device', id, 'panel'], enabled: can('devicePanel.read'),
    queryFn: async () => (await (await call('GET', `${at(id)}/panel`)).json()) as Panel,
  });
}

/** usePutSheet changes zones, calls and schedules, and leaves what is not named as it is. */
export function usePutSheet(p: Panel) {
  const client = useQueryClient();
  return async (change: { zones?: Zone[]; calls?: { contact: string; when?: string }[]; schedules?: string[] }) => {
    const body = { zones: p.zones, calls: p.calls.map(({ contact, when }) => ({ contact, when })), schedules: p.schedules.map((s) => s.id), version: p.version || undefined, ...change };
    const shown = (await (await call('PUT', `${at(p.device.id)}/sheet`, JSON.stringify(body), json)).json()) as Panel;
    client.setQueryData(['device', p.device.id, 'panel'], shown);
  };
}

export function usePutNotes(p: Panel) {
  const client = useQueryClient();
  return async (change: { fixedNotes?: string[]; temporaryNotes?: { text: string; until: string }[] }) => {
    const body = { fixedNotes: p.fixedNotes.map((n) => n.text), temporaryNotes: p.temporaryNotes.map((n) => ({ text: n.text, until: n.until! })), version: p.version || undefined, ...change };
    const shown = (await (await call('PUT', `${at(p.device.id)}/notes`, JSON.stringify(body), json)).json()) as Panel;
    client.setQueryData(['device', p.device.id, 'panel'], shown);
  };
}

export const previewMove = async (id: string, to: string) =>
  ((await (await call('GET', `${at(id)}/move?to=${encodeURIComponent(to)}`)).json()) as { items: Lost[] }).items;

export const moveDevice = async (id: string, to: string, version: number) => {
  await call('POST', `${at(id)}/move`, JSON.stringify({ to, version }), json);
};
