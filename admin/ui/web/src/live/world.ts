// What the pages know of devices, positions, events and alarms, kept up by the
// stream. It lives outside of React: thousands of points move without a
// component being rendered; who shows numbers or lists subscribes, and is told
// at most four times a second; of a great fleet, once.
import type { Schemas } from '@/api/client';
import { send } from '@/map/glide';
import { project, type Point } from '@/map/view';
import type { Spot } from '@/map/devices';
import type { Message, Total } from './stream';

export type Position = Schemas['PositionView'];
export type Event = Schemas['EventView'];
export type Alarm = Schemas['AlarmView'];
export type Device = Schemas['Device'];

/** A device as it stands. x and y are of use only where placed. */
export interface Dev extends Spot {
  record?: Device;
  position?: Position;
  placed: boolean;
  /** When it was last heard of, ms; 0: never. */
  heard: number;
  /** When something last happened to it, ms; 0: nothing known. */
  lastEvent: number;
  connected: boolean;
  /** Where it has been since the page was opened. */
  trail: Point[];
  alarm?: Alarm;
  /** For searching, in lower case. */
  text: string;
  /** Its place among all by name. */
  rank: number;
}

/** Devices that stand close together, as the server counted them. */
export interface Crowd { cell: number; n: number; x: number; y: number; state: Dev['state']; pulses: boolean }

const SILENT = 10 * 60e3, TRAIL = 120, EVENTS = 500;
/** From so many km/h a device moves. */
const DRIVES = 3;

export const isOpen = (a: Alarm) => a.state !== 'closed';
/** What makes a device red: other things that want attention do not. */
export const isAlarm = (a: Alarm) => a.critical || a.kind === 'alarm';
export const isUnseen = (a: Alarm) => a.state === 'active_unack' || a.state === 'cleared_unack';

export class World {
  devices = new Map<string, Dev>();
  /** The newest first. */
  events: Event[] = [];
  alarms = new Map<string, Alarm>();
  /** Of a great fleet, which is never known whole. */
  great = false;
  crowds = new Map<number, Crowd>();
  total?: Total;
  /** Rises with every change that lists and numbers show. */
  version = 0;
  /** Called at once when points changed, for whoever draws. */
  onmove = new Set<() => void>();
  /** Called with an event that the stream brought. */
  onevent = new Set<(e: Event) => void>();
  /** Called with an alarm as it changed. */
  onalarm = new Set<(a: Alarm, before: Alarm | undefined) => void>();
  /** Called when fences or markers changed, or may have. */
  onplaces = new Set<() => void>();
  private watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private snapshot?: Set<string>;

  subscribe = (tell: () => void) => {
    this.watchers.add(tell);
    return () => { this.watchers.delete(tell); };
  };

  /** Points changed: draw now, tell lists soon. */
  private changed() {
    this.onmove.forEach((f) => f());
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.version++;
      this.watchers.forEach((w) => w());
    }, this.devices.size > 1000 ? 1000 : 250);
  }

  device(id: string): Dev {
    let d = this.devices.get(id);
    if (!d) {
      d = {
        id, name: id.slice(-5), text: id.toLowerCase(), state: 'silent', x: 0.5, y: 0.5, fromX: 0.5, fromY: 0.5, since: 0,
        placed: false, heard: 0, lastEvent: 0, connected: false, trail: [], rank: 0,
      };
      this.devices.set(id, d);
    }
    return d;
  }

  /** Takes the list of all devices over; what it does not have goes, unless it is but a part. */
  name(records: Device[], all = true) {
    const listed = new Set(records.map((r) => r.id)), { compare } = new Intl.Collator(undefined, { numeric: true });
    for (const r of records) {
      const d = this.device(r.id);
      d.record = r;
      d.name = r.name;
      d.text = [r.name, r.plate, r.uniqueId, r.model, ...(r.labels ?? [])].join(' ').toLowerCase();
      this.judge(d);
    }
    if (all) for (const [id, d] of this.devices) if (d.record && !listed.has(id)) this.devices.delete(id);
    if (all) [...this.devices.values()].sort((a, b) => compare(a.name, b.name)).forEach((d, i) => { d.rank = i; });
    this.changed();
  }

  place(p: Position, glide: number) {
    const d = this.device(p.device), time = Date.parse(p.time);
    if (d.position && time < Date.parse(d.position.time)) return;
    const [x, y] = project(p.lon, p.lat), last = d.trail.at(-1);
    send(d, x, y, d.placed ? glide : 0);
    if (!last || last[0] !== x || last[1] !== y) {
      d.trail.push([x, y]);
      if (d.trail.length > TRAIL) d.trail.shift();
    }
    d.placed = true;
    d.position = p;
    d.course = p.course ?? undefined;
    d.heard = Math.max(time, Date.parse(p.received ?? p.time));
    this.judge(d);
  }

  /** Takes over when devices were heard of that the stream does not tell of, being out of sight. */
  hear(positions: Position[]) {
    for (const p of positions) {
      const d = this.devices.get(p.device);
      if (!d || d.placed || (d.position && d.position.time >= p.time)) continue;
      d.position = p;
      d.heard = Math.max(Date.parse(p.time), Date.parse(p.received ?? p.time));
      [d.x, d.y] = project(p.lon, p.lat); // where to look for it
      d.since = 0;
      this.judge(d);
    }
    this.changed();
  }

  /** Takes events that the API listed. */
  recall(events: Event[]) {
    for (const e of events) this.happen(e);
    this.changed();
  }

  /** Takes the open alarms that the API listed. */
  attend(alarms: Alarm[]) {
    const listed = new Set(alarms.map((a) => a.id));
    for (const id of this.alarms.keys()) if (!listed.has(id)) this.alarms.delete(id);
    for (const a of alarms) this.raise(a);
    for (const d of this.devices.values()) if (d.alarm) this.alarmOf(d);
    for (const a of this.alarms.values()) this.alarmOf(this.device(a.device));
    this.changed();
  }

  apply(m: Message, now = performance.now()) {
    if (m.type === 'snapshot') {
      this.snapshot = new Set();
      if (!m.crowds) this.forgetCrowds();
    }
    if (m.places) this.onplaces.forEach((f) => f());
    if (m.crowds) this.gather(m.crowds);
    for (const id of m.gone ?? []) this.leave(id);
    // What comes while nobody looks is where it is when somebody does.
    const glide = m.type === 'snapshot' || document.hidden ? 0 : now;
    for (const p of m.positions ?? []) {
      this.snapshot?.add(p.device);
      this.place(p, glide);
    }
    if (this.snapshot && m.cursor) { // the snapshot is whole: what it did not tell is not to be seen
      for (const d of this.devices.values()) if (d.placed && !this.snapshot.has(d.id)) this.leave(d.id);
      this.snapshot = undefined;
    }
    for (const e of m.events ?? []) if (this.happen(e)) this.onevent.forEach((f) => f(e));
    for (const a of m.alarms ?? []) {
      const before = this.alarms.get(a.id);
      if (!this.raise(a)) continue;
      this.alarmOf(this.device(a.device));
      this.onalarm.forEach((f) => f(a, before));
    }
    this.changed();
  }

  private forgetCrowds() {
    this.crowds.clear();
    this.total = undefined;
  }

  private gather(c: NonNullable<Message['crowds']>) {
    if (c.whole) {
      this.forgetCrowds();
      for (const d of this.devices.values()) if (d.placed) this.leave(d.id);
    }
    for (const cell of c.gone ?? []) this.crowds.delete(cell);
    for (const [cell, n, lon, lat, moving, stopped, alarm, unseen] of c.cells ?? []) {
      const [x, y] = project(lon, lat);
      this.crowds.set(cell, { cell, n, x, y, state: alarm ? 'alarm' : moving ? 'moving' : stopped ? 'stopped' : 'silent', pulses: unseen > 0 });
    }
    if (c.total) this.total = c.total;
  }

  /** Looks again at what time alone changes. */
  tick() {
    let some = false;
    for (const d of this.devices.values()) {
      const before = d.state, was = d.connected;
      this.judge(d);
      if (d.state !== before || d.connected !== was) some = true;
    }
    if (some) this.changed();
  }

  /** It is no longer to be seen; where it was last is kept for the list. */
  private leave(id: string) {
    const d = this.devices.get(id);
    if (!d) return;
    if (!d.record) this.devices.delete(id);
    d.placed = false;
    d.trail = [];
  }

  private judge(d: Dev, now = Date.now()) {
    const patience = d.record?.offlineAfter || SILENT;
    d.connected = d.heard > 0 && (patience < 0 || now - d.heard < patience);
    d.state = d.alarm ? 'alarm' : !d.connected ? 'silent' : (d.position?.speed ?? 0) >= DRIVES ? 'moving' : 'stopped';
    d.pulses = d.alarm !== undefined && isUnseen(d.alarm);
  }

  /** An event that late reports amended or withdrew takes the place of the one before. */
  private happen(e: Event): boolean {
    const known = this.events.findIndex((o) => o.id === e.id);
    if (known >= 0) {
      if ((this.events[known]!.revised ?? '') >= (e.revised ?? '')) return false;
      this.events.splice(known, 1);
    }
    const at = this.events.findIndex((o) => o.time <= e.time);
    this.events.splice(at < 0 ? this.events.length : at, 0, e);
    if (this.events.length > EVENTS) this.events.length = EVENTS;
    const d = this.devices.get(e.device);
    if (d) d.lastEvent = Math.max(d.lastEvent, Date.parse(e.time));
    return true;
  }

  private raise(a: Alarm): boolean {
    const before = this.alarms.get(a.id);
    if (before && before.version >= a.version) return false;
    if (isOpen(a)) this.alarms.set(a.id, a);
    else if (!this.alarms.delete(a.id)) return false;
    return true;
  }

  /** The gravest open alarm of a device. */
  private alarmOf(d: Dev) {
    d.alarm = undefined;
    for (const a of this.alarms.values()) if (a.device === d.id && isAlarm(a) && (!d.alarm || (isUnseen(a) && !isUnseen(d.alarm)))) d.alarm = a;
    this.judge(d);
  }
}
