// Draws the map: land, grid, fences, trails, devices with heading and names.

import { project, unproject } from './view.js';

let land = [];
fetch('/ui/land.json').then((r) => r.json()).then((rings) => {
  land = rings.map((flat) => {
    const points = [];
    for (let i = 0, x = 0, y = 0; i < flat.length; i += 2) {
      x += flat[i]; y += flat[i + 1];
      points.push(project(x / 10, y / 10));
    }
    return points;
  });
  drawn?.();
}).catch(() => {}); // a map without land is still a map

let drawn = null;
export const whenLandCame = (f) => { drawn = f; };

export function colours() {
  const s = getComputedStyle(document.documentElement), c = {};
  for (const k of ['sea', 'land', 'coast', 'grid', 'moving', 'stopped', 'silent', 'alarm', 'accent', 'label', 'halo', 'panel', 'dim', 'bg']) c[k] = s.getPropertyValue('--' + k).trim();
  return c;
}

export function draw(canvas, view, world, c) {
  const dpr = Math.min(window.devicePixelRatio || 1, 2.5), w = view.width, h = view.height;
  if (canvas.width !== Math.round(w * dpr) || canvas.height !== Math.round(h * dpr)) {
    canvas.width = Math.round(w * dpr); canvas.height = Math.round(h * dpr);
  }
  const g = canvas.getContext('2d');
  g.setTransform(dpr, 0, 0, dpr, 0, 0);
  g.fillStyle = c.sea;
  g.fillRect(0, 0, w, h);
  drawLand(g, view, w, c);
  drawGrid(g, view, w, h, c);
  for (const f of world.fences.values()) drawFence(g, view, f, c, world.selectedFence === f.id);
  for (const d of world.devices.values()) if (d.trail.length > 1) drawTrail(g, view, d, c, d.id === world.selected);
  const labels = [], hidden = drawClusters(g, view, world, c);
  for (const d of [...world.devices.values()].sort((a, b) => (a.id === world.selected) - (b.id === world.selected) || a.time - b.time)) {
    if (d.point && !hidden.has(d)) drawDevice(g, view, d, c, d.id === world.selected, labels, w, h);
  }
  drawLabels(g, labels, c);
}

function path(g, view, rings, closed) {
  g.beginPath();
  for (const ring of rings) {
    // The whole ring stands on the copy of the world on which its first point does.
    const [x0, y0] = view.px(ring[0]);
    ring.forEach((p, i) => {
      const x = x0 + (p[0] - ring[0][0]) * view.scale, y = y0 + (p[1] - ring[0][1]) * view.scale;
      if (i) g.lineTo(x, y); else g.moveTo(x, y);
    });
    if (closed) g.closePath();
  }
}

function drawLand(g, view, w, c) {
  g.fillStyle = c.land;
  g.strokeStyle = c.coast;
  g.lineWidth = 1;
  const s = view.scale, left = w / 2 - view.x * s, top = view.height / 2 - view.y * s;
  for (let copy = -1; copy <= 1; copy++) {
    const dx = left + copy * s;
    if (dx - s * 0.2 > w || dx + s * 1.2 < 0) continue; // rings reach over ±180°
    g.beginPath();
    for (const ring of land) {
      ring.forEach((p, i) => (i ? g.lineTo(p[0] * s + dx, p[1] * s + top) : g.moveTo(p[0] * s + dx, p[1] * s + top)));
      g.closePath();
    }
    g.fill();
    if (view.zoom < 9) g.stroke();
  }
}

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

function drawGrid(g, view, w, h, c) {
  const step = [...STEPS].reverse().find((s) => s / 360 * view.scale > 90) || 30;
  const [west, north] = unproject(...view.at(0, 0)), [east, south] = unproject(...view.at(w, h));
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  g.strokeStyle = g.fillStyle = c.grid;
  g.lineWidth = 0.7;
  g.font = '10.5px system-ui, sans-serif';
  g.beginPath();
  const marks = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
    const x = (project(lon, 0)[0] - view.x) * view.scale + w / 2;
    g.moveTo(x, 0); g.lineTo(x, h);
    const shown = ((lon + 540) % 360) - 180;
    marks.push([`${Math.abs(shown).toFixed(digits)}°${shown < -1e-9 ? 'W' : 'E'}`, x + 4, h - 34]);
  }
  for (let lat = Math.ceil(Math.max(-85, south) / step) * step; lat <= Math.min(85, north); lat += step) {
    const y = (project(0, lat)[1] - view.y) * view.scale + h / 2;
    g.moveTo(0, y); g.lineTo(w, y);
    marks.push([`${Math.abs(lat).toFixed(digits)}°${lat < -1e-9 ? 'S' : 'N'}`, w - 52, y - 4]);
  }
  g.stroke();
  g.fillStyle = c.dim;
  g.globalAlpha = 0.65;
  for (const [text, x, y] of marks) g.fillText(text, x, y);
  g.globalAlpha = 1;
}

// metres is how many pixels a metre has at a projected place.
export const metres = (view, p) => view.scale / (40075016.7 * Math.cos(unproject(p[0], p[1])[1] * Math.PI / 180));

function drawFence(g, view, f, c, chosen) {
  const colour = f.colour || c.accent;
  g.strokeStyle = g.fillStyle = colour;
  g.lineWidth = chosen ? 3 : 1.6;
  g.setLineDash(f.paused ? [5, 5] : []);
  if (f.circle) {
    const [x, y] = view.px(f.circle), r = f.radius * metres(view, f.circle);
    g.beginPath();
    g.arc(x, y, Math.max(r, 2), 0, 7);
  } else if (f.line) {
    path(g, view, [f.line], false);
    g.save();
    g.lineCap = g.lineJoin = 'round';
    g.globalAlpha = 0.22;
    g.lineWidth = Math.max(2, 2 * f.width * metres(view, f.line[0]));
    g.stroke();
    g.restore();
  } else {
    path(g, view, f.rings, true);
  }
  if (!f.line) {
    g.globalAlpha = chosen ? 0.26 : 0.14;
    g.fill('evenodd');
  }
  g.globalAlpha = 0.95;
  g.stroke();
  g.setLineDash([]);
  g.globalAlpha = 1;
  const [lx, ly] = view.px(f.anchor);
  if (f.span * view.scale > 46 && lx > -80 && lx < view.width + 80) {
    g.font = '600 11.5px system-ui, sans-serif';
    g.textAlign = 'center';
    g.lineWidth = 3.2;
    g.strokeStyle = c.halo;
    const y = ly - f.rise * view.scale - 6;
    g.strokeText(f.name, lx, y);
    g.fillText(f.name, lx, y);
    g.textAlign = 'start';
  }
}

function drawTrail(g, view, d, c, chosen) {
  const points = d.trail.map((p) => view.px(p));
  g.lineCap = g.lineJoin = 'round';
  g.strokeStyle = c[d.state] || c.silent;
  g.lineWidth = chosen ? 3.2 : 2;
  for (let i = 1; i < points.length; i++) {
    if (Math.abs(points[i][0] - points[i - 1][0]) > view.scale / 2) continue;
    g.globalAlpha = (chosen ? 0.85 : 0.5) * i / points.length;
    g.beginPath();
    g.moveTo(...points[i - 1]);
    g.lineTo(...points[i]);
    g.stroke();
  }
  g.globalAlpha = 1;
}

function drawDevice(g, view, d, c, chosen, labels, w, h) {
  const [x, y] = view.px(d.point);
  d.px = [x, y];
  if (x < -30 || y < -30 || x > w + 30 || y > h + 30) return;
  const colour = d.alarmed ? c.alarm : c[d.state], r = chosen ? 9 : 7;
  if (chosen || d.alarmed) {
    g.beginPath();
    g.arc(x, y, r + 8, 0, 7);
    g.globalAlpha = 0.22;
    g.fillStyle = colour;
    g.fill();
    g.globalAlpha = 1;
  }
  g.beginPath();
  if (d.state === 'moving' && d.course !== undefined) {
    g.save();
    g.translate(x, y);
    g.rotate(d.course * Math.PI / 180);
    g.moveTo(0, -r * 1.45); g.lineTo(r * 0.98, r * 1.05); g.lineTo(0, r * 0.5); g.lineTo(-r * 0.98, r * 1.05);
    g.closePath();
    g.restore();
  } else {
    g.arc(x, y, r * 0.82, 0, 7);
  }
  g.fillStyle = colour;
  g.strokeStyle = c.panel;
  g.lineWidth = 2;
  g.stroke();
  g.fill();
  labels.push({ x, y: y + r + 14, text: d.name, first: chosen });
}

// drawClusters shows crowds as one bubble with their number while the map shows
// more than a city, and gives the devices that it stands for.
function drawClusters(g, view, world, c) {
  const hidden = new Set(), cells = new Map(), cell = 46;
  world.clusters = [];
  if (view.zoom > 9.5) return hidden;
  for (const d of world.devices.values()) {
    if (!d.point || d.id === world.selected) continue;
    const [x, y] = view.px(d.point), key = `${Math.round(x / cell)} ${Math.round(y / cell)}`;
    const crowd = cells.get(key);
    if (crowd) crowd.push([d, x, y]); else cells.set(key, [[d, x, y]]);
  }
  for (const crowd of cells.values()) {
    if (crowd.length < 3) continue;
    const mean = (i) => crowd.reduce((sum, e) => sum + e[i], 0) / crowd.length;
    const x = mean(1), y = mean(2), r = 13 + Math.min(14, 2.5 * Math.log2(crowd.length));
    for (const [d] of crowd) {
      hidden.add(d);
      d.px = null;
    }
    world.clusters.push({ x, y, r, points: crowd.map(([d]) => d.point) });
    const colour = crowd.some(([d]) => d.alarmed) ? c.alarm : crowd.some(([d]) => d.state === 'moving') ? c.moving : c.stopped;
    g.fillStyle = colour;
    g.globalAlpha = 0.25;
    g.beginPath();
    g.arc(x, y, r + 5, 0, 7);
    g.fill();
    g.globalAlpha = 1;
    g.beginPath();
    g.arc(x, y, r, 0, 7);
    g.fill();
    g.lineWidth = 2;
    g.strokeStyle = c.panel;
    g.stroke();
    g.fillStyle = c.panel;
    g.font = '700 13px system-ui, sans-serif';
    g.textAlign = 'center';
    g.fillText(String(crowd.length), x, y + 4.5);
    g.textAlign = 'start';
  }
  return hidden;
}

// drawLabels writes names where they hide no other; the chosen one comes first.
function drawLabels(g, labels, c) {
  const taken = [];
  g.font = '550 11.5px system-ui, sans-serif';
  g.textAlign = 'center';
  g.lineWidth = 3.4;
  g.lineJoin = 'round';
  for (const l of labels.reverse().sort((a, b) => b.first - a.first).slice(0, 400)) {
    const half = l.text.length * 3.3 + 3;
    if (taken.some((o) => Math.abs(o.x - l.x) < o.half + half && Math.abs(o.y - l.y) < 14)) continue;
    taken.push({ x: l.x, y: l.y, half });
    g.strokeStyle = c.halo;
    g.strokeText(l.text, l.x, l.y);
    g.fillStyle = c.label;
    g.fillText(l.text, l.x, l.y);
  }
  g.textAlign = 'start';
}
