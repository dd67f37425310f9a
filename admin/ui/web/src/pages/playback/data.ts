// What a playback shows, of each device: its track, its route report and what
// happened to it.
import { useQueries } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { decode, type Track } from './track';

export type Route = Schemas['Route'];
export type Leg = Schemas['RouteLeg'];
export type Visit = Schemas['RouteVisit'];
export type Event = Schemas['EventView'];

/** Devices at once; more would be a tangle. */
export const MOST = 5;
const PAGES = 5, EVENTS = 1000;

export interface Span { from: string; to: string }

async function track(id: string, { from, to }: Span): Promise<Track> {
  const pages: Schemas['TrackView'][] = [];
  let next: string | undefined = from;
  while (next && pages.length < PAGES) {
    const data: Schemas['TrackView'] = (await http.GET('/api/v1/devices/{id}/track', { params: { path: { id }, query: { from: next, to } } })).data!;
    pages.push(data);
    next = data.next;
  }
  return decode(pages);
}

export interface Past { id: string; track?: Track; route?: Route; events: Event[]; error?: Error; loading: boolean }

export function usePast(ids: string[], span: Span): Past[] {
  const can = useCan();
  // A span that is over does not change; one that reaches to now is asked for again when it is opened anew.
  const staleTime = Date.parse(span.to) < Date.now() ? 300_000 : 30_000;
  const all = { staleTime, gcTime: 600_000, refetchOnWindowFocus: false };
  const tracks = useQueries({ queries: ids.map((id) => ({ ...all, queryKey: ['track', id, span], queryFn: () => track(id, span), structuralSharing: false as const })) });
  const routes = useQueries({ queries: ids.map((id) => ({ ...all, queryKey: ['route', id, span], queryFn: async () => (await http.GET('/api/v1/devices/{id}/route', { params: { path: { id }, query: span } })).data! })) });
  const events = useQueries({
    queries: ids.map((id) => ({
      ...all, enabled: can('event.read'), queryKey: ['events', 'past', id, span],
      queryFn: async () => (await http.GET('/api/v1/events', { params: { query: { device: id, ...span, limit: EVENTS } } })).data!.items ?? [],
    })),
  });
  return ids.map((id, i) => ({
    id, track: tracks[i]!.data, route: routes[i]!.data, events: (events[i]!.data ?? none).filter((e) => !e.retracted),
    error: tracks[i]!.error ?? routes[i]!.error ?? undefined, loading: tracks[i]!.isPending || routes[i]!.isPending,
  }));
}
const none: Event[] = [];

const two = (n: number) => String(n).padStart(2, '0');
/** A day of the reader's calendar, as addresses name it. */
export const dayOf = (d: Date) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;

/** From the beginning of a day to the end of another, by the reader's clock; a day that is not over ends now, to the minute. */
export function spanOf(day: string, last: string, now: number): Span {
  const from = new Date(`${day}T00:00`), end = new Date(`${last < day ? day : last}T00:00`);
  end.setDate(end.getDate() + 1);
  return { from: from.toISOString(), to: new Date(Math.max(from.getTime() + 60e3, Math.min(end.getTime(), Math.ceil(now / 60e3) * 60e3))).toISOString() };
}

/** Where a visit was under way at a time. */
export const placeAt = (visits: readonly Visit[], time: string): string | undefined => {
  const at = Date.parse(time), slack = 60e3;
  let best: Visit | undefined;
  for (const v of visits) if (Date.parse(v.in) - slack <= at && at <= Date.parse(v.out) + slack && (!best || v.seconds < best.seconds)) best = v;
  return best?.name;
};
