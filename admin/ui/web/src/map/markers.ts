// Places that people marked: a drop in its colour with its name.
import type { Schemas } from '@/api/client';
import type { Hit, Layer } from './overlay';
import { FONT, type Palette } from './palette';
import { project, toPixel, type Camera } from './view';

export type Marker = Pick<Schemas['Marker'], 'id' | 'name' | 'lon' | 'lat' | 'colour'>;

export class MarkerLayer implements Layer {
  private pins: { m: Marker; x: number; y: number }[] = [];

  constructor(public colours: Palette) {}

  set markers(list: readonly Marker[]) {
    this.pins = list.map((m) => { const [x, y] = project(m.lon, m.lat); return { m, x, y }; });
  }

  draw(g: CanvasRenderingContext2D, cam: Camera) {
    g.textAlign = 'center';
    g.textBaseline = 'alphabetic';
    g.font = `600 11px ${FONT}`;
    g.lineJoin = 'round';
    for (const { m, x, y } of this.pins) {
      const [px, py] = toPixel(cam, x, y);
      if (px < -60 || py < -10 || px > cam.width + 60 || py > cam.height + 40) continue;
      g.beginPath();
      g.moveTo(px, py);
      g.bezierCurveTo(px - 3, py - 7, px - 8, py - 10, px - 8, py - 16);
      g.arc(px, py - 16, 8, Math.PI, 0);
      g.bezierCurveTo(px + 8, py - 10, px + 3, py - 7, px, py);
      g.closePath();
      g.fillStyle = m.colour || this.colours.accent;
      g.strokeStyle = this.colours.rim;
      g.lineWidth = 2;
      g.stroke();
      g.fill();
      g.beginPath();
      g.arc(px, py - 16, 2.8, 0, 7);
      g.fillStyle = this.colours.rim;
      g.fill();
      if (cam.zoom < 9) continue;
      g.lineWidth = 3;
      g.strokeStyle = this.colours.halo;
      g.strokeText(m.name, px, py + 12);
      g.fillStyle = this.colours.ink;
      g.fillText(m.name, px, py + 12);
    }
  }

  hit(x: number, y: number, cam: Camera): Hit | undefined {
    for (const { m, x: mx, y: my } of this.pins) {
      const [px, py] = toPixel(cam, mx, my), far = Math.hypot(px - x, py - 14 - y);
      if (far < 13) return { layer: this, id: m.id, kind: 'marker', far };
    }
    return undefined;
  }
}
