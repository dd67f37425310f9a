// Thousands of small images at each picture. A 2D canvas takes some ten
// microseconds for each where no graphics card helps it: with a card all are
// drawn by one call of WebGL, without one they are copied point by point into
// a picture in memory. Which of the two it is is found out at the first need.
import { Blitter } from './blit';
import { Card } from './card';

/** Where images are taken from: squares of `side` pixels in columns and rows. */
export interface Sheet { image: HTMLCanvasElement; side: number }

/** A stamp in four numbers: its middle in pixels of the canvas, and its image's column and row. */
export const STAMP = 4;

/** One way of stamping. */
export interface Press {
  /** Takes all away, for a new picture. */
  wipe(): void;
  /** Stamps the first n, later ones above earlier ones. */
  put(sheet: Sheet, stamps: Float32Array, n: number): void;
  /** The picture is whole: it may be shown. */
  show(): void;
  close(): void;
  /** It cannot go on, its card being lost. */
  readonly broken?: boolean;
}

/** A canvas on which images are stamped. What is put between begin and end is seen. */
export class Stamps {
  canvas = document.createElement('canvas');
  private press?: Press;
  private stands = false; // something of the picture before
  private fresh = true; // nothing was put since begin

  begin() { this.fresh = true; }

  put(sheet: Sheet, stamps: Float32Array, n: number) {
    if (this.press?.broken) this.renew();
    this.press ??= Card.of(this.canvas) ?? new Blitter(this.canvas);
    if (this.fresh) this.press.wipe();
    this.fresh = false;
    this.press.put(sheet, stamps, n);
  }

  end() {
    if (this.fresh && !this.stands) return;
    if (this.fresh) this.press?.wipe();
    this.press?.show();
    this.stands = !this.fresh;
  }

  close() {
    this.press?.close();
    this.canvas.remove();
  }

  /** A canvas that had one kind of context never has another. */
  private renew() {
    const next = this.canvas.cloneNode() as HTMLCanvasElement;
    this.canvas.replaceWith(next);
    this.canvas = next;
    this.press = undefined;
  }
}
