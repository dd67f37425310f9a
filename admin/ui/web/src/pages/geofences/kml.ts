// From the files that other programs write to what the API imports: KML is
// read here, GeoJSON is taken as it is but for what is not ours.
export interface Feature {
  type: 'Feature';
  geometry: Record<string, unknown> & { type: string };
  properties: { name: string; owner?: string; colour?: string; inside?: boolean; outside?: boolean; preset?: string; speedLimit?: number };
}
export interface Read { features: Feature[]; skipped: number; lines: number }

/** Positions as KML writes them: "lon,lat[,height] lon,lat …". */
export function positions(text: string): number[][] {
  return text.trim().split(/\s+/).map((p) => p.split(',').slice(0, 2).map(Number)).filter((p) => p.length === 2 && p.every(Number.isFinite));
}

/** KML's aabbggrr as #rrggbb. */
export const kmlColour = (c: string | undefined): string | undefined => {
  const m = /^#?[0-9a-f]{2}([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(c?.trim() ?? '');
  return m ? `#${m[3]}${m[2]}${m[1]}`.toLowerCase() : undefined;
};

const colourOf = (p: Record<string, unknown>): string | undefined =>
  ['colour', 'color', 'fill', 'stroke'].map((k) => p[k]).find((v): v is string => typeof v === 'string' && /^#[0-9a-f]{6}$/i.test(v));

/** Takes a GeoJSON of whatever kind apart. Names that are missing are numbered. */
export function fromGeoJSON(json: unknown, word: string, width: number): Read {
  const out: Read = { features: [], skipped: 0, lines: 0 };
  const take = (g: unknown, p: Record<string, unknown>) => {
    const geometry = g as Feature['geometry'] | null;
    if (geometry?.type === 'GeometryCollection') { for (const part of (geometry.geometries as unknown[]) ?? []) take(part, p); return; }
    if (geometry?.type === 'MultiLineString') { for (const line of geometry.coordinates as unknown[]) take({ type: 'LineString', coordinates: line }, p); return; }
    const round = geometry?.type === 'Point' && (typeof geometry.radius === 'number' || typeof p.radius === 'number');
    if (!geometry || !(['Polygon', 'MultiPolygon', 'LineString'].includes(geometry.type) || round)) { out.skipped++; return; }
    const flat = { ...geometry };
    delete flat.bbox;
    if (round) flat.radius = geometry.radius ?? p.radius;
    if (geometry.type === 'LineString' && typeof geometry.width !== 'number') {
      out.lines++;
      flat.width = typeof p.width === 'number' ? p.width : width;
    }
    const name = [p.name, p.Name, p.title, p.NAME].find((v): v is string => typeof v === 'string' && v.trim() !== '') ?? `${word} ${out.features.length + 1}`;
    const tick = (v: unknown) => (typeof v === 'boolean' ? v : undefined);
    out.features.push({
      type: 'Feature', geometry: flat,
      properties: { name: name.trim().slice(0, 120), colour: colourOf(p), inside: tick(p.inside), outside: tick(p.outside), speedLimit: typeof p.speedLimit === 'number' ? p.speedLimit : undefined, preset: ['instant', 'balanced', 'strict'].includes(p.preset as string) ? (p.preset as string) : undefined },
    });
  };
  const walk = (v: unknown) => {
    const o = v as { type?: string; features?: unknown[]; geometry?: unknown; properties?: Record<string, unknown> | null };
    if (o?.type === 'FeatureCollection') o.features?.forEach(walk);
    else if (o?.type === 'Feature') take(o.geometry, o.properties ?? {});
    else if (typeof o?.type === 'string') take(o, {});
    else throw new Error('no GeoJSON');
  };
  walk(json);
  return out;
}

/** KML as GeoJSON: polygons with their holes, and lines. */
export function kmlToGeoJSON(text: string): unknown {
  const doc = new DOMParser().parseFromString(text, 'application/xml');
  if (doc.getElementsByTagName('parsererror').length) throw new Error('no KML');
  const all = (of: Element | Document, name: string) => [...of.getElementsByTagNameNS('*', name)];
  const styles = new Map<string, string>();
  const paint = (of: Element) => { const line = all(of, 'LineStyle')[0], fill = all(of, 'PolyStyle')[0]; return kmlColour((line && all(line, 'color')[0]?.textContent) ?? (fill && all(fill, 'color')[0]?.textContent) ?? undefined); };
  for (const s of all(doc, 'Style')) { const c = paint(s); if (s.id && c) styles.set(`#${s.id}`, c); }
  for (const m of all(doc, 'StyleMap')) { const url = all(m, 'styleUrl')[0]?.textContent?.trim(), c = url && styles.get(url); if (m.id && c) styles.set(`#${m.id}`, c); }
  const ring = (of: Element) => positions(all(of, 'coordinates')[0]?.textContent ?? '');
  const features = all(doc, 'Placemark').flatMap((mark) => {
    const properties = { name: all(mark, 'name')[0]?.textContent?.trim() ?? '', colour: paint(mark) ?? styles.get(all(mark, 'styleUrl')[0]?.textContent?.trim() ?? '') };
    const areas = all(mark, 'Polygon').map((p) => [...all(p, 'outerBoundaryIs').slice(0, 1), ...all(p, 'innerBoundaryIs')].flatMap((b) => all(b, 'LinearRing')).map(ring));
    const lines = all(mark, 'LineString').map(ring);
    return [
      ...(areas.length ? [{ type: 'Feature', properties, geometry: areas.length === 1 ? { type: 'Polygon', coordinates: areas[0] } : { type: 'MultiPolygon', coordinates: areas } }] : []),
      ...lines.map((coordinates) => ({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates } })),
      ...(areas.length || lines.length ? [] : [{ type: 'Feature', properties, geometry: { type: 'Point' } }]),
    ];
  });
  return { type: 'FeatureCollection', features };
}
