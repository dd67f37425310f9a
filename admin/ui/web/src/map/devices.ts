// Thousands of points with heading, state and name. They are stamped from a
// sheet of ready images, all at once where they are many.
import { crowds, type Bubble, type Crowd } from './cluster';
import { GLIDE, type Gliding } from './glide';
import type { Hit, Layer } from './overlay';
import { FONT, type Palette, type State } from './palette';
import { STAMP, type Sheet, type Stamps } from './stamps';
import { toPixel, type Camera } from './view';

/** A point as the layer shows it. */
export interface Spot extends Gliding {
  id: string;
  name: string;
  state: State;
  /** Degrees clockwise from north; shown while it moves. */
  course?: number;
  /** Wants attention and nobody has acknowledged it: it pulses. */
  pulses?: boolean;
}

const HEADINGS = 64, SIDE = 25; // pixels of one image
/** From so many in sight on, they are drawn smaller: they are told apart better, and cost half. */
const MANY = 1200;
const FEW = 100; // are stamped one by one
const ROWS: State[] = ['moving', 'stopped', 'silent', 'alarm'];
const ROW: Record<State, number> = { moving: 0, stopped: 1, silent: 2, alarm: 3 };
const NAMED = 160; // more names at once only hide each other
const PLAN = 400; // ms between two gatherings of crowds

export class DeviceLayer implements Layer {
  /** What is shown, in the order of drawing. */
  spots: readonly Spot[] = [];
  group = true;
  /** Crowds that were counted elsewhere; the spots are those that stand alone. */
  given: readonly Bubble[] = [];
  selected = '';
  hovered = '';
  /** Called when points were gathered anew, with how many stand alone and how many bubbles there are. */
  onplan?: (points: number, bubbles: number) => void;
  private sheets = new Map<string, Sheet>();
  private stamps = new Float32Array(STAMP * 1024);
  private crowds: Crowd<Spot>[] = [];
  private bubbles: Bubble[] = [];
  private hidden = new Set<Spot>();
  private planned = { at: -Infinity, zoom: -1, spots: this.spots, group: true, selected: '' };
  // What the last picture showed, and where; arrays that are used again, since a picture is drawn 60 times a second.
  private drawn: Spot[] = [];
  private px = new Float64Array(1024);
  private py = new Float64Array(1024);
  private widths = new Map<string, number>();

  constructor(public colours: Palette, private still = () => matchMedia('(prefers-reduced-motion: reduce)').matches) {}

  draw(g: CanvasRenderingContext2D, cam: Camera, now: number, stamps?: Stamps): boolean | number {
    const dpr = g.getTransform().a;
    this.plan(cam, now);
    if (this.px.length < this.spots.length) [this.px, this.py] = [new Float64Array(2 * this.spots.length), new Float64Array(2 * this.spots.length)];
    const { px, py, drawn, hidden } = this, still = this.still(), crowded = hidden.size > 0;
    const midX = cam.width / 2, midY = cam.height / 2, right = cam.width + SIDE, low = cam.height + SIDE;
    let gliding = false, pulsing = false, n = 0;
    for (const s of this.spots) {
      if (crowded && hidden.has(s)) continue;
      let x = s.x, y = s.y;
      if (s.since !== 0 && now - s.since < GLIDE) { // as where() says, without making a pair for each point
        const part = (now - s.since) / GLIDE, k = part <= 0 ? 0 : 1 - (1 - part) * (1 - part);
        gliding = true;
        x = s.fromX + (x - s.fromX) * k;
        y = s.fromY + (y - s.fromY) * k;
      }
      let dx = x - cam.x;
      dx -= Math.round(dx);
      const atX = dx * cam.scale + midX, atY = (y - cam.y) * cam.scale + midY;
      if (atX < -SIDE || atY < -SIDE || atX > right || atY > low) continue;
      px[n] = atX;
      py[n] = atY;
      drawn[n++] = s;
    }
    drawn.length = n;
    for (let i = 0; i < n; i++) {
      const s = drawn[i]!;
      if (!ringed(s, this)) continue;
      if (s.pulses && !still) pulsing = true;
      this.ring(g, s, px[i]!, py[i]!, still ? 400 : now);
    }
    this.stamp(g, dpr, stamps);
    for (const c of this.bubbles) if (this.bubble(g, cam, c, now, still)) pulsing = true;
    for (const c of this.given) if (this.bubble(g, cam, c, now, still)) pulsing = true;
    this.names(g);
    return gliding || (pulsing && 50);
  }

  hit(x: number, y: number, cam: Camera): Hit | undefined {
    let best: Hit | undefined;
    const near = (id: string, kind: string, px: number, py: number, reach: number) => {
      const far = Math.hypot(px - x, py - y);
      if (far < reach && (!best || far < best.far)) best = { layer: this, id, kind, far };
    };
    this.drawn.forEach((s, i) => near(s.id, 'device', this.px[i]!, this.py[i]!, 20));
    this.bubbles.forEach((c, i) => near(String(i), 'crowd', ...toPixel(cam, c.x, c.y), radius(c) + 5));
    this.given.forEach((c, i) => near(String(i), 'given', ...toPixel(cam, c.x, c.y), radius(c) + 5));
    return best;
  }

  /** The members of a crowd that was hit. */
  crowd(id: string): readonly Spot[] { return this.crowds[Number(id)]?.members ?? []; }

  /** Has the crowds gathered anew at the next frame. */
  replan() { this.planned.at = -Infinity; }

  private plan(cam: Camera, now: number) {
    const { planned: p, selected } = this, zoom = Math.floor(cam.zoom * 2);
    if (p.zoom === zoom && p.spots === this.spots && p.group === this.group && p.selected === selected && now - p.at < PLAN) return;
    this.planned = { at: now, zoom, spots: this.spots, group: this.group, selected };
    this.crowds = this.group ? crowds(this.spots, cam.zoom, (s) => s.id === selected) : [];
    this.hidden = new Set(this.crowds.flatMap((c) => c.members));
    this.bubbles = this.crowds.map((c) => ({ x: c.x, y: c.y, n: c.members.length, state: gravest(c.members), pulses: c.members.some((s) => s.pulses) }));
    this.onplan?.(this.spots.length - this.hidden.size, this.bubbles.length + this.given.length);
  }

  private stamp(g: CanvasRenderingContext2D, dpr: number, stamps?: Stamps) {
    const { drawn, px, py } = this, sheet = this.images(dpr * (drawn.length > MANY ? 0.72 : 1)), { image, side } = sheet;
    // Those with a ring stand on it, and so above all others.
    const above: number[] = [];
    let n = 0;
    if (this.stamps.length < drawn.length * STAMP) this.stamps = new Float32Array(2 * drawn.length * STAMP);
    for (let i = 0; i < drawn.length; i++) {
      const s = drawn[i]!;
      if (ringed(s, this)) { above.push(i); continue; }
      this.stamps[n++] = px[i]! * dpr;
      this.stamps[n++] = py[i]! * dpr;
      this.stamps[n++] = column(s);
      this.stamps[n++] = ROW[s.state];
    }
    g.save();
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.imageSmoothingEnabled = false;
    const one = (x: number, y: number, col: number, row: number) => g.drawImage(image, col * side, row * side, side, side, Math.round(x - side / 2), Math.round(y - side / 2), side, side);
    if (stamps && n > FEW * STAMP) {
      stamps.put(sheet, this.stamps, n / STAMP);
    } else {
      for (let i = 0; i < n; i += STAMP) one(this.stamps[i]!, this.stamps[i + 1]!, this.stamps[i + 2]!, this.stamps[i + 3]!);
    }
    for (const i of above) one(px[i]! * dpr, py[i]! * dpr, column(drawn[i]!), ROW[drawn[i]!.state]);
    g.restore();
  }

  /** The sheet: a row for each state, a column for each heading, at last the round one. */
  private images(dpr: number): Sheet {
    const of = `${dpr} ${this.colours.moving}`, known = this.sheets.get(of);
    if (known) return known;
    const side = Math.round(SIDE * dpr), image = document.createElement('canvas'), sheet = { image, side };
    if (this.sheets.size > 8) this.sheets.clear(); // the window went from screen to screen
    this.sheets.set(of, sheet);
    image.width = side * (HEADINGS + 1);
    image.height = side * ROWS.length;
    const g = image.getContext('2d')!;
    g.strokeStyle = this.colours.rim;
    g.lineJoin = 'round';
    ROWS.forEach((state, row) => {
      g.fillStyle = this.colours[state];
      for (let h = 0; h <= HEADINGS; h++) {
        g.setTransform(dpr, 0, 0, dpr, (h + 0.5) * side, (row + 0.5) * side);
        g.beginPath();
        if (h < HEADINGS) {
          g.rotate((h / HEADINGS) * 2 * Math.PI);
          g.moveTo(0, -10.5);
          g.lineTo(7.4, 8);
          g.lineTo(0, 4.2);
          g.lineTo(-7.4, 8);
          g.closePath();
        } else {
          g.arc(0, 0, 6, 0, 7);
        }
        g.lineWidth = 3;
        g.stroke();
        g.fill();
      }
    });
    return sheet;
  }

  private ring(g: CanvasRenderingContext2D, s: Spot, px: number, py: number, now: number) {
    const colour = this.colours[s.state];
    if (s.pulses) {
      const beat = (now % 1400) / 1400;
      g.globalAlpha = 0.5 * (1 - beat);
      g.fillStyle = this.colours.alarm;
      g.beginPath();
      g.arc(px, py, 9 + 17 * beat, 0, 7);
      g.fill();
    }
    if (s.id === this.selected) {
      g.globalAlpha = 0.2;
      g.fillStyle = colour;
      g.beginPath();
      g.arc(px, py, 19, 0, 7);
      g.fill();
      g.globalAlpha = 0.9;
      g.strokeStyle = colour;
      g.lineWidth = 1.5;
      g.stroke();
    }
    g.globalAlpha = 1;
  }

  private bubble(g: CanvasRenderingContext2D, cam: Camera, c: Bubble, now: number, still: boolean): boolean {
    const [px, py] = toPixel(cam, c.x, c.y), r = radius(c);
    if (px < -50 || py < -50 || px > cam.width + 50 || py > cam.height + 50) return false;
    const { pulses } = c;
    g.fillStyle = this.colours[c.state];
    const beat = still || !pulses ? 0.3 : (now % 1400) / 1400;
    g.globalAlpha = pulses ? 0.45 * (1 - beat) : 0.22;
    g.beginPath();
    g.arc(px, py, r + (pulses ? 3 + 13 * beat : 5), 0, 7);
    g.fill();
    g.globalAlpha = 1;
    g.beginPath();
    g.arc(px, py, r, 0, 7);
    g.fill();
    g.lineWidth = 2;
    g.strokeStyle = this.colours.rim;
    g.stroke();
    g.fillStyle = this.colours.rim;
    g.font = `700 ${c.n > 999 ? 12 : 13}px ${FONT}`;
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillText(brief(c.n), px, py + 0.5);
    return pulses && !still;
  }

  /** Names where they hide no other; the selected one first. */
  private names(g: CanvasRenderingContext2D) {
    const all = this.drawn.length <= NAMED, taken: [number, number, number][] = [];
    const wanted: { spot: Spot; px: number; py: number }[] = [];
    this.drawn.forEach((s, i) => {
      if (all || s.pulses || s.id === this.selected || s.id === this.hovered) wanted.push({ spot: s, px: this.px[i]!, py: this.py[i]! });
    });
    wanted.sort((a, b) => weight(b.spot, this) - weight(a.spot, this));
    g.font = `600 11.5px ${FONT}`;
    g.textAlign = 'center';
    g.textBaseline = 'alphabetic';
    g.lineWidth = 3.2;
    g.lineJoin = 'round';
    for (const { spot, px, py } of wanted.slice(0, NAMED)) {
      let width = this.widths.get(spot.name);
      if (width === undefined) {
        if (this.widths.size > 4000) this.widths.clear();
        this.widths.set(spot.name, (width = g.measureText(spot.name).width));
      }
      const half = width / 2 + 3, y = py + 23;
      if (taken.some(([x2, y2, h2]) => Math.abs(x2 - px) < h2 + half && Math.abs(y2 - y) < 14)) continue;
      taken.push([px, y, half]);
      g.strokeStyle = this.colours.halo;
      g.strokeText(spot.name, px, y);
      g.fillStyle = this.colours.ink;
      g.fillText(spot.name, px, y);
    }
  }
}

const ringed = (s: Spot, l: DeviceLayer) => s.pulses || s.id === l.selected;
/** The image of a heading; the round one for what has none to show. */
const column = (s: Spot) => (s.course === undefined || (s.state !== 'moving' && s.state !== 'alarm') ? HEADINGS : Math.round((s.course / 360) * HEADINGS) % HEADINGS);
const weight = (s: Spot, l: DeviceLayer) => (s.id === l.selected ? 4 : 0) + (s.id === l.hovered ? 2 : 0) + (s.pulses ? 1 : 0);
const radius = (c: Bubble) => 13 + Math.min(15, 2.4 * Math.log2(c.n));
/** 12345 as 12k: a bubble has room for four characters. */
const brief = (n: number) => (n < 10_000 ? String(n) : n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);

function gravest(members: readonly Spot[]): State {
  let of: State = 'silent';
  for (const { state } of members) {
    if (state === 'alarm') return state;
    if (state === 'moving' || of === 'silent') of = state;
  }
  return of;
}
