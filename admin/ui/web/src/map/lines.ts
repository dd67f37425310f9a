// Simple things on the map: where somebody has been, where somebody stands, and
// the degrees that tell places apart where the base map has no streets.
import type { Layer } from './overlay';
import { FONT, type Palette } from './palette';
import { metre, project, toPixel, unproject, type Camera, type Point } from './view';

/** Where devices have been: each line fades towards its beginning. */
export class TrailLayer implements Layer {
  trails: { points: readonly Point[]; colour: string; strong?: boolean }[] = [];

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    g.lineCap = g.lineJoin = 'round';
    for (const { points, colour, strong } of this.trails) {
      g.strokeStyle = colour;
      g.lineWidth = strong ? 3.4 : 2;
      // In pieces of the same strength, each of many points.
      const pieces = Math.min(8, points.length - 1);
      for (let n = 0; n < pieces; n++) {
        const from = Math.floor((n * (points.length - 1)) / pieces), to = Math.floor(((n + 1) * (points.length - 1)) / pieces);
        g.globalAlpha = (strong ? 0.9 : 0.5) * (0.25 + (0.75 * (n + 1)) / pieces);
        g.beginPath();
        let last: number | undefined;
        for (let i = from; i <= to; i++) {
          const [px, py] = toPixel(cam, points[i]![0], points[i]![1]);
          if (last === undefined || Math.abs(px - last) > cam.scale / 2) g.moveTo(px, py);
          else g.lineTo(px, py);
          last = px;
        }
        g.stroke();
      }
      g.globalAlpha = 1;
    }
  }
}

/** Where the one who looks stands, and how sure that is. */
export class MeLayer implements Layer {
  at?: { lon: number; lat: number; accuracy: number };

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    if (!this.at) return;
    const [x, y] = project(this.at.lon, this.at.lat), [px, py] = toPixel(cam, x, y), r = this.at.accuracy * metre(this.at.lat) * cam.scale;
    g.fillStyle = '#1f7ae0';
    g.globalAlpha = 0.14;
    g.beginPath();
    g.arc(px, py, Math.max(r, 14), 0, 7);
    g.fill();
    g.globalAlpha = 1;
    g.beginPath();
    g.arc(px, py, 7, 0, 7);
    g.strokeStyle = '#fff';
    g.lineWidth = 3;
    g.stroke();
    g.fill();
  }
}

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** Meridians and parallels, for a base map without streets. */
export class GridLayer implements Layer {
  constructor(public colours: Palette) {}

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    const step = [...STEPS].reverse().find((s) => (s / 360) * cam.scale > 110);
    if (!step || cam.zoom < 4) return;
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    const [west, north] = unproject([cam.x - cam.width / 2 / cam.scale, cam.y - cam.height / 2 / cam.scale]);
    const [east, south] = unproject([cam.x + cam.width / 2 / cam.scale, cam.y + cam.height / 2 / cam.scale]);
    g.strokeStyle = this.colours.grid;
    g.fillStyle = this.colours.dim;
    g.lineWidth = 0.7;
    g.font = `10.5px ${FONT}`;
    g.textAlign = 'start';
    g.textBaseline = 'alphabetic';
    g.beginPath();
    for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
      const x = (lon / 360 + 0.5 - cam.x) * cam.scale + cam.width / 2, shown = ((lon + 540) % 360) - 180;
      g.moveTo(x, 0);
      g.lineTo(x, cam.height);
      g.fillText(`${Math.abs(shown).toFixed(digits)}°${shown < -1e-9 ? 'W' : 'E'}`, x + 4, cam.height - 8);
    }
    for (let lat = Math.ceil(Math.max(-85, south) / step) * step; lat <= Math.min(85, north); lat += step) {
      const y = (project(0, lat)[1] - cam.y) * cam.scale + cam.height / 2;
      g.moveTo(0, y);
      g.lineTo(cam.width, y);
      g.fillText(`${Math.abs(lat).toFixed(digits)}°${lat < -1e-9 ? 'S' : 'N'}`, cam.width - 52, y - 4);
    }
    g.stroke();
  }
}
