// What the form of a share link holds, and what the API takes of it.
import type { Schemas } from '@/api/client';
import { unproject, type Area } from '@/map';
import { clean } from '@/parts/clean';

export type Link = Schemas['ShareLink'];

export interface Values {
  owner: string;
  name: string;
  devices: string[];
  /** Hours from now, or 'other' with until. */
  howLong: string;
  from: string | null;
  until: string | null;
  live: boolean;
  names: boolean;
  events: boolean;
  trailMinutes: string;
  endFence: string | null;
  endOn: 'enter' | 'leave';
  eta: boolean;
  pin: string;
  noPin: boolean;
  maxViews: number | '';
}

/** What is passed on: a server without an address of its own gives the path alone. */
export const addressOf = (l: Pick<Link, 'url'>) => (l.url ? new URL(l.url, location.origin).href : '');

/** As the picker writes a moment: by the reader's own clock. */
const local = (ms: number) => { const d = new Date(ms); return new Date(ms - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' '); };
const moment = (text: string) => new Date(text.replace(' ', 'T')).toISOString();

export const valuesOf = (l: Link | undefined, owner: string, devices: string[], now: number): Values => ({
  owner: l?.owner ?? owner, name: l?.name ?? '', devices: l?.devices ?? devices, howLong: l ? 'other' : '1',
  from: l?.from ? local(Date.parse(l.from)) : null, until: local(l ? Date.parse(l.expires) : now + 3600e3),
  live: l ? Boolean(l.live) : true, names: l ? Boolean(l.names) : true, events: Boolean(l?.events), trailMinutes: String(l ? l.trailMinutes ?? 0 : 30),
  endFence: l?.endFence ?? null, endOn: l?.endOn ?? 'enter', eta: l ? Boolean(l.destination) : true, pin: '', noPin: false, maxViews: l?.maxViews || '',
});

/** The middle of a fence, for its distance. */
const middleOf = (a: Area): Schemas['GeoPoint'] => { const [lon, lat] = unproject([(a.box[0] + a.box[2]) / 2, (a.box[1] + a.box[3]) / 2]); return { lon: ((lon + 540) % 360) - 180, lat }; };

export function inputOf(v: Values, areas: readonly Area[], now: number, stored?: Link): Link {
  const fence = areas.find((a) => a.id === v.endFence);
  const destination = v.eta && v.endFence ? (fence ? middleOf(fence) : stored?.destination) : v.endFence ? undefined : stored?.endFence ? undefined : stored?.destination;
  return clean({
    owner: v.owner || undefined, name: v.name.trim(), devices: v.devices, from: v.from ? moment(v.from) : undefined,
    expires: v.howLong === 'other' ? moment(v.until!) : new Date(now + Number(v.howLong) * 3600e3).toISOString(),
    live: v.live, names: v.names, events: v.events, trailMinutes: Number(v.trailMinutes), endFence: v.endFence ?? undefined, endOn: v.endFence ? v.endOn : undefined,
    destination, maxViews: v.maxViews === '' ? undefined : v.maxViews, version: stored?.version, ...(v.pin && { pin: v.pin }), ...(v.noPin && { pin: undefined }),
  } as unknown as Link & { pin?: string });
}

/** The request's body: an empty PIN takes it away, so it is put in behind what clean leaves. */
export const bodyOf = (v: Values, areas: readonly Area[], now: number, stored?: Link): Link => ({ ...inputOf(v, areas, now, stored), ...(v.noPin && { pin: '' }) });

/** Digits that nobody guesses. */
export const somePin = () => [...crypto.getRandomValues(new Uint32Array(6))].map((n) => n % 10).join('');
