// The map's view: Web Mercator, moved by pointer, wheel, touch and keys.

export const project = (lon, lat) => {
  const y = Math.sin(Math.max(-85.05, Math.min(85.05, lat)) * Math.PI / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + y) / (1 - y)) / (4 * Math.PI)];
};
export const unproject = (x, y) => [(x - 0.5) * 360, Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI];

const TILE = 256, MIN = 0.4, MAX = 19;

export class View {
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.changed = changed;
    this.x = 0.5; this.y = 0.45; this.zoom = 1.4;
    this.touched = false; // by the user: then nothing moves it by itself
    this.listen();
  }

  get scale() { return TILE * 2 ** this.zoom; }
  get width() { return this.canvas.clientWidth; }
  get height() { return this.canvas.clientHeight; }

  // px is where a projected point stands, on the copy of the world that is nearest.
  px(p) {
    let dx = p[0] - this.x;
    dx -= Math.round(dx);
    return [dx * this.scale + this.width / 2, (p[1] - this.y) * this.scale + this.height / 2];
  }
  at(px, py) { return [this.x + (px - this.width / 2) / this.scale, this.y + (py - this.height / 2) / this.scale]; }

  move(dx, dy) {
    this.x -= dx / this.scale;
    this.y = Math.max(0, Math.min(1, this.y - dy / this.scale));
    this.x -= Math.floor(this.x);
    this.changed();
  }
  zoomAt(px, py, by) {
    const [x, y] = this.at(px, py);
    this.zoom = Math.max(MIN, Math.min(MAX, this.zoom + by));
    const [nx, ny] = this.at(px, py);
    this.x += x - nx; this.y = Math.max(0, Math.min(1, this.y + y - ny));
    this.changed();
  }
  centre(p, zoom) {
    [this.x, this.y] = p;
    if (zoom) this.zoom = Math.max(this.zoom, zoom);
    this.changed();
  }

  // fit shows all the points, with a margin.
  fit(points) {
    if (!points.length || !this.width) return;
    const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    this.x = (x0 + x1) / 2; this.y = (y0 + y1) / 2;
    const room = (side) => Math.max(80, side - 120);
    const fits = Math.log2(Math.min(room(this.width) / Math.max(x1 - x0, 1e-7), room(this.height) / Math.max(y1 - y0, 1e-7)) / TILE);
    this.zoom = Math.max(MIN, Math.min(15, fits));
    this.changed();
  }

  listen() {
    const c = this.canvas, fingers = new Map();
    let moved = 0;
    c.addEventListener('pointerdown', (e) => {
      c.setPointerCapture(e.pointerId);
      fingers.set(e.pointerId, [e.offsetX, e.offsetY]);
      moved = 0;
    });
    c.addEventListener('pointermove', (e) => {
      const old = fingers.get(e.pointerId);
      if (!old) {
        this.onhover?.(e.offsetX, e.offsetY);
        return;
      }
      const now = [e.offsetX, e.offsetY], others = [...fingers].filter(([id]) => id !== e.pointerId);
      this.touched = true;
      moved += Math.hypot(now[0] - old[0], now[1] - old[1]);
      if (others.length === 1) { // pinch
        const o = others[0][1], gap = (p) => Math.hypot(p[0] - o[0], p[1] - o[1]) || 1;
        this.zoomAt((now[0] + o[0]) / 2, (now[1] + o[1]) / 2, Math.log2(gap(now) / gap(old)));
        this.move((now[0] - old[0]) / 2, (now[1] - old[1]) / 2);
      } else {
        this.move(now[0] - old[0], now[1] - old[1]);
      }
      fingers.set(e.pointerId, now);
    });
    const up = (e) => {
      if (fingers.delete(e.pointerId) && e.type === 'pointerup' && moved < 5) this.onpick?.(e.offsetX, e.offsetY);
    };
    c.addEventListener('pointerup', up);
    c.addEventListener('pointercancel', up);
    c.addEventListener('wheel', (e) => {
      e.preventDefault();
      this.touched = true;
      this.zoomAt(e.offsetX, e.offsetY, -Math.max(-120, Math.min(120, e.deltaY * (e.deltaMode ? 30 : 1))) / 240);
    }, { passive: false });
    c.addEventListener('dblclick', (e) => this.zoomAt(e.offsetX, e.offsetY, 1));
    c.addEventListener('keydown', (e) => {
      const step = 60, moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      if (moves[e.key]) this.move(...moves[e.key]);
      else if (e.key === '+' || e.key === '=') this.zoomAt(this.width / 2, this.height / 2, 0.5);
      else if (e.key === '-') this.zoomAt(this.width / 2, this.height / 2, -0.5);
      else if (e.key === '0') this.onfit?.();
      else return;
      this.touched = true;
      e.preventDefault();
    });
  }
}
