// What the page knows: devices, fences and events, kept up by the stream.

import { project } from './view.js';

const TRAIL = 80, SILENT = 10 * 60e3, EVENTS = 200, ALARMED = 60e3;

export class World {
  constructor() {
    this.devices = new Map(); // id -> {id, name, plate, time, point, trail, state, ...}
    this.fences = new Map();
    this.events = []; // newest first
    this.known = new Set(); // IDs of events
    this.selected = '';
  }

  device(id) {
    let d = this.devices.get(id);
    if (!d) this.devices.set(id, d = { id, name: id.slice(-5), plate: '', time: 0, received: 0, point: null, trail: [], state: 'silent', last: 0 });
    return d;
  }

  // name takes over the records; what is no longer listed goes.
  name(records) {
    const listed = new Set();
    for (const r of records) {
      listed.add(r.id);
      Object.assign(this.device(r.id), { name: r.name, plate: r.plate || '', uniqueId: r.uniqueId, named: true });
    }
    for (const [id, d] of this.devices) if (d.named && !listed.has(id)) this.devices.delete(id);
  }

  place(p) {
    const d = this.device(p.device), time = Date.parse(p.time), point = project(p.lon, p.lat);
    if (time < d.time) return d;
    if (!d.trail.length || d.trail.at(-1)[0] !== point[0] || d.trail.at(-1)[1] !== point[1]) {
      d.trail.push(point);
      if (d.trail.length > TRAIL) d.trail.shift();
    }
    Object.assign(d, {
      time, point, received: Date.parse(p.received || p.time), lon: p.lon, lat: p.lat, speed: p.speed, course: p.course,
      protocol: p.protocol, ignition: p.ignition,
    });
    this.judge(d);
    return d;
  }

  judge(d, now = Date.now()) {
    if (!d.point) d.state = 'silent';
    else if (now - d.received > SILENT && now - d.time > SILENT) d.state = 'silent';
    else d.state = (d.speed || 0) >= 3 ? 'moving' : 'stopped';
    d.alarmed = now - (d.alarmAt || 0) < ALARMED;
  }

  // happen adds an event; it reports false for one that is known. One that a
  // late report amended or withdrew takes the place of the one shown.
  happen(e) {
    if (this.known.has(e.id)) {
      const i = this.events.findIndex((o) => o.id === e.id);
      if (i >= 0 && (this.events[i].revised || '') >= (e.revised || '')) return false;
      if (i >= 0) this.events.splice(i, 1);
    }
    this.known.add(e.id);
    e.ms = Date.parse(e.time);
    const at = this.events.findIndex((o) => o.ms <= e.ms);
    this.events.splice(at < 0 ? this.events.length : at, 0, e);
    while (this.events.length > EVENTS) this.known.delete(this.events.pop().id);
    const d = this.device(e.device);
    d.last = Math.max(d.last, e.ms);
    if (e.kind === 'alarm') d.alarmAt = Math.max(d.alarmAt || 0, e.ms);
    return true;
  }

  fence(f) {
    const s = f.shape, out = { id: f.id, name: f.name, colour: f.colour, paused: f.paused };
    if (!s) return;
    if (s.type === 'Point') {
      out.circle = project(...s.coordinates);
      out.radius = s.radius;
      const r = s.radius / (40075016.7 * Math.cos(s.coordinates[1] * Math.PI / 180));
      Object.assign(out, { anchor: out.circle, span: 2 * r, rise: r, box: [[out.circle[0] - r, out.circle[1] - r], [out.circle[0] + r, out.circle[1] + r]] });
    } else {
      if (s.type === 'LineString') {
        out.line = s.coordinates.map((p) => project(...p));
        out.width = s.width;
      } else {
        out.rings = (s.type === 'Polygon' ? [s.coordinates] : s.coordinates).flat().map((ring) => ring.map((p) => project(...p)));
      }
      const points = out.line || out.rings.flat(), xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
      const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      Object.assign(out, { anchor: [(x0 + x1) / 2, (y0 + y1) / 2], span: x1 - x0, rise: (y1 - y0) / 2, box: [[x0, y0], [x1, y1]] });
    }
    this.fences.set(f.id, out);
  }

  // shown is what a view of everything has to show.
  shown() {
    const points = [...this.devices.values()].filter((d) => d.point).map((d) => d.point);
    return points.length ? points : [...this.fences.values()].flatMap((f) => f.box);
  }
}
