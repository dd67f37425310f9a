// What the forms of notifications and rules choose from.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';

export type Notification = Schemas['Notification'];
export type Rule = Schemas['Rule'];
export type Channel = Schemas['NotificationInput']['channels'][number];
export type Kind = NonNullable<Schemas['NotificationInput']['kinds']>[number];

export const kinds: Kind[] = ['enter', 'exit', 'alarm', 'dwell', 'overstay', 'absent', 'overspeed', 'moving', 'stopped', 'offline', 'online'];
export const fenced: Kind[] = ['enter', 'exit', 'dwell', 'overstay', 'absent'];

/** Who of an owner may be told: its people, and for a customer those who may be told besides. */
export function usePeople(owner: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['users', 'of', owner], enabled: Boolean(owner) && can('user.read'),
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner, limit: 1000 } } })).data!.items,
  }).data;
}

export function useFences(owner: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['fences', 'of', owner], enabled: Boolean(owner) && can('fence.read'),
    queryFn: async () => (await http.GET('/api/v1/fences', { params: { query: { owner, limit: 1000 } } })).data!.items,
  }).data ?? [];
}

export function usePlans(company?: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['event-plans', company], enabled: can('eventPlan.read'), staleTime: 60_000,
    // Asked for by owner, the built-in ones would be missing: they are nobody's.
    queryFn: async () => (await http.GET('/api/v1/event-plans', { params: { query: { limit: 1000 } } })).data!.items.filter((p) => p.builtIn || !company || p.company === company),
  }).data ?? [];
}
