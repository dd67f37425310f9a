// What the live map draws and how it answers the pointer; React tells it what
// is chosen, the world tells it what moved.
import type { Dev, World } from '@/live';
import { Tape } from './measure';
import { DeviceLayer, FenceLayer, GridLayer, MarkerLayer, MeLayer, TrailLayer, around, boxOf, palette, unproject, type Area, type Box, type MapHandle, type Marker, type Point } from '@/map';

export interface SceneEvents {
  device(id: string): void;
  fence(id: string): void;
  nothing(): void;
  /** The view was moved by hand: following ends. */
  moved(): void;
  /** What is in sight, and some room round it, has changed. */
  sight(box: Box, zoom: number): void;
}

const CARD = 332; // pixels that the card takes at the left
const SHORT_TRAILS = 300; // devices; more would only be a tangle

export class Scene {
  readonly devices: DeviceLayer;
  readonly fences: FenceLayer;
  readonly markers: MarkerLayer;
  readonly grid: GridLayer;
  readonly trails = new TrailLayer();
  readonly me = new MeLayer();
  readonly tape: Tape;
  /** Which devices are shown. */
  filter: (d: Dev) => boolean = () => true;
  follow = '';
  showFences = true;
  showMarkers = true;
  showTrails = true;
  private areas: Area[] = [];
  private pins: Marker[] = [];
  private long: { id: string; points: Point[] }[] = [];
  private fitted = false;
  private rested = ''; // what the plane of what rests was drawn with
  private ends: (() => void)[] = [];

  constructor(readonly handle: MapHandle, readonly world: World, isDark: boolean, private events: SceneEvents) {
    const c = palette(isDark), { map, overlay } = handle;
    this.devices = new DeviceLayer(c);
    // For tests and for whoever looks into the page: how many points and bubbles are shown.
    this.devices.onplan = (points, bubbles) => map.getContainer().setAttribute('data-points', `${points} ${bubbles}`);
    this.fences = new FenceLayer(c);
    this.markers = new MarkerLayer(c);
    this.grid = new GridLayer(c);
    this.tape = new Tape(c, () => document.documentElement.lang || 'en');
    overlay.add('rest', this.grid, this.fences, this.trails, this.markers);
    overlay.add('move', this.me, this.devices, this.tape);
    const moved = () => this.update();
    world.onmove.add(moved);
    this.ends.push(() => world.onmove.delete(moved));
    map.on('click', (e) => this.pick(e.point.x, e.point.y));
    map.on('mousemove', (e) => this.hover(e.point.x, e.point.y));
    map.on('movestart', (e) => { if (e.originalEvent) { this.fitted = true; events.moved(); } });
    const sight = () => events.sight(boxOf(overlay.camera, 0.5), map.getZoom());
    map.on('moveend', sight);
    sight();
    this.ends.push(() => map.off('moveend', sight));
    this.update();
  }

  colour(isDark: boolean) {
    const c = palette(isDark);
    for (const l of [this.devices, this.fences, this.markers, this.grid, this.tape]) l.colours = c;
    this.update();
    this.handle.overlay.redraw();
  }

  setPlaces(areas: Area[], pins: Marker[]) {
    this.areas = areas;
    this.pins = pins;
    this.rested = '';
    this.update();
  }

  /** Where a device has been, from its history. */
  setLong(id: string, points: Point[] | undefined) {
    this.long = this.long.filter((l) => l.id !== id);
    if (points) this.long.push({ id, points });
    this.update();
  }
  clearLong() { this.long = []; this.update(); }

  select(id: string, centre: boolean) {
    this.devices.selected = id;
    const d = this.world.devices.get(id);
    if (centre && d?.placed) this.centre(d);
    this.update();
  }

  /** Begins to measure, or ends it. */
  measure(on: boolean) {
    this.tape.on = on;
    this.tape.clear();
    this.handle.map.doubleClickZoom[on ? 'disable' : 'enable']();
    this.handle.map.getCanvas().style.cursor = on ? 'crosshair' : '';
    this.handle.overlay.redraw('move');
  }

  /** Shows a place at least as near as a zoom. */
  centre(d: { x: number; y: number }, zoom = 13) {
    const { map } = this.handle;
    this.fitted = true;
    map.easeTo({ center: unproject([d.x, d.y]), zoom: Math.max(map.getZoom(), zoom), duration: this.calm(500), offset: this.aside() });
  }

  /** Begins at a part of the world instead of around all. */
  begin(box: [number, number, number, number]) {
    this.fitted = true;
    this.handle.fit(box, { maxZoom: 20, animate: false });
  }

  /** Shows all that is shown. */
  fit(animate = true) {
    if (this.world.total?.bbox) {
      this.handle.fit(this.world.total.bbox, { maxZoom: 14, animate });
      return;
    }
    const shown = this.devices.spots.map((s) => unproject([s.x, s.y]));
    const places = shown.length ? shown : [...this.areas.flatMap((a) => [unproject([a.box[0], a.box[1]]), unproject([a.box[2], a.box[3]])]), ...this.pins.map((m) => [m.lon, m.lat] as const)];
    const box = around(places);
    if (box) this.handle.fit(box, { maxZoom: 14, animate });
  }

  /** Takes what changed over and draws. */
  update() {
    // The gravest are drawn last, above the others.
    const by: Record<Dev['state'], Dev[]> = { silent: [], stopped: [], moving: [], alarm: [] };
    for (const d of this.world.devices.values()) if (d.placed && (d.record || this.world.great) && this.filter(d)) by[d.state].push(d);
    const shown = [...by.silent, ...by.stopped, ...by.moving, ...by.alarm];
    this.devices.spots = shown;
    this.devices.given = [...this.world.crowds.values()];
    this.fences.areas = this.showFences ? this.areas : [];
    this.markers.markers = this.showMarkers ? this.pins : [];
    const c = this.devices.colours, near = this.handle.map.getZoom() > 8.5;
    const short = !this.showTrails ? [] : shown.filter((d) => d.trail.length > 1 && (d.id === this.devices.selected || (near && shown.length <= SHORT_TRAILS)));
    this.trails.trails = [
      ...short.map((d) => ({ points: d.trail, colour: c[d.state], strong: d.id === this.devices.selected })),
      ...this.long.map((l) => ({ points: l.points, colour: c.accent, strong: true })),
    ];
    if (!this.fitted && (shown.length || this.world.total?.n)) {
      this.fitted = true;
      this.fit(false);
    }
    const led = this.follow ? this.world.devices.get(this.follow) : undefined;
    if (led?.placed) this.handle.map.easeTo({ center: unproject([led.x, led.y]), duration: this.calm(900), offset: this.aside(), easing: (t) => 1 - (1 - t) * (1 - t) });
    this.handle.overlay.redraw('move');
    const drawn = `${this.trails.trails.length} ${this.areas.length} ${this.showFences} ${this.pins.length} ${this.showMarkers}`;
    if (this.trails.trails.length || drawn !== this.rested) this.handle.overlay.redraw('rest');
    this.rested = drawn;
  }

  close() {
    this.ends.forEach((f) => f());
    this.ends = [];
  }

  /** The card covers a part of the map: what is looked at stands in the middle of the rest. */
  private aside(): [number, number] {
    const { clientWidth: w, clientHeight: h } = this.handle.map.getContainer();
    if (!this.devices.selected) return [0, 0];
    if (matchMedia('(max-width: 48em)').matches) return [0, -h / 5]; // the card lies at the bottom, as map.css says
    return [w > CARD + 120 ? CARD / 2 : 0, 0];
  }

  private calm = (ms: number) => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms);

  private pick(x: number, y: number) {
    if (this.tape.on) {
      this.tape.add(x, y, this.handle.overlay.camera);
      this.handle.overlay.redraw('move');
      return;
    }
    const hit = this.handle.overlay.hit(x, y);
    if (hit?.kind === 'crowd') {
      const box = around(this.devices.crowd(hit.id).map((s) => unproject([s.x, s.y])));
      if (box) this.handle.fit(box, { maxZoom: 17.5 });
      this.fitted = true;
    } else if (hit?.kind === 'given') {
      const c = this.devices.given[Number(hit.id)], { map } = this.handle;
      if (c) map.easeTo({ center: unproject([c.x, c.y]), zoom: Math.min(20, map.getZoom() + 2), duration: this.calm(400) });
      this.fitted = true;
    } else if (hit?.kind === 'device') {
      this.events.device(hit.id);
    } else if (hit?.kind === 'fence') {
      this.fences.selected = this.fences.selected === hit.id ? '' : hit.id;
      this.handle.overlay.redraw('rest');
      this.events.fence(this.fences.selected);
    } else {
      this.fences.selected = '';
      this.handle.overlay.redraw('rest');
      this.events.nothing();
    }
  }

  private hover(x: number, y: number) {
    if (this.tape.on) {
      this.tape.move(x, y, this.handle.overlay.camera);
      this.handle.overlay.redraw('move');
      return;
    }
    const hit = this.handle.overlay.hit(x, y), id = hit?.kind === 'device' ? hit.id : '';
    this.handle.map.getCanvas().style.cursor = hit && hit.kind !== 'fence' ? 'pointer' : '';
    if (id === this.devices.hovered) return;
    this.devices.hovered = id;
    this.handle.overlay.redraw('move');
  }
}
