// Stamping without a graphics card: the images' points are copied into a
// picture in memory, which the canvas takes over as a whole.
import { STAMP, type Press, type Sheet } from './stamps';

/** The points of one image: those that cover, and those at its rim that let through. */
interface Points { cover: Int32Array; coverInk: Uint32Array; rim: Int32Array; rimInk: Uint32Array }

/** Points as a list, for a picture so many points wide; none for what cannot be seen. */
export function pointsOf(ink: Uint32Array, side: number, wide: number): Points {
  const cover: number[] = [], rim: number[] = [], at = (i: number) => Math.floor(i / side) * wide + (i % side);
  for (let i = 0; i < side * side; i++) {
    const alpha = ink[i]! >>> 24;
    if (alpha === 255) cover.push(i);
    else if (alpha > 0) rim.push(i);
  }
  const inkOf = (list: number[]) => Uint32Array.from(list, (i) => ink[i]!);
  return { cover: Int32Array.from(cover, at), coverInk: inkOf(cover), rim: Int32Array.from(rim, at), rimInk: inkOf(rim) };
}

/** One ink over another, both as 0xAABBGGRR with alpha apart from the colours. */
export function over(ink: number, under: number): number {
  const a = ink >>> 24, b = under >>> 24;
  if (b === 0 || a === 255) return ink;
  const rest = (b * (255 - a)) / 255, all = a + rest;
  const mix = (shift: number) => Math.round((((ink >>> shift) & 255) * a + ((under >>> shift) & 255) * rest) / all) << shift;
  return ((Math.round(all) << 24) | mix(16) | mix(8) | mix(0)) >>> 0;
}

/** Puts an image at a place of a picture. It must lie within. */
export function stamp(picture: Uint32Array, p: Points, at: number) {
  const { cover, coverInk, rim, rimInk } = p;
  for (let i = 0; i < cover.length; i++) picture[at + cover[i]!] = coverInk[i]!;
  for (let i = 0; i < rim.length; i++) {
    const to = at + rim[i]!, under = picture[to]!;
    picture[to] = under === 0 ? rimInk[i]! : over(rimInk[i]!, under);
  }
}

const MARGIN = 100; // points round the picture, so that nothing must be cut at its edges

export class Blitter implements Press {
  private g: CanvasRenderingContext2D;
  private picture?: ImageData;
  private ink = new Uint32Array();
  private known = new Map<HTMLCanvasElement, { wide: number; side: number; points: Map<number, Points>; all: Uint32Array; columns: number }>();

  constructor(private canvas: HTMLCanvasElement) { this.g = canvas.getContext('2d')!; }

  wipe() {
    const wide = this.canvas.width + 2 * MARGIN, high = this.canvas.height + 2 * MARGIN;
    if (this.picture?.width === wide && this.picture.height === high) {
      this.ink.fill(0);
      return;
    }
    this.picture = new ImageData(wide, high);
    this.ink = new Uint32Array(this.picture.data.buffer);
    this.known.clear();
  }

  put(sheet: Sheet, stamps: Float32Array, n: number) {
    const { ink, picture } = this, { width: wide, height: high } = picture!, { side } = sheet, half = side / 2, from = this.read(sheet);
    for (let i = 0; i < n * STAMP; i += STAMP) {
      const x = Math.round(stamps[i]! - half) + MARGIN, y = Math.round(stamps[i + 1]! - half) + MARGIN;
      if (x < 0 || y < 0 || x + side > wide || y + side > high) continue;
      const image = stamps[i + 3]! * from.columns + stamps[i + 2]!;
      let points = from.points.get(image);
      if (!points) from.points.set(image, (points = this.cut(from, image)));
      stamp(ink, points, y * wide + x);
    }
  }

  show() { this.g.putImageData(this.picture!, -MARGIN, -MARGIN, MARGIN, MARGIN, this.canvas.width, this.canvas.height); }

  close() { this.known.clear(); }

  private read({ image, side }: Sheet) {
    let of = this.known.get(image);
    if (!of) {
      if (this.known.size > 8) this.known.clear(); // the scheme or the screen changed many times
      const all = new Uint32Array(image.getContext('2d')!.getImageData(0, 0, image.width, image.height).data.buffer);
      of = { wide: image.width, side, points: new Map(), all, columns: image.width / side };
      this.known.set(image, of);
    }
    return of;
  }

  private cut({ wide, side, all, columns }: ReturnType<Blitter['read']>, image: number): Points {
    const ink = new Uint32Array(side * side), from = Math.floor(image / columns) * side * wide + (image % columns) * side;
    for (let y = 0; y < side; y++) ink.set(all.subarray(from + y * wide, from + y * wide + side), y * side);
    return pointsOf(ink, side, this.picture!.width);
  }
}
