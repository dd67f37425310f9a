// The base map. The one that needs nobody else is the world that the build
// cuts from Natural Earth; the settings of an installation may name another.
import type { FeatureCollection } from 'geojson';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { StyleSpecification } from 'maplibre-gl';
import { http } from '@/api/client';
import { useMemo } from 'react';
import worldUrl from '../../generated/world.json?url';

/** Where the base map comes from. */
export type BaseMap =
  | { kind: 'offline' }
  | { kind: 'raster'; tiles: string[]; attribution: string; maxZoom?: number }
  | { kind: 'style'; url: string }
  | { kind: 'pmtiles'; file: string; attribution: string };

/** The base map that the company chose; the embedded world for guests, and until somebody chose. undefined until it is known. */
export function useBaseMap(): BaseMap | undefined {
  const signedIn = Boolean(useQueryClient().getQueryData(['me']));
  const { data, isError } = useQuery({ queryKey: ['map'], enabled: signedIn, staleTime: 300_000, queryFn: async () => (await http.GET('/api/v1/map')).data! });
  const of = !signedIn || isError ? 'offline' : data && JSON.stringify([data.kind, data.url, data.attribution, data.maxZoom]);
  return useMemo(() => {
    if (of === 'offline' || data?.kind === 'offline') return embedded;
    if (!data) return undefined;
    const { url = '', attribution = '' } = data;
    if (data.kind === 'raster') return { kind: 'raster', tiles: [url], attribution, maxZoom: data.maxZoom };
    return data.kind === 'style' ? { kind: 'style', url } : { kind: 'pmtiles', file: url, attribution };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by value
  }, [of]);
}
const embedded: BaseMap = { kind: 'offline' };

interface World { land: FeatureCollection; edges: FeatureCollection; labels: FeatureCollection }

let world: Promise<World> | undefined;
const loadWorld = () => (world ??= fetch(worldUrl).then((r) => r.json() as Promise<World>).catch((err) => { world = undefined; throw err; }));

const FONT = 'Inter Variable';
const light = { sea: '#dbe7ee', land: '#f6f4ee', edge: '#c3ccc6', ink: '#5b6a74', halo: '#f6f4ee', road: '#ffffff', green: '#e3ecdc', built: '#e9e5dc' };
const dark = { sea: '#0f1c26', land: '#1a2730', edge: '#33454f', ink: '#8fa3b0', halo: '#1a2730', road: '#2a3b46', green: '#1b2f2b', built: '#22323c' };

/** Layers whose names begin so belong to the base map and change with it. */
export const BASE = 'base-';

/** Pictures made for the day are dimmed at night. */
const pictures = (isDark: boolean) => (isDark ? { 'raster-brightness-max': 0.62, 'raster-saturation': -0.35, 'raster-contrast': 0.05 } : {});

/** baseStyle makes the style of a base map, in a language, dark or light. */
export async function baseStyle(base: BaseMap, isDark: boolean, lang: string): Promise<StyleSpecification | string> {
  const c = isDark ? dark : light;
  if (base.kind === 'style') return base.url;
  if (base.kind === 'pmtiles') {
    try {
      return await (await import('./streets')).streets(base.file, base.attribution, c, FONT, lang, pictures(isDark));
    } catch (err) { // the file is gone or no map: better the embedded world than nothing
      console.warn('base map:', err);
      return baseStyle(embedded, isDark, lang);
    }
  }
  if (base.kind === 'raster') {
    return {
      version: 8,
      sources: { [BASE + 'tiles']: { type: 'raster', tiles: base.tiles, tileSize: 256, attribution: base.attribution, maxzoom: base.maxZoom ?? 19 } },
      layers: [
        { id: BASE + 'sea', type: 'background', paint: { 'background-color': c.sea } },
        { id: BASE + 'tiles', type: 'raster', source: BASE + 'tiles', paint: pictures(isDark) },
      ],
    };
  }
  // Texts are drawn from the page's own font, without files of glyphs.
  const [{ land, edges, labels }] = await Promise.all([loadWorld(), document.fonts.load(`600 24px "${FONT}"`).catch(() => [])]);
  const names = new Intl.DisplayNames(lang, { type: 'region' });
  const named = { ...labels, features: labels.features.map((f) => ({ ...f, properties: { ...f.properties, name: f.properties?.region ? names.of(f.properties.region) : f.properties?.name } })) };
  return {
    version: 8,
    sources: {
      [BASE + 'land']: { type: 'geojson', data: land, maxzoom: 7, tolerance: 0.3, buffer: 16, attribution: 'Natural Earth' },
      [BASE + 'edges']: { type: 'geojson', data: edges, maxzoom: 7, tolerance: 0.3, buffer: 16 },
      [BASE + 'labels']: { type: 'geojson', data: named, maxzoom: 6 },
    },
    layers: [
      { id: BASE + 'sea', type: 'background', paint: { 'background-color': c.sea } },
      { id: BASE + 'land', type: 'fill', source: BASE + 'land', paint: { 'fill-color': c.land, 'fill-antialias': false } },
      { id: BASE + 'edges', type: 'line', source: BASE + 'edges', paint: { 'line-color': c.edge, 'line-width': ['interpolate', ['linear'], ['zoom'], 0, 0.5, 5, 1.1, 10, 1.6] } },
      {
        id: BASE + 'labels', type: 'symbol', source: BASE + 'labels', maxzoom: 8, filter: ['<=', ['get', 'rank'], ['-', ['zoom'], 1]],
        layout: { 'text-field': ['get', 'name'], 'text-font': [FONT], 'text-size': ['interpolate', ['linear'], ['zoom'], 1, 10, 5, 15], 'symbol-sort-key': ['get', 'rank'], 'text-max-width': 7, 'text-letter-spacing': 0.04 },
        paint: { 'text-color': c.ink, 'text-halo-color': c.halo, 'text-halo-width': 1.2 },
      },
    ],
  };
}
