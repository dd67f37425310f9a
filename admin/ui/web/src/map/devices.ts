// Thousands of points with heading, state and name. They are stamped from a
// sheet of ready images, which is what a machine without a GPU draws fastest.
import { crowds, type Crowd } from './cluster';
import { moves, where, type Gliding } from './glide';
import type { Hit, Layer } from './overlay';
import { FONT, type Palette, type State } from './palette';
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

const HEADINGS = 64, SIDE = 30; // pixels of one image
const ROWS: State[] = ['moving', 'stopped', 'silent', 'alarm'];
const NAMED = 160; // more names at once only hide each other
const PLAN = 400; // ms between two gatherings of crowds

export class DeviceLayer implements Layer {
  /** What is shown, in the order of drawing. */
  spots: readonly Spot[] = [];
  group = true;
  selected = '';
  hovered = '';
  private sheet?: HTMLCanvasElement;
  private sheetOf = '';
  private crowds: Crowd<Spot>[] = [];
  private hidden = new Set<Spot>();
  private planned = { at: -Infinity, zoom: -1, spots: this.spots, group: true, selected: '' };
  private drawn: { spot: Spot; px: number; py: number }[] = [];
  private widths = new Map<string, number>();

  constructor(public colours: Palette, private still = () => matchMedia('(prefers-reduced-motion: reduce)').matches) {}

  draw(g: CanvasRenderingContext2D, cam: Camera, now: number): boolean | number {
    const dpr = g.getTransform().a;
    this.plan(cam, now);
    this.drawn = [];
    let gliding = false, pulsing = false;
    const still = this.still(), margin = SIDE, later: { spot: Spot; px: number; py: number }[] = [];
    for (const s of this.spots) {
      if (this.hidden.has(s)) continue;
      const [x, y] = where(s, now), [px, py] = toPixel(cam, x, y);
      if (moves(s, now)) gliding = true;
      if (px < -margin || py < -margin || px > cam.width + margin || py > cam.height + margin) continue;
      this.drawn.push({ spot: s, px, py });
      if (s.pulses || s.id === this.selected) later.push({ spot: s, px, py });
    }
    for (const { spot, px, py } of later) {
      if (spot.pulses && !still) pulsing = true;
      this.ring(g, spot, px, py, still ? 400 : now);
    }
    this.stamp(g, dpr);
    for (const c of this.crowds) if (this.bubble(g, cam, c, now, still)) pulsing = true;
    this.names(g);
    return gliding || (pulsing && 50);
  }

  hit(x: number, y: number, cam: Camera): Hit | undefined {
    let best: Hit | undefined;
    const near = (id: string, kind: string, px: number, py: number, reach: number) => {
      const far = Math.hypot(px - x, py - y);
      if (far < reach && (!best || far < best.far)) best = { layer: this, id, kind, far };
    };
    for (const d of this.drawn) near(d.spot.id, 'device', d.px, d.py, 20);
    this.crowds.forEach((c, i) => near(String(i), 'crowd', ...toPixel(cam, c.x, c.y), radius(c) + 5));
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
  }

  private stamp(g: CanvasRenderingContext2D, dpr: number) {
    const sheet = this.images(dpr), side = Math.round(SIDE * dpr);
    g.save();
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.imageSmoothingEnabled = false;
    for (const { spot: s, px, py } of this.drawn) {
      const heading = s.course === undefined || (s.state !== 'moving' && s.state !== 'alarm') ? HEADINGS : Math.round((s.course / 360) * HEADINGS) % HEADINGS;
      g.drawImage(sheet, heading * side, ROWS.indexOf(s.state) * side, side, side, Math.round(px * dpr - side / 2), Math.round(py * dpr - side / 2), side, side);
    }
    g.restore();
  }

  /** The sheet: a row for each state, a column for each heading, at last the round one. */
  private images(dpr: number): HTMLCanvasElement {
    const of = `${dpr} ${this.colours.moving}`;
    if (this.sheet && this.sheetOf === of) return this.sheet;
    const side = Math.round(SIDE * dpr), sheet = document.createElement('canvas');
    sheet.width = side * (HEADINGS + 1);
    sheet.height = side * ROWS.length;
    const g = sheet.getContext('2d')!;
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
    this.sheetOf = of;
    return (this.sheet = sheet);
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

  private bubble(g: CanvasRenderingContext2D, cam: Camera, c: Crowd<Spot>, now: number, still: boolean): boolean {
    const [px, py] = toPixel(cam, c.x, c.y), r = radius(c);
    if (px < -50 || py < -50 || px > cam.width + 50 || py > cam.height + 50) return false;
    const alarmed = c.members.some((s) => s.state === 'alarm'), pulses = c.members.some((s) => s.pulses);
    g.fillStyle = alarmed ? this.colours.alarm : c.members.some((s) => s.state === 'moving') ? this.colours.moving : c.members.some((s) => s.state === 'stopped') ? this.colours.stopped : this.colours.silent;
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
    g.font = `700 ${c.members.length > 999 ? 12 : 13}px ${FONT}`;
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillText(String(c.members.length), px, py + 0.5);
    return pulses && !still;
  }

  /** Names where they hide no other; the selected one first. */
  private names(g: CanvasRenderingContext2D) {
    const all = this.drawn.length <= NAMED, taken: [number, number, number][] = [];
    const wanted = this.drawn.filter((d) => all || d.spot.id === this.selected || d.spot.id === this.hovered || d.spot.pulses);
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

const weight = (s: Spot, l: DeviceLayer) => (s.id === l.selected ? 4 : 0) + (s.id === l.hovered ? 2 : 0) + (s.pulses ? 1 : 0);
const radius = (c: Crowd<Spot>) => 13 + Math.min(15, 2.4 * Math.log2(c.members.length));
