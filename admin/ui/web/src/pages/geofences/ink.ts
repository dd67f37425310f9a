// How a draft looks while it is drawn and moved.
import { metre, type Camera } from '@/map';
import { eastOf, rings, type Draft, type LL } from './draft';

export interface Ink { colour: string; rim: string; bad: string }
export type To = (p: LL) => [number, number];

export function line(ink: Ink, g: CanvasRenderingContext2D, to: To, points: readonly LL[], cuts: boolean) {
  g.strokeStyle = cuts ? ink.bad : ink.colour;
  g.lineWidth = 2;
  g.setLineDash([5, 4]);
  g.beginPath();
  points.forEach((p, i) => (i ? g.lineTo(...to(p)) : g.moveTo(...to(p))));
  g.stroke();
  g.setLineDash([]);
}

export function shape(ink: Ink, g: CanvasRenderingContext2D, cam: Camera, to: To, d: Draft, half: boolean) {
  g.strokeStyle = g.fillStyle = ink.colour;
  g.lineWidth = 2.4;
  g.lineJoin = g.lineCap = 'round';
  g.beginPath();
  if (d.kind === 'circle') g.arc(...to(d.centre), d.radius * metre(d.centre[1]) * cam.scale, 0, 7);
  for (const r of rings(d)) {
    r.points.forEach((p, i) => (i ? g.lineTo(...to(p)) : g.moveTo(...to(p))));
    if (r.closed) g.closePath();
  }
  g.globalAlpha = 0.24;
  if (d.kind === 'corridor') {
    g.lineWidth = Math.max(2, 2 * d.width * metre(d.path[0]![1]) * cam.scale);
    g.stroke();
    g.lineWidth = 2.4;
  } else {
    g.fill('evenodd');
  }
  g.globalAlpha = 1;
  if (half) g.setLineDash([6, 4]);
  g.stroke();
  g.setLineDash([]);
}

export function handles(ink: Ink, g: CanvasRenderingContext2D, to: To, d: Draft) {
  if (d.kind === 'circle') {
    dot(ink, g, to(d.centre), 4, false);
    dot(ink, g, to(eastOf(d.centre, d.radius)), 7, true);
    return;
  }
  for (const r of rings(d)) {
    if (r.points.length > 400) continue; // a coast: handles would hide it
    for (const [, p] of middles(r)) dot(ink, g, to(p), 3.5, false);
    for (const p of r.points) dot(ink, g, to(p), 6.5, true);
  }
}

export function dot(ink: Ink, g: CanvasRenderingContext2D, [x, y]: [number, number], r: number, full: boolean) {
  g.beginPath();
  g.arc(x, y, r, 0, 7);
  g.fillStyle = ink.rim;
  g.strokeStyle = ink.colour;
  g.lineWidth = full ? 2.4 : 1.4;
  g.globalAlpha = full ? 1 : 0.85;
  g.fill();
  g.stroke();
  g.globalAlpha = 1;
}

export function mark(ink: Ink, g: CanvasRenderingContext2D, [x, y]: [number, number], now: number) {
  const beat = (now % 1400) / 1400;
  g.fillStyle = ink.bad;
  g.globalAlpha = 0.45 * (1 - beat);
  g.beginPath();
  g.arc(x, y, 9 + 16 * beat, 0, 7);
  g.fill();
  g.globalAlpha = 1;
  g.beginPath();
  g.arc(x, y, 9, 0, 7);
  g.fill();
  g.strokeStyle = ink.rim;
  g.lineWidth = 2.5;
  g.beginPath();
  for (const s of [-1, 1]) { g.moveTo(x - 3.5, y - 3.5 * s); g.lineTo(x + 3.5, y + 3.5 * s); }
  g.stroke();
}

/** The middle of each edge, with the place that a new point there would have. */
export function middles({ points, closed }: { points: LL[]; closed: boolean }): [number, LL][] {
  return points.slice(0, closed ? undefined : -1).map((p, i) => {
    const q = points[(i + 1) % points.length]!;
    return [i + 1, [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]];
  });
}
