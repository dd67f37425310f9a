// The map on paper: what a browser prints of a map drawn by the graphics card is
// often blank, so a picture of it is made and printed instead.
import type { MapHandle } from './MapView';

export function printMap({ map, overlay }: MapHandle, title: string): void {
  map.once('render', () => { // the only moment at which the card's picture can be read
    overlay.paintNow();
    const layers = [...map.getCanvasContainer().querySelectorAll('canvas')], base = layers[0]!;
    const sheet = document.createElement('div'), heading = document.createElement('p'), picture = document.createElement('canvas');
    picture.width = base.width;
    picture.height = base.height;
    const g = picture.getContext('2d')!;
    for (const c of layers) g.drawImage(c, 0, 0, base.width, base.height);
    heading.textContent = title;
    sheet.className = 'map-print';
    sheet.append(heading, picture);
    document.body.append(sheet);
    addEventListener('afterprint', () => sheet.remove(), { once: true });
    print();
  });
  map.triggerRepaint();
}
