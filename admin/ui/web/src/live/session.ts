// One stream and one World for all pages of the tab. The stream runs while a
// page wants it; without a page that shows positions only events and alarms
// are watched, so that the bell costs next to nothing.
import { http, isProblem } from '@/api/client';
import { visiting } from '@/api/workplace';
import type { Box } from '@/map/view';
import { namer, type Namer } from './names';
import { Stream, type Crowded, type Link, type Socket, type Watch } from './stream';
import { World, type Device, type Event } from './world';

/** What a page wants of positions: all, those in a box, none, or of a great fleet what a map of it shows. */
export type Want = 'all' | 'none' | Box | Crowded;

const NOWHERE: Watch = { bbox: [0, 90, 0, 90] }; // no position; events and alarms all the same
const PAGE = 1000;
/** More devices than this are a great fleet: it is never read whole. */
const GREAT = 3000;
const OVERVIEW: Watch = { bbox: [-180, -90, 180, 90], zoom: 0 };

/** What the caller may read; the rest is not asked for. */
export type May = Record<string, unknown>;

export class Session {
  readonly world = new World();
  link: Link = 'connecting';
  /** Names, events and alarms were read once. */
  loaded = false;
  /** There are too many devices to know them all: crowds come, and names as they are needed. */
  great = false;
  /** Rises when the caller's rights may have changed. */
  rights = 0;
  private names: Namer = namer(async (ids) => (await http.GET('/api/v1/devices', { params: { query: { ids: ids.join(',') } } })).data!.items ?? [],
    (records) => { this.world.name(records, false); });
  private stream?: Stream;
  private running = false;
  private counted = () => {};
  private wants = new Map<object, Want>();
  private watchers = new Set<() => void>();
  private clock?: ReturnType<typeof setInterval>;
  private linger?: ReturnType<typeof setTimeout>;
  private named = 0; // when names were read last
  private loading?: Promise<void>;

  constructor(private may: May) {}

  /** Keeps the stream running until the returned function is called. */
  want(want: Want): { change(want: Want): void; end(): void } {
    const key = {};
    const set = (w: Want) => { this.wants.set(key, w); this.tell(); };
    clearTimeout(this.linger);
    set(want);
    this.start();
    return {
      change: set,
      end: () => {
        this.wants.delete(key);
        this.tell();
        // From page to page the stream stays.
        if (!this.wants.size) this.linger = setTimeout(() => this.stop(), 3000);
      },
    };
  }

  subscribe = (tell: () => void) => {
    this.watchers.add(tell);
    return () => { this.watchers.delete(tell); };
  };

  /** Seconds without a connection; 0 while there is one. */
  down = () => (this.stream?.downSince ? Math.floor((Date.now() - this.stream.downSince) / 1000) : 0);

  retry = () => this.stream?.retry();

  /** Reads devices, events and open alarms again. */
  load = () => (this.loading ??= this.read().finally(() => { this.loading = undefined; }));

  private async read() {
    this.named = Date.now();
    const { world, may } = this;
    const [devices, events, alarms] = await Promise.all([
      may['device.read'] ? this.devices() : [],
      may['event.read'] ? http.GET('/api/v1/events', { params: { query: { limit: 200 } } }).then((r) => r.data!.items ?? []) : [],
      may['alarm.read'] ? http.GET('/api/v1/alarms', { params: { query: { limit: 1000, states: ['active_unack', 'active_ack', 'cleared_unack', 'cleared_ack'] } } }).then((r) => r.data!.items ?? []) : [],
    ]);
    world.name(devices, !this.great);
    if (this.great) this.names.want(strange(world));
    world.recall(events);
    world.attend(alarms);
    this.loaded = true;
    this.emit();
    // With a box the stream says nothing of what lies outside of it.
    const part = !this.great && [...this.wants.values()].some(Array.isArray) && ![...this.wants.values()].includes('all');
    if (part && may['position.read']) world.hear((await http.GET('/api/v1/positions')).data!.items ?? []);
  }

  /** All devices; none of a great fleet. */
  private async devices(): Promise<Device[]> {
    const out: Device[] = [];
    let after: string | undefined;
    do {
      const { data } = await http.GET('/api/v1/devices', { params: { query: { limit: PAGE, after } } });
      out.push(...(data!.items ?? []));
      after = data!.next;
    } while (after && out.length < (this.great ? PAGE : GREAT));
    const great = Boolean(after);
    if (great !== this.great) {
      this.great = great;
      this.world.great = great;
      this.tell();
    }
    this.counted();
    return great ? [] : out;
  }

  private watch(): Watch {
    const wants = [...this.wants.values()];
    const crowds = this.great && wants.find((w): w is Crowded => typeof w === 'object' && 'zoom' in w);
    if (crowds) return crowds;
    if (wants.some((w) => w === 'all' || (typeof w === 'object' && 'zoom' in w))) return this.great ? OVERVIEW : { all: true };
    const box = wants.find((w): w is Box => Array.isArray(w));
    return box ? { bbox: box } : NOWHERE;
  }

  private tell() { this.stream?.setWatch(this.watch()); }
  private emit() { this.watchers.forEach((w) => w()); }

  private start() {
    if (this.running) return;
    this.running = true;
    // How many devices there are decides what is watched; who may not list them has few.
    const listed = new Promise<void>((done) => { this.counted = done; });
    this.load().catch((err) => console.warn('live:', err)).finally(() => this.counted());
    if (!this.may['stream.read']) return;
    listed.then(() => { if (this.running && !this.stream) this.open(); });
    this.clock = setInterval(() => {
      this.world.tick();
      if (Date.now() - this.named > 60_000 && !document.hidden && this.wants.size) this.load().catch(() => {});
      if (this.stream?.downSince) this.emit(); // its seconds rise
    }, 1000);
  }

  private changed() {
    this.rights++;
    this.emit();
  }

  /** The stream is over for this caller: signed out, or without the module. */
  private ended() {
    http.GET('/api/v1/me').then(() => this.changed(), (err) => {
      if (isProblem(err, 401)) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    });
  }

  private open() {
    this.stream = new Stream(this.watch(), {
      message: (m) => {
        this.world.apply(m);
        if (m.rights) this.changed();
        // A device or fence of which nothing is known yet: somebody added it.
        if (this.great) {
          if (this.may['device.read']) this.names.want(m.positions?.map((p) => p.device).filter((id) => !this.world.devices.get(id)?.record) ?? []);
          return;
        }
        const some = m.positions?.some((p) => !this.world.devices.get(p.device)?.record);
        if (some && this.loaded && Date.now() - this.named > 5000) this.load().catch(() => {});
      },
      link: (state) => {
        // What was drawn while nobody told is not known.
        if (state === 'live' && this.link === 'down') this.world.onplaces.forEach((f) => f());
        this.link = state;
        if (state === 'out') this.ended();
        this.emit();
      },
      missed: () => { this.load().catch(() => {}); },
    }, visiting ? byTicket : undefined);
  }

  private stop() {
    this.running = false;
    this.stream?.close();
    this.stream = undefined;
    clearInterval(this.clock);
    this.link = 'connecting';
  }
}

/** A page cannot name a company when it opens a stream; a ticket that was asked for there does. */
async function byTicket(): Promise<Socket> {
  const { data } = await http.POST('/api/v1/stream/tickets');
  return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream?ticket=${encodeURIComponent(data!.ticket)}`) as unknown as Socket;
}

/** Devices that are shown, or of which something was heard, and whose names are not known. */
const strange = (w: World) => [...w.devices.values()].filter((d) => !d.record).map((d) => d.id);

export type { Event };
