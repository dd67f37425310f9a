// The pencil: draws on the map, and moves what was drawn. It knows nothing of
// fences; React gives it a draft and hears of each change.
import type { MapMouseEvent, MapTouchEvent } from 'maplibre-gl';
import { metre, project, toPixel, unproject, type Camera, type Layer, type MapHandle } from '@/map';
import { dot, handles, line, mark, middles, shape } from './ink';
import { beside, eastOf, first, holed, inRing, inserted, metres, moved, polygon, removed, rings, shifted, square, type Draft, type LL, type Ref } from './draft';

export type Tool = 'polygon' | 'square' | 'circle' | 'corridor' | 'hole';

interface Events {
  /** The draft changed by hand. */
  changed(draft: Draft | undefined): void;
  tool(tool: Tool | undefined): void;
  /** How many points the shape that is being drawn has by now. */
  points(n: number): void;
  /** A hole was drawn where there is no polygon. */
  outside(): void;
}

type Grip = { does: 'point'; ref: Ref } | { does: 'middle'; ref: Ref } | { does: 'radius' } | { does: 'all' };
type Press = MapMouseEvent | MapTouchEvent;

const CORRIDOR = 100; // metres from the path to either edge, until it is said otherwise
const NEAR = 13, FINGER = 22, STEPS = 200;

export class Editor implements Layer {
  tool?: Tool;
  colour = '#0b7285';
  rim = '#ffffff';
  bad = '#d61f4c';
  halo = '#ffffffe0';
  /** Where the API found a fault. */
  fault?: { at: LL };
  /** Whether the draft may be changed. */
  live = false;
  private points: LL[] = [];
  private pointer?: LL;
  private grip?: { grip: Grip; from: LL; draft: Draft };
  private anchor?: { at: LL; x: number; y: number };
  private past: (Draft | undefined)[] = [];
  private shown?: Draft;
  private cam?: Camera;
  private ends: (() => void)[] = [];

  constructor(private handle: MapHandle, private events: Events) {
    const { map, overlay } = handle;
    this.ends.push(overlay.add('move', this));
    const on = (name: string, f: (e: never) => void) => {
      map.on(name as 'click', f as never);
      this.ends.push(() => map.off(name as 'click', f as never));
    };
    on('click', this.click);
    on('dblclick', this.twice);
    on('contextmenu', this.less);
    for (const name of ['mousedown', 'touchstart']) on(name, this.down);
    for (const name of ['mousemove', 'touchmove']) on(name, this.move);
    for (const name of ['mouseup', 'touchend']) on(name, this.up);
  }

  close() { this.ends.forEach((f) => f()); this.cursor(''); }

  get draft(): Draft | undefined { return this.shown; }
  get canUndo(): boolean { return this.points.length > 0 || this.past.length > 0; }

  /** Shows a draft as it stands, with nothing to undo. */
  load(draft: Draft | undefined, live: boolean) {
    this.shown = draft;
    this.live = live;
    this.past = [];
    this.fault = undefined;
    this.choose(undefined);
  }

  /** Takes a change that was made by numbers. */
  set(draft: Draft) {
    this.keep();
    this.shown = draft;
    this.redraw();
  }

  choose(tool: Tool | undefined) {
    this.tool = tool;
    this.points = [];
    this.anchor = undefined;
    this.handle.map.doubleClickZoom[tool || this.live ? 'disable' : 'enable']();
    this.cursor(tool ? 'crosshair' : '');
    this.events.tool(tool);
    this.events.points(0);
    this.redraw();
  }

  undo() {
    if (this.points.length) {
      this.points = this.points.slice(0, -1);
      this.events.points(this.points.length);
    } else if (this.past.length) {
      this.shown = this.past.pop();
      this.fault = undefined;
      this.events.changed(this.shown);
    }
    this.redraw();
  }

  /** Ends what is being drawn, where it has points enough. With none, a square or circle is put into the middle of the map. */
  finish() {
    const tool = this.tool, points = this.points;
    if (!tool) return;
    if ((tool === 'polygon' || tool === 'hole') && points.length >= 3) {
      const d = tool === 'polygon' ? polygon(points) : this.shown && holed(this.shown, points);
      if (d) this.done(d);
      else { this.events.outside(); this.choose(tool); }
    } else if (tool === 'corridor' && points.length >= 2) {
      this.done({ kind: 'corridor', path: points, width: CORRIDOR });
    } else if ((tool === 'square' || tool === 'circle') && !this.anchor && this.cam) {
      const { cam } = this, r = Math.min(cam.width, cam.height) / 4 / cam.scale;
      const centre = unproject([cam.x, cam.y]);
      this.done(tool === 'square' ? square(unproject([cam.x - r, cam.y + r]), unproject([cam.x + r, cam.y - r])) : { kind: 'circle', centre, radius: metres(centre, unproject([cam.x + r, cam.y])) });
    }
  }

  private done(d: Draft) {
    this.keep();
    this.shown = d;
    this.live = true;
    this.fault = undefined;
    this.choose(undefined);
    this.events.changed(d);
  }

  private keep() {
    this.past.push(this.shown);
    if (this.past.length > STEPS) this.past.shift();
  }

  private at(e: Press): LL { return beside([e.lngLat.lng, Math.max(-85, Math.min(85, e.lngLat.lat))], this.points.at(-1) ?? this.anchor?.at ?? (this.shown && first(this.shown))); }
  private cursor(c: string) { this.handle.map.getCanvas().style.cursor = c; }
  private redraw() { this.handle.overlay.redraw('move'); }

  private click = (e: MapMouseEvent) => {
    if (this.tool !== 'polygon' && this.tool !== 'hole' && this.tool !== 'corridor') return;
    const to = this.pixels(), near = (p: LL | undefined, reach: number) => { if (!p || !to) return false; const [x, y] = to(p); return Math.hypot(x - e.point.x, y - e.point.y) < reach; };
    if (this.tool !== 'corridor' && this.points.length >= 3 && near(this.points[0], NEAR)) { this.finish(); return; }
    if (near(this.points.at(-1), 4)) { if (this.tool === 'corridor') this.finish(); return; }
    this.points = [...this.points, this.at(e)];
    this.events.points(this.points.length);
    this.redraw();
  };

  private twice = (e: MapMouseEvent) => {
    if (!this.tool && !this.live) return;
    e.preventDefault();
    if (this.tool) this.finish();
    else this.less(e);
  };

  /** Takes the point away that is pressed twice, or with the right button. */
  private less = (e: MapMouseEvent) => {
    const grip = this.live && !this.tool ? this.gripAt(e, NEAR) : undefined;
    if (grip?.does !== 'point' || !this.shown) return;
    e.preventDefault();
    const d = removed(this.shown, grip.ref);
    if (d === this.shown) return;
    this.keep();
    this.shown = d;
    this.events.changed(d);
    this.redraw();
  };

  private down = (e: Press) => {
    if ('points' in e && e.points.length > 1) return;
    if (this.tool === 'square' || this.tool === 'circle') {
      e.preventDefault();
      if (!this.anchor) this.anchor = { at: this.at(e), x: e.point.x, y: e.point.y };
      return;
    }
    if (this.tool || !this.live || !this.shown || (e.originalEvent as MouseEvent).button > 0) return;
    const grip = this.gripAt(e, 'points' in e ? FINGER : NEAR);
    if (!grip) return;
    e.preventDefault();
    this.grip = { grip, from: this.at(e), draft: this.shown };
  };

  private move = (e: Press) => {
    this.pointer = this.at(e);
    if (this.grip) {
      if (this.shown === this.grip.draft) this.keep();
      this.shown = this.pulled(this.grip.draft, this.grip.grip, this.pointer, this.grip.from);
      this.fault = undefined;
    } else if (this.tool) {
      this.cursor('crosshair');
    } else if (this.live) {
      const grip = this.gripAt(e, NEAR);
      this.cursor(!grip ? '' : grip.does === 'all' ? 'move' : grip.does === 'middle' ? 'copy' : 'grab');
      return;
    } else {
      return;
    }
    this.redraw();
  };

  private up = (e: Press) => {
    if (this.grip) {
      const changed = this.shown !== this.grip.draft;
      this.grip = undefined;
      if (changed) this.events.changed(this.shown);
      return;
    }
    const a = this.anchor;
    // A short press is the first of two; a long way is drawn in one go.
    if (!a || Math.hypot(e.point.x - a.x, e.point.y - a.y) < 6) return;
    const to = this.at(e);
    this.anchor = undefined;
    if (this.tool === 'square') this.done(square(a.at, to));
    else if (this.tool === 'circle') this.done({ kind: 'circle', centre: a.at, radius: Math.max(1, metres(a.at, to)) });
  };

  private pulled(d: Draft, grip: Grip, to: LL, from: LL): Draft {
    switch (grip.does) {
      case 'point': return moved(d, grip.ref, to);
      case 'middle': return inserted(d, grip.ref, to);
      case 'radius': return d.kind === 'circle' ? { ...d, radius: Math.max(1, metres(d.centre, beside(to, d.centre))) } : d;
      case 'all': return shifted(d, to[0] - from[0], to[1] - from[1]);
    }
  }

  private gripAt(e: Press, reach: number): Grip | undefined {
    const d = this.shown, to = this.pixels();
    if (!d || !to || !this.cam) return undefined;
    const near = (p: LL) => { const [x, y] = to(p); return Math.hypot(x - e.point.x, y - e.point.y) < reach; };
    if (d.kind === 'circle') {
      if (near(eastOf(d.centre, d.radius))) return { does: 'radius' };
      const [x, y] = to(d.centre), r = d.radius * metre(d.centre[1]) * this.cam.scale;
      return Math.hypot(x - e.point.x, y - e.point.y) < Math.max(r, reach) ? { does: 'all' } : undefined;
    }
    const all = rings(d);
    for (const r of all) for (let i = 0; i < r.points.length; i++) if (near(r.points[i]!)) return { does: 'point', ref: { ...r, index: i } };
    for (const r of all) for (const [i, p] of middles(r)) if (near(p)) return { does: 'middle', ref: { ...r, index: i } };
    const at = this.at(e);
    if (d.kind === 'area') return d.parts.some(([outline, ...holes]) => inRing(at, outline!) && !holes.some((h) => inRing(at, h))) ? { does: 'all' } : undefined;
    const wide = Math.max(reach, d.width * metre(at[1]) * this.cam.scale);
    return d.path.some((p, i) => i > 0 && apart([e.point.x, e.point.y], to(d.path[i - 1]!), to(p)) < wide) ? { does: 'all' } : undefined;
  }

  /** Where places stand on the canvas, all on the copy of the world on which the first does. */
  private pixels(): ((p: LL) => [number, number]) | undefined {
    const cam = this.cam, origin = this.points[0] ?? this.anchor?.at ?? (this.shown && first(this.shown)) ?? this.fault?.at;
    if (!cam || !origin) return undefined;
    const [ox, oy] = project(...origin), [bx, by] = toPixel(cam, ox, oy);
    return (p) => { const [x, y] = project(...p); return [bx + (x - ox) * cam.scale, by + (y - oy) * cam.scale]; };
  }

  draw(g: CanvasRenderingContext2D, cam: Camera, now: number): boolean | number | void {
    this.cam = cam;
    const to = this.pixels();
    if (!to) return;
    const half = this.tool && this.tool !== 'hole' ? this.sketch() : undefined;
    if (this.shown && (!this.tool || this.tool === 'hole')) shape(this, g, cam, to, this.shown, false);
    if (half) shape(this, g, cam, to, half, true);
    else if (this.tool && this.points.length) line(this, g, to, [...this.points, ...(this.pointer ? [this.pointer] : [])], this.tool === 'hole');
    if (this.shown && this.live && !this.tool) handles(this, g, to, this.shown);
    for (const [i, p] of this.points.entries()) dot(this, g, to(p), i === 0 && this.points.length > 2 ? 7 : 5, true);
    if (this.fault) { mark(this, g, to(this.fault.at), now); return 50; }
  }

  /** What would be, if the pointer's place were the last. */
  private sketch(): Draft | undefined {
    const p = this.pointer;
    if (this.anchor && p) return this.tool === 'square' ? square(this.anchor.at, p) : { kind: 'circle', centre: this.anchor.at, radius: Math.max(1, metres(this.anchor.at, p)) };
    const points = p ? [...this.points, p] : this.points;
    if (this.tool === 'polygon' && this.points.length >= 2) return polygon(points);
    if (this.tool === 'corridor' && this.points.length && points.length >= 2) return { kind: 'corridor', path: points, width: CORRIDOR };
    return undefined;
  }
}

function apart([x, y]: [number, number], [x0, y0]: [number, number], [x1, y1]: [number, number]): number {
  const dx = x1 - x0, dy = y1 - y0, l = dx * dx + dy * dy, t = l ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / l)) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
