// Makes the offline world: the countries of Natural Earth (in the package
// world-atlas), cut at the antimeridian, since MapLibre would draw bands from
// edge to edge otherwise, and one label point for each, in its largest part.
// Left in generated/, which is not committed; made again when this changes.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { geoArea, geoCentroid, geoEquirectangular } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import { feature, mesh } from 'topojson-client';

const here = new URL('..', import.meta.url).pathname;
const out = here + 'generated/world.json', lock = here + 'package-lock.json', self = here + 'scripts/world.mjs';
const age = (f) => statSync(f).mtimeMs;
if (existsSync(out) && age(out) > age(lock) && age(out) > age(self)) process.exit(0);

const atlas = JSON.parse(readFileSync(here + 'node_modules/world-atlas/countries-50m.json'));
const flat = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).reflectY(true).precision(0);
// Two decimals are 1.1 km, what 1:50 million holds; what falls together goes.
const round = (v) => Math.round(v * 100) / 100;
const slim = (c) => {
  if (typeof c[0][0] !== 'number') return c.map(slim);
  const out = c.map((p) => p.map(round)).filter((p, i, all) => !i || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);
  return out.length < 4 ? c.map((p) => p.map(round)) : out;
};

const land = [], labels = [];
for (const f of feature(atlas, atlas.objects.countries).features) {
  const cut = geoProject(f, flat);
  if (!cut?.geometry) continue;
  land.push({ type: 'Feature', properties: {}, geometry: { type: cut.geometry.type, coordinates: slim(cut.geometry.coordinates) } });
  const parts = (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates)
    .map((coordinates) => ({ type: 'Polygon', coordinates })).sort((a, b) => geoArea(b) - geoArea(a));
  const area = geoArea(parts[0]) * 4.06e7; // km²
  // The numeric code of ISO 3166 stands for the two letters, as locales know them.
  const region = f.id ? new Intl.Locale('und-' + f.id).region : undefined;
  if (area < 100 && !region) continue;
  labels.push({
    type: 'Feature', geometry: { type: 'Point', coordinates: geoCentroid(parts[0]).map(round) },
    properties: { name: f.properties.name, ...(region?.length === 2 && { region }), rank: area > 2e6 ? 0 : area > 4e5 ? 1 : area > 6e4 ? 2 : area > 5e3 ? 3 : 4 },
  });
}
// Lines apart from the land, so that the cut itself is not drawn.
const lines = geoProject(mesh(atlas, atlas.objects.countries), flat);
const edges = { type: 'Feature', properties: {}, geometry: { type: lines.type, coordinates: slim(lines.coordinates) } };
const collect = (features) => ({ type: 'FeatureCollection', features });

mkdirSync(here + 'generated', { recursive: true });
writeFileSync(out, JSON.stringify({ land: collect(land), edges: collect([edges]), labels: collect(labels) }));
console.log(`world: ${land.length} countries, ${(statSync(out).size / 1e6).toFixed(1)} MB`);
