// What a playback draws: tracks coloured by speed, stops, event marks, and the
// devices where they were at the player's time.
import type { Hit, Layer } from '@/map/overlay';
import { FONT, type Palette } from '@/map/palette';
import type { Camera } from '@/map/view';
import { thin, whereAt, type Track } from './track';

/** From slow to fast: apart for those who see red and green alike, by lightness too. */
export const SPEEDS = ['#3b5bdb', '#0c9bb0', '#2f9e44', '#f08c00', '#d6336c'] as const;
/** Which device a track is of, where there are several. */
export const OWN = ['#0b7285', '#9c36b5', '#c2410c', '#2b8a3e', '#364fc7'] as const;

export interface Stop { id: string; x: number; y: number; text: string }
export interface Mark { id: string; x: number; y: number; colour: string }

/** How far a track is shifted so that it stands on the copy of the world that is in sight. */
const copyOf = (t: Track, cam: Camera) => Math.round(cam.x - (t.box[0] + t.box[2]) / 2);
const nearest = (x: number, cam: Camera) => x + Math.round(cam.x - x);

export class TracksLayer implements Layer {
  tracks: readonly Track[] = [];
  constructor(public colours: Palette) {}

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    g.lineCap = g.lineJoin = 'round';
    for (const [n, t] of this.tracks.entries()) {
      const by = copyOf(t, cam), runs: number[][][] = SPEEDS.map(() => []);
      thin(t, (x) => (x + by - cam.x) * cam.scale + cam.width / 2, (y) => (y - cam.y) * cam.scale + cam.height / 2, cam.width, cam.height, (c, p) => runs[c]!.push(p));
      // Beneath all of it a rim, so that it stands out of the land, and tells whose it is.
      const many = this.tracks.length > 1;
      this.strokeAll(g, runs.flat(), many ? OWN[n % OWN.length]! : this.colours.halo, many ? 9 : 6.5, many ? 0.4 : 0.9);
      for (const [c, lines] of runs.entries()) this.strokeAll(g, lines, SPEEDS[c]!, 3.6, 1);
    }
  }

  private strokeAll(g: CanvasRenderingContext2D, lines: number[][], colour: string, width: number, alpha: number) {
    if (!lines.length) return;
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.globalAlpha = alpha;
    g.beginPath();
    for (const p of lines) {
      g.moveTo(p[0]!, p[1]!);
      for (let i = 2; i < p.length; i += 2) g.lineTo(p[i]!, p[i + 1]!);
    }
    g.stroke();
    g.globalAlpha = 1;
  }
}

export class StopsLayer implements Layer {
  stops: readonly Stop[] = [];
  marks: readonly Mark[] = [];
  selected = '';
  constructor(public colours: Palette) {}

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    for (const m of this.marks) {
      const [px, py] = this.at(m, cam);
      g.beginPath();
      for (const [i, [dx, dy]] of [[0, -7], [7, 0], [0, 7], [-7, 0]].entries()) g[i ? 'lineTo' : 'moveTo'](px + dx!, py + dy!);
      g.closePath();
      g.fillStyle = m.colour;
      g.strokeStyle = this.colours.rim;
      g.lineWidth = m.id === this.selected ? 4 : 2;
      g.stroke();
      g.fill();
    }
    g.font = `650 11px ${FONT}`;
    for (const s of this.stops) {
      const [px, py] = this.at(s, cam), chosen = s.id === this.selected, w = g.measureText(s.text).width / 2 + 8;
      if (px < -w || py < -20 || px > cam.width + w || py > cam.height + 20) continue;
      g.fillStyle = chosen ? this.colours.accent : this.colours.ink;
      g.strokeStyle = this.colours.rim;
      g.lineWidth = chosen ? 4 : 2;
      g.beginPath();
      g.roundRect(px - w, py - 10, 2 * w, 20, 10);
      g.stroke();
      g.fill();
      g.fillStyle = this.colours.rim;
      g.fillText(s.text, px, py + 0.5);
    }
  }

  hit(x: number, y: number, cam: Camera): Hit | undefined {
    let best: Hit | undefined;
    const near = (of: { id: string; x: number; y: number }, kind: string, reach: number) => {
      const [px, py] = this.at(of, cam), far = Math.hypot(px - x, py - y);
      if (far < reach && (!best || far < best.far)) best = { layer: this, id: of.id, kind, far };
    };
    for (const m of this.marks) near(m, 'mark', 12);
    for (const s of this.stops) near(s, 'stop', 18);
    return best;
  }

  private at = (p: { x: number; y: number }, cam: Camera): [number, number] => [(nearest(p.x, cam) - cam.x) * cam.scale + cam.width / 2, (p.y - cam.y) * cam.scale + cam.height / 2];
}

/** The devices at the player's time. */
export class ThenLayer implements Layer {
  tracks: readonly Track[] = [];
  time = 0;
  constructor(public colours: Palette) {}

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    for (const [n, t] of this.tracks.entries()) {
      const at = whereAt(t, this.time);
      if (!at) continue;
      const px = (nearest(at.x, cam) - cam.x) * cam.scale + cam.width / 2, py = (at.y - cam.y) * cam.scale + cam.height / 2;
      const colour = this.tracks.length > 1 ? OWN[n % OWN.length]! : this.colours.accent;
      g.fillStyle = colour;
      g.strokeStyle = this.colours.rim;
      g.lineWidth = 3;
      g.beginPath();
      g.arc(px, py, 10, 0, 7);
      g.stroke();
      g.fill();
      if (at.course !== undefined && at.speed >= 3) {
        const a = (at.course * Math.PI) / 180, tip = (r: number, by: number): [number, number] => [px + r * Math.sin(a + by), py - r * Math.cos(a + by)];
        g.beginPath();
        g.moveTo(...tip(7, 0));
        g.lineTo(...tip(6, 2.4));
        g.lineTo(...tip(2, Math.PI));
        g.lineTo(...tip(6, -2.4));
        g.closePath();
        g.fillStyle = '#fff';
        g.fill();
      }
      g.font = `650 12.5px ${FONT}`;
      g.textAlign = 'center';
      g.textBaseline = 'alphabetic';
      g.lineJoin = 'round';
      g.lineWidth = 3.5;
      g.strokeStyle = this.colours.halo;
      const text = `${t.name} · ${Math.round(at.speed)} km/h`;
      g.strokeText(text, px, py - 17);
      g.fillStyle = this.colours.ink;
      g.fillText(text, px, py - 17);
    }
  }
}
