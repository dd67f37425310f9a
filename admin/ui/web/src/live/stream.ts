// The live stream: keeps one websocket open, comes back with its cursor, and
// says since when there is none. docs/api.md has the messages.
import type { Schemas } from '@/api/client';
import type { Box } from '@/map/view';

export type Watch = { all: true } | { devices: string[] } | { bbox: Box } | Crowded;

/** What stands close together comes as crowds, as at a zoom. */
export interface Crowded { bbox: Box; zoom: number; owner?: string; state?: string }

const crowded = (w: Watch): w is Crowded => 'zoom' in w;

/** A crowd: cell, devices, lon, lat, moving, stopped, in alarm, of those unseen. */
export type CrowdRow = [cell: number, n: number, lon: number, lat: number, moving: number, stopped: number, alarm: number, unseen: number];

export interface Total { n: number; moving: number; stopped: number; silent: number; alarm: number; inBox: number; bbox?: Box }

export interface Message {
  type: 'snapshot' | 'delta';
  cursor?: string;
  /** Of all, to be applied first. */
  crowds?: { whole?: boolean; cells?: CrowdRow[]; gone?: number[]; total?: Total };
  gone?: string[];
  positions?: Schemas['PositionView'][];
  events?: Schemas['EventView'][];
  alarms?: Schemas['AlarmView'][];
  /** What the caller may do has changed: /me tells it. */
  rights?: boolean;
  /** Fences or markers changed: read them anew. */
  places?: boolean;
}

/** out: signed out; ended: what was shared with a guest is over. */
export type Link = 'connecting' | 'live' | 'down' | 'out' | 'ended';

interface Listener {
  message(m: Message): void;
  link(state: Link): void;
  /** Events were missed for good: read them from the API. */
  missed(): void;
}

/** What a Stream needs of the browser; tests give their own. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((e: { data: string }) => void) | null;
  onclose: ((e: { code: number }) => void) | null;
}

const SOONEST = 500, LATEST = 15_000; // ms between two attempts

export class Stream {
  private socket?: Socket;
  private cursor = '';
  /** A watch was changed: until its snapshot comes, cursors belong to the one before. */
  private awaiting = false;
  private told = ''; // the watch that the server has, as text
  private toldCrowds = false; // it is one of crowds: another such goes on from the same picture
  private settled = false; // the server has said something: a new watch may follow
  private wait = SOONEST;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private hadSnapshot = false;
  /** Since when there is no connection, by Date.now(); 0 while there is one. */
  downSince = Date.now();

  constructor(
    private watch: Watch, private listener: Listener,
    private dial: () => Socket | Promise<Socket> = () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream`) as unknown as Socket,
    private rate = 4,
  ) {
    this.open();
  }

  /** Watches something else from now on; a snapshot follows. */
  setWatch(watch: Watch) {
    this.watch = watch;
    this.tellWatch();
  }

  /** Tries again now, if it waits for that. */
  retry() {
    if (this.timer === undefined || this.closed) return;
    clearTimeout(this.timer);
    this.wait = SOONEST;
    this.open();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private tellWatch() {
    const text = JSON.stringify(this.watch);
    if (!this.settled || text === this.told) return;
    const goesOn = this.toldCrowds && crowded(this.watch);
    this.told = text;
    this.toldCrowds = crowded(this.watch);
    if (!goesOn) {
      this.awaiting = true;
      this.cursor = '';
    }
    this.socket?.send(JSON.stringify({ type: 'watch', watch: this.watch }));
  }

  private open() {
    this.timer = undefined;
    this.settled = false;
    const dialled = this.dial();
    if (!(dialled instanceof Promise)) {
      this.attach(dialled);
      return;
    }
    dialled.then((socket) => {
      if (this.closed) socket.close();
      else this.attach(socket);
    }, () => { if (!this.closed) this.later(); });
  }

  private attach(socket: Socket) {
    this.socket = socket;
    socket.onopen = () => {
      const text = JSON.stringify(this.watch);
      if (text !== this.told && !(this.toldCrowds && crowded(this.watch))) this.cursor = ''; // it stands for another picture
      this.told = text;
      this.toldCrowds = crowded(this.watch);
      this.awaiting = false;
      socket.send(JSON.stringify({ type: 'hello', watch: this.watch, rate: this.rate, ...(this.cursor && { cursor: this.cursor }) }));
    };
    socket.onmessage = (e) => {
      const m = JSON.parse(e.data) as Message | { type: 'welcome' };
      if (m.type === 'welcome') {
        this.wait = SOONEST;
        this.downSince = 0;
        this.listener.link('live');
        if (this.cursor) this.settle(); // nothing may come for long where nothing changes
        return;
      }
      if (m.type === 'snapshot') {
        // Back after a loss, but the server did not remember the cursor.
        if (this.hadSnapshot && !this.awaiting) this.listener.missed();
        this.hadSnapshot = true;
        this.awaiting = false;
      }
      if (m.cursor && !this.awaiting) this.cursor = m.cursor;
      this.listener.message(m);
      if (m.cursor) this.settle();
    };
    socket.onclose = (e) => {
      if (this.closed || socket !== this.socket) return;
      this.downSince ||= Date.now();
      if (e.code === 4401 || e.code === 4410) {
        this.closed = true;
        this.listener.link(e.code === 4401 ? 'out' : 'ended');
        return;
      }
      if (e.code === 4409) this.cursor = '';
      this.later();
    };
  }

  private later() {
    this.downSince ||= Date.now();
    this.listener.link('down');
    this.timer = setTimeout(() => this.open(), this.wait + Math.random() * 300);
    this.wait = Math.min(this.wait * 2, LATEST);
  }

  private settle() {
    if (this.settled) return;
    this.settled = true;
    this.tellWatch();
  }
}
