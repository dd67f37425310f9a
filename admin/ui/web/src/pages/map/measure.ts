// The measuring tape: points on the map, and how far it is along them.
import { toPixel, unproject, project, type Camera, type Layer } from '@/map';
import { metres, type LL } from '@/pages/geofences/draft';
import { FONT, type Palette } from '@/map/palette';

export class Tape implements Layer {
  on = false;
  points: LL[] = [];
  pointer?: LL;
  constructor(public colours: Palette, private lang: () => string) {}

  /** Takes a place on the canvas for the next point. */
  add(x: number, y: number, cam: Camera) { this.points = [...this.points, at(x, y, cam)]; }
  move(x: number, y: number, cam: Camera) { this.pointer = at(x, y, cam); }
  clear() { this.points = []; this.pointer = undefined; }

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    if (!this.on || !this.points.length) return;
    const to = (p: LL) => toPixel(cam, ...project(p[0], p[1])), all = this.pointer ? [...this.points, this.pointer] : this.points;
    g.strokeStyle = this.colours.ink;
    g.lineWidth = 2.2;
    g.setLineDash([7, 5]);
    g.beginPath();
    all.forEach((p, i) => (i ? g.lineTo(...to(p)) : g.moveTo(...to(p))));
    g.stroke();
    g.setLineDash([]);
    g.fillStyle = this.colours.rim;
    for (const p of this.points) {
      g.beginPath();
      g.arc(...to(p), 4.5, 0, 7);
      g.fill();
      g.stroke();
    }
    const text = wording(lengthOf(all), this.lang()), [px, py] = to(all.at(-1)!);
    g.font = `650 13px ${FONT}`;
    g.textAlign = 'start';
    g.textBaseline = 'middle';
    g.lineJoin = 'round';
    g.lineWidth = 4;
    g.strokeStyle = this.colours.halo;
    g.strokeText(text, px + 12, py - 12);
    g.fillStyle = this.colours.ink;
    g.fillText(text, px + 12, py - 12);
  }
}

const at = (x: number, y: number, cam: Camera): LL => {
  const [lon, lat] = unproject([cam.x + (x - cam.width / 2) / cam.scale, cam.y + (y - cam.height / 2) / cam.scale]);
  return [lon, lat];
};

/** Metres along points. */
export const lengthOf = (points: readonly LL[]) => points.slice(1).reduce((sum, p, i) => sum + metres(points[i]!, p), 0);

/** As a person says it: 850 m, 3.42 km, 128 km. */
export const wording = (m: number, lang: string) =>
  m < 1000 ? `${Math.round(m)} m` : `${new Intl.NumberFormat(lang, { maximumFractionDigits: m < 10_000 ? 2 : m < 100_000 ? 1 : 0 }).format(m / 1000)} km`;
