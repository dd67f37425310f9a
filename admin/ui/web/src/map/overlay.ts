// What the product draws on the map stands on canvases over it: on one what
// rests (fences, markers, trails), on the other what moves (devices), and
// between them the stamps of what moves in thousands. The base map beneath is
// not drawn again when a device moves, and devices do not cost the fences
// anything: thousands of them move on machines without a GPU.
import type { Map as GLMap } from 'maplibre-gl';
import { Stamps } from './stamps';
import type { Camera } from './view';

export interface Layer {
  /** Draws itself. true asks for the next frame, a number for one so many ms later. `now` is performance.now(); the stamps lie beneath `g`. */
  draw(g: CanvasRenderingContext2D, cam: Camera, now: number, stamps: Stamps): boolean | number | void;
  /** What of it is at a place on the canvas, and how far from there, in pixels. */
  hit?(x: number, y: number, cam: Camera): Hit | undefined;
}

export interface Hit { layer: Layer; id: string; far: number; kind: string }

type Plane = 'rest' | 'move';

export class Overlay {
  private planes: Record<Plane, { canvas: HTMLCanvasElement; layers: Layer[]; dirty: boolean; later: number | undefined }>;
  private stamps = new Stamps();
  private frame = 0;
  private cam: Camera = { x: 0.5, y: 0.5, scale: 512, zoom: 0, width: 1, height: 1 };
  private sized = new ResizeObserver(() => this.resize());
  /** Frames drawn of what moves, for whoever measures. */
  frames = 0;

  constructor(readonly map: GLMap) {
    const box = map.getCanvasContainer();
    const over = (canvas: HTMLCanvasElement) => {
      canvas.setAttribute('aria-hidden', 'true');
      Object.assign(canvas.style, { position: 'absolute', inset: '0', pointerEvents: 'none' });
      box.append(canvas);
      return canvas;
    };
    const make = () => ({ canvas: over(document.createElement('canvas')), layers: [] as Layer[], dirty: true, later: undefined as number | undefined });
    const rest = make();
    over(this.stamps.canvas);
    this.planes = { rest, move: make() };
    this.sized.observe(map.getContainer());
    this.resize();
    // In the same turn as the base map, so that nothing swims on it.
    map.on('move', this.moved);
    map.on('render', this.paintIfMoved);
  }

  private viewMoved = false;
  private moved = () => { this.viewMoved = true; };
  private paintIfMoved = () => {
    if (!this.viewMoved) return;
    this.viewMoved = false;
    this.planes.rest.dirty = this.planes.move.dirty = true;
    this.paint(performance.now());
  };

  add(plane: Plane, ...layers: Layer[]): () => void {
    this.planes[plane].layers.push(...layers);
    this.redraw(plane);
    return () => {
      this.planes[plane].layers = this.planes[plane].layers.filter((l) => !layers.includes(l));
      this.redraw(plane);
    };
  }

  /** Has a plane, or both, drawn again at the next frame. */
  redraw(plane?: Plane) {
    if (plane !== 'move') this.planes.rest.dirty = true;
    if (plane !== 'rest') this.planes.move.dirty = true;
    this.frame ||= requestAnimationFrame((now) => { this.frame = 0; this.paint(now); });
  }

  /** Draws all at once, for whoever reads the canvases in the same turn. */
  paintNow() {
    this.planes.rest.dirty = this.planes.move.dirty = true;
    this.paint(performance.now());
  }

  get camera(): Camera { return this.cam; }

  /** What stands nearest to a place on the canvas; what moves comes first. */
  hit(x: number, y: number): Hit | undefined {
    for (const plane of ['move', 'rest'] as const) {
      let best: Hit | undefined;
      for (const layer of [...this.planes[plane].layers].reverse()) {
        const h = layer.hit?.(x, y, this.cam);
        if (h && (!best || h.far < best.far)) best = h;
      }
      if (best) return best;
    }
    return undefined;
  }

  close() {
    this.sized.disconnect();
    cancelAnimationFrame(this.frame);
    this.map.off('move', this.moved);
    this.map.off('render', this.paintIfMoved);
    for (const p of Object.values(this.planes)) {
      clearTimeout(p.later);
      p.canvas.remove();
    }
    this.stamps.close();
  }

  private resize() {
    const { clientWidth: w, clientHeight: h } = this.map.getContainer();
    const dpr = Math.min(devicePixelRatio || 1, 2);
    for (const canvas of [this.planes.rest.canvas, this.stamps.canvas, this.planes.move.canvas]) {
      canvas.width = Math.max(1, Math.round(w * dpr));
      canvas.height = Math.max(1, Math.round(h * dpr));
      Object.assign(canvas.style, { width: `${w}px`, height: `${h}px` });
    }
    this.redraw();
  }

  private paint(now: number) {
    const { map } = this, box = map.getContainer(), { lng, lat } = map.getCenter();
    const s = Math.sin((lat * Math.PI) / 180), zoom = map.getZoom();
    this.cam = {
      x: lng / 360 + 0.5, y: 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI),
      scale: 512 * 2 ** zoom, zoom, width: box.clientWidth, height: box.clientHeight,
    };
    for (const [name, plane] of Object.entries(this.planes)) {
      if (!plane.dirty) continue;
      plane.dirty = false;
      if (name === 'move') this.frames++;
      const g = plane.canvas.getContext('2d')!, dpr = plane.canvas.width / Math.max(1, this.cam.width);
      g.setTransform(dpr, 0, 0, dpr, 0, 0);
      g.clearRect(0, 0, this.cam.width, this.cam.height);
      let wait = Infinity;
      if (name === 'move') this.stamps.begin();
      for (const layer of plane.layers) {
        const again = layer.draw(g, this.cam, now, this.stamps);
        if (again) wait = Math.min(wait, again === true ? 0 : again);
      }
      if (name === 'move') this.stamps.end();
      clearTimeout(plane.later);
      if (wait < 17) this.redraw(name as Plane);
      else if (wait < Infinity) plane.later = window.setTimeout(() => this.redraw(name as Plane), wait);
    }
  }
}
