// One stream and one World for all pages of the tab. The stream runs while a
// page wants it; without a page that shows positions only events and alarms
// are watched, so that the bell costs next to nothing.
import { http } from '@/api/client';
import { visiting } from '@/api/workplace';
import type { Box } from '@/map/view';
import { Stream, type Link, type Socket, type Watch } from './stream';
import { World, type Device, type Event } from './world';

/** What a page wants of positions: all, those in a box, or none. */
export type Want = 'all' | 'none' | Box;

const NOWHERE: Watch = { bbox: [0, 90, 0, 90] }; // no position; events and alarms all the same
const PAGE = 1000, MOST = 100_000;

/** What the caller may read; the rest is not asked for. */
export type May = Record<string, unknown>;

export class Session {
  readonly world = new World();
  link: Link = 'connecting';
  /** Names, events and alarms were read once. */
  loaded = false;
  private stream?: Stream;
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
      may['device.read'] ? allDevices() : [],
      may['event.read'] ? http.GET('/api/v1/events', { params: { query: { limit: 200 } } }).then((r) => r.data!.items ?? []) : [],
      may['alarm.read'] ? http.GET('/api/v1/alarms', { params: { query: { limit: 1000, states: ['active_unack', 'active_ack', 'cleared_unack', 'cleared_ack'] } } }).then((r) => r.data!.items ?? []) : [],
    ]);
    world.name(devices);
    world.recall(events);
    world.attend(alarms);
    this.loaded = true;
    this.emit();
    // With a box the stream says nothing of what lies outside of it.
    const part = [...this.wants.values()].some(Array.isArray) && ![...this.wants.values()].includes('all');
    if (part && may['position.read']) world.hear((await http.GET('/api/v1/positions')).data!.items ?? []);
  }

  private watch(): Watch {
    const wants = [...this.wants.values()];
    if (wants.includes('all')) return { all: true };
    const box = wants.find((w): w is Box => Array.isArray(w));
    return box ? { bbox: box } : NOWHERE;
  }

  private tell() { this.stream?.setWatch(this.watch()); }
  private emit() { this.watchers.forEach((w) => w()); }

  private start() {
    if (this.stream) return;
    this.load().catch((err) => console.warn('live:', err));
    if (!this.may['stream.read']) return;
    this.stream = new Stream(this.watch(), {
      message: (m) => {
        this.world.apply(m);
        // A device or fence of which nothing is known yet: somebody added it.
        const strange = m.positions?.some((p) => !this.world.devices.get(p.device)?.record);
        if (strange && this.loaded && Date.now() - this.named > 5000) this.load().catch(() => {});
      },
      link: (state) => {
        this.link = state;
        if (state === 'out') location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
        this.emit();
      },
      missed: () => { this.load().catch(() => {}); },
    }, visiting ? byTicket : undefined);
    this.clock = setInterval(() => {
      this.world.tick();
      if (Date.now() - this.named > 60_000 && !document.hidden && this.wants.size) this.load().catch(() => {});
      if (this.stream?.downSince) this.emit(); // its seconds rise
    }, 1000);
  }

  private stop() {
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

async function allDevices(): Promise<Device[]> {
  const out: Device[] = [];
  let after: string | undefined;
  do {
    const { data } = await http.GET('/api/v1/devices', { params: { query: { limit: PAGE, after } } });
    out.push(...(data!.items ?? []));
    after = data!.next;
  } while (after && out.length < MOST);
  return out;
}

export type { Event };
