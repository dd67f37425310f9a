// The attention list as the server sorts and pages it, kept up by the stream.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useLive, useWorldVersion, type Alarm } from '@/live';
import { byUrgency } from '@/live/attention';
import { sayProblem } from '@/parts/problems';

export type Show = 'open' | 'mine' | 'unassigned' | 'closed';
export const shows: Show[] = ['open', 'mine', 'unassigned', 'closed'];
const OPEN: Alarm['state'][] = ['active_unack', 'active_ack', 'cleared_unack', 'cleared_ack'];

const SETTLE = 400; // ms: of a burst of alarms the list is read once

export function useQueue(show: Show) {
  const me = useMe().user.id;
  const { world } = useLive();
  const client = useQueryClient();
  useWorldVersion();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => { timer ??= setTimeout(() => { timer = undefined; void client.invalidateQueries({ queryKey: ['alarms'] }); }, SETTLE); };
    world.onalarm.add(look);
    return () => { world.onalarm.delete(look); clearTimeout(timer); };
  }, [world, client]);
  const query = useInfiniteQuery({
    queryKey: ['alarms', 'queue', show], refetchInterval: 60_000,
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/alarms', {
      params: { query: { states: show === 'closed' ? ['closed'] : OPEN, assignee: show === 'mine' ? me : undefined, unassigned: show === 'unassigned' || undefined, limit: 100, after: pageParam || undefined } },
    })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const list = (query.data?.pages.flatMap((p) => p.items) ?? []).map((a) => newest(a, world.alarms.get(a.id)));
  return { query, list: list.sort(byUrgency) };
}

const newest = (a: Alarm, b: Alarm | undefined) => (b && b.version > a.version ? b : a);

/** One alarm: of the list, else read by itself, as from a link in a mail. */
export function useAlarm(id: string | undefined, listed: Alarm[]) {
  const known = listed.find((a) => a.id === id);
  const query = useQuery({
    queryKey: ['alarms', 'one', id], enabled: Boolean(id) && !known,
    queryFn: async () => (await http.GET('/api/v1/alarms/{id}', { params: { path: { id: id! } } })).data!,
  });
  return { alarm: known ?? (query.data?.id === id ? query.data : undefined), missing: !known && query.isError };
}

export function usePast(device: string | undefined, except: string | undefined) {
  return useQuery({
    queryKey: ['alarms', 'past', device], enabled: Boolean(device),
    queryFn: async () => (await http.GET('/api/v1/alarms', { params: { query: { device, states: ['closed'], limit: 6 } } })).data!.items,
  }).data?.filter((a) => a.id !== except).slice(0, 5);
}

export type Resolution = Schemas['Closing']['resolution'];
export const resolutions: Resolution[] = ['true', 'false_alarm', 'test', 'no_answer', 'other'];
export type Act = { do: 'take' | 'release' | 'acknowledge' | 'comments'; note?: string } | { do: 'close'; resolution: Resolution; note?: string };

/** Does something about an alarm; a refusal, such as of one that a colleague has taken, is said. */
export function useAct(id: string | undefined) {
  const client = useQueryClient();
  const { world } = useLive();
  return useMutation({
    mutationFn: async (act: Act) => {
      const params = { path: { id: id! } }, note = act.note?.trim() || undefined;
      switch (act.do) {
        case 'take': return (await http.POST('/api/v1/alarms/{id}/take', { params, body: { note } })).data!;
        case 'release': return (await http.POST('/api/v1/alarms/{id}/release', { params, body: { note } })).data!;
        case 'acknowledge': return (await http.POST('/api/v1/alarms/{id}/acknowledge', { params, body: { note } })).data!;
        case 'comments': return (await http.POST('/api/v1/alarms/{id}/comments', { params, body: { note } })).data!;
        case 'close': return (await http.POST('/api/v1/alarms/{id}/close', { params, body: { note, resolution: act.resolution } })).data!;
      }
    },
    onSuccess: (a) => {
      world.apply({ type: 'delta', alarms: [a] }); // at once: the bell falls silent with the click
      client.setQueryData(['alarms', 'one', a.id], a);
      void client.invalidateQueries({ queryKey: ['alarms'] });
    },
    onError: (err) => { sayProblem(err); void client.invalidateQueries({ queryKey: ['alarms'] }); },
  });
}
