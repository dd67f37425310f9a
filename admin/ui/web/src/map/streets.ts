// A street map from a PMTiles file on the server: pictures are shown as they
// are; of vector tiles after Protomaps' schema this draws a calm map.
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { addProtocol } from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import { BASE } from './style';

let protocol: Protocol | undefined;

export interface Tones { sea: string; land: string; edge: string; ink: string; halo: string; road: string; green: string; built: string }

/** credit is whom the file names as its makers, as plain text. */
async function credit(map: PMTiles): Promise<string> {
  const { attribution } = await map.getMetadata() as { attribution?: unknown };
  if (typeof attribution !== 'string') return '';
  const text = new DOMParser().parseFromString(attribution, 'text/html').body.textContent ?? '';
  return text.replace(/[<>&]/g, (s) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[s]!);
}

export async function streets(file: string, says: string, c: Tones, font: string, lang: string, picture: object): Promise<StyleSpecification> {
  const url = `${location.origin}/maps/${file}`;
  if (!protocol) {
    protocol = new Protocol();
    addProtocol('pmtiles', protocol.tile);
  }
  const map = new PMTiles(url);
  protocol.add(map);
  const { tileType, minZoom, maxZoom } = await map.getHeader();
  const attribution = says || await credit(map).catch(() => '');
  const base = { url: `pmtiles://${url}`, attribution, minzoom: minZoom, maxzoom: maxZoom };
  const sea: LayerSpecification = { id: BASE + 'sea', type: 'background', paint: { 'background-color': tileType === TileType.Mvt ? c.land : c.sea } };
  if (tileType !== TileType.Mvt) {
    return { version: 8, sources: { [BASE + 'tiles']: { type: 'raster', tileSize: 256, ...base } }, layers: [sea, { id: BASE + 'tiles', type: 'raster', source: BASE + 'tiles', paint: picture }] };
  }
  const source = BASE + 'streets', name = ['coalesce', ['get', `name:${lang}`], ['get', 'name']] as unknown as string;
  const wide = (a: number, b: number, d: number) => ['interpolate', ['exponential', 1.6], ['zoom'], 6, a, 12, b, 18, d] as unknown as number;
  const fill = (layer: string, colour: string): LayerSpecification => ({ id: BASE + layer, type: 'fill', source, 'source-layer': layer, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour } });
  const roads = (id: string, kinds: string[], w: number, colour: string): LayerSpecification => ({
    id: BASE + id, type: 'line', source, 'source-layer': 'roads', filter: ['in', ['get', 'kind'], ['literal', kinds]],
    layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': wide(0.2 * w, 1.1 * w, 9 * w) },
  });
  const label = (id: string, layer: string, size: number, more: object): LayerSpecification => ({
    id: BASE + id, type: 'symbol', source, 'source-layer': layer, ...more,
    layout: { 'text-field': name, 'text-font': [font], 'text-size': size, 'text-max-width': 8, ...(layer === 'roads' && { 'symbol-placement': 'line' as const }) },
    paint: { 'text-color': c.ink, 'text-halo-color': c.halo, 'text-halo-width': 1.3 },
  });
  return {
    version: 8,
    sources: { [source]: { type: 'vector', ...base } },
    layers: [
      sea, fill('earth', c.land),
      { ...fill('landuse', c.green), filter: ['in', ['get', 'kind'], ['literal', ['park', 'forest', 'wood', 'nature_reserve', 'grass', 'cemetery', 'golf_course', 'national_park']]] } as LayerSpecification,
      fill('water', c.sea), { ...fill('buildings', c.built), minzoom: 14 } as LayerSpecification,
      roads('paths', ['path', 'other'], 0.25, c.road), roads('minor', ['minor_road'], 0.6, c.road), roads('major', ['major_road'], 1, c.road), roads('highway', ['highway'], 1.3, c.edge),
      { id: BASE + 'boundaries', type: 'line', source, 'source-layer': 'boundaries', paint: { 'line-color': c.edge, 'line-dasharray': [3, 2] } },
      label('street-names', 'roads', 11, { minzoom: 14 }), label('places', 'places', 13, {}),
    ],
  };
}
