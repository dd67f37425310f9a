// What a guest knows: nothing but what the link shows. The token stays in
// memory; where it is refused the link is opened again.
import { http, isProblem, type Schemas } from '@/api/client';
import { Stream, type Socket } from '@/live/stream';
import { World, type Device } from '@/live/world';
import { project, type Point } from '@/map/view';

export type Shared = Schemas['SharedView'];
export type Gate = { at: 'opening' } | { at: 'pin'; wrong?: string } | { at: 'early'; text: string } | { at: 'ended' } | { at: 'wait'; text: string } | { at: 'open'; shared: Shared };

const LOOK = 15_000; // ms between two looks at what the stream does not tell

export class Guest {
  readonly world = new World();
  gate: Gate = { at: 'opening' };
  /** Where each device was, from before this page was opened. */
  trails = new Map<string, Point[]>();
  private secret = '';
  private pin = '';
  private stream?: Stream;
  private timer?: ReturnType<typeof setInterval>;
  private closed = false;

  constructor(private link: string, private nameOf: (n: number) => string, private tell: () => void) {}

  async open(pin = ''): Promise<void> {
    this.pin = pin;
    try {
      const { data } = await http.POST('/api/v1/shared/open', { body: { token: this.link, ...(pin && { pin }) } });
      this.secret = data!.token;
      this.take(data!.shared);
      if (!this.closed) this.start(data!.shared.live);
    } catch (err) {
      this.refuse(err, pin !== '');
    }
  }

  down = () => (this.stream?.downSince ? Math.floor((Date.now() - this.stream.downSince) / 1000) : 0);

  close() {
    this.closed = true;
    this.stream?.close();
    clearInterval(this.timer);
  }

  private set(gate: Gate) {
    this.gate = gate;
    this.tell();
  }

  private refuse(err: unknown, tried: boolean) {
    if (!isProblem(err)) return this.set({ at: 'wait', text: err instanceof Error ? err.message : String(err) });
    if (err.code === 'pin') return this.set({ at: 'pin', wrong: tried ? err.message : undefined });
    if (err.code === 'link-early') return this.set({ at: 'early', text: err.message });
    if (err.status === 429) return this.set({ at: 'wait', text: err.message });
    this.end();
  }

  /** Whatever ended it looks the same. */
  private end() {
    this.close();
    this.set({ at: 'ended' });
  }

  private get asGuest() { return { headers: { Authorization: `Bearer ${this.secret}` } }; }

  private take(shared: Shared) {
    const { world } = this;
    world.name(shared.devices.map((d) => ({ id: d.id, name: d.name || this.nameOf(d.number) }) as Device));
    for (const d of shared.devices) {
      this.trails.set(d.id, d.trail.map((p) => project(p.lon, p.lat)));
      if (d.position) world.place(d.position, performance.now());
    }
    world.tick();
    this.set({ at: 'open', shared });
  }

  private start(live: boolean) {
    this.timer ??= setInterval(async () => {
      this.world.tick();
      try {
        const { data } = await http.GET('/api/v1/shared', this.asGuest);
        this.take(data!);
      } catch (err) {
        if (isProblem(err, 401)) await this.open(this.pin);
        else if (isProblem(err, 410)) this.end();
      }
    }, LOOK);
    if (!live || this.stream) return;
    this.stream = new Stream({ all: true }, {
      message: (m) => this.world.apply({ ...m, events: undefined, alarms: undefined }),
      link: (state) => { if (state === 'ended') this.end(); },
      missed: () => {},
    }, async () => {
      const { data } = await http.POST('/api/v1/stream/tickets', this.asGuest);
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      return new WebSocket(`${scheme}://${location.host}/api/v1/stream?ticket=${encodeURIComponent(data!.ticket)}`) as unknown as Socket;
    });
  }
}
