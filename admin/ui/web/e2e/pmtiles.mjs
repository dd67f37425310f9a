// Writes small street maps in the PMTiles format, version 3
// (github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): one tile that
// stands for all of the world down to a zoom level. Vector tiles after Mapbox's
// specification 2.1, pictures as PNG.
import { crc32, deflateSync, gzipSync } from 'node:zlib';

function varint(n) {
  const out = [];
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  return Buffer.from([...out, n]);
}
const field = (id, wire, ...parts) => Buffer.concat([varint(id * 8 + wire), ...(wire === 2 ? [varint(parts.reduce((n, p) => n + p.length, 0))] : []), ...parts]);
const zigzag = (n) => (n < 0 ? -2 * n - 1 : 2 * n);

/** A path from its corners: a polygon (3) is closed, a line (2) is not, a point (1) is one. */
function geometry(kind, corners) {
  let [x, y] = [0, 0];
  const step = ([nx, ny]) => { const d = [zigzag(nx - x), zigzag(ny - y)]; [x, y] = [nx, ny]; return d; };
  const out = [9, ...step(corners[0])]; // move to one
  if (kind > 1) out.push(((corners.length - 1) << 3) | 2, ...corners.slice(1).flatMap(step));
  if (kind === 3) out.push(15); // close
  return Buffer.concat(out.map(varint));
}

/** A layer of one thing with its tags. */
function layer(name, kind, corners, tags = {}) {
  const keys = Object.keys(tags);
  return field(3, 2,
    field(15, 0, varint(2)), field(1, 2, Buffer.from(name)),
    field(2, 2, field(2, 2, ...keys.flatMap((_, i) => [varint(i), varint(i)])), field(3, 0, varint(kind)), field(4, 2, geometry(kind, corners))),
    ...keys.map((k) => field(3, 2, Buffer.from(k))), ...keys.map((k) => field(4, 2, field(1, 2, Buffer.from(tags[k])))), field(5, 0, varint(4096)));
}

const box = (x0, y0, x1, y1) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
/** Land, the west half of it water, the south-east quarter a park, a motorway and a town. */
export const vectorTile = Buffer.concat([
  layer('earth', 3, box(0, 0, 4096, 4096)), layer('water', 3, box(0, 0, 2048, 4096)), layer('landuse', 3, box(2048, 2048, 4096, 4096), { kind: 'park' }),
  layer('roads', 2, [[2048, 1024], [4096, 1024]], { kind: 'highway', name: 'Ruta 1' }), layer('places', 1, [[3072, 512]], { name: 'Villa', 'name:fr': 'Ville' }),
]);

/** A picture of one colour. */
export function pngTile(red, green, blue) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32 ? crc32(body) : sum(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(256, 0);
  head.writeUInt32BE(256, 4);
  head.set([8, 2, 0, 0, 0], 8); // 8 bits, red green blue
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(256 * 3, Buffer.from([red, green, blue]))]);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(Array(256).fill(line)))), chunk('IEND', Buffer.alloc(0))]);
}
/** CRC-32 after PNG's annex D, where zlib has none. */
function sum(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) { c ^= b; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; }
  return (c ^ 0xffffffff) >>> 0;
}

/** A file of one tile, type 1: vector, 2: PNG; its directory lies after room bytes, so that it is read by itself. */
export function archive(tile, { type, maxZoom = 4, attribution }) {
  const squeeze = type === 1, data = squeeze ? gzipSync(tile) : tile, tiles = (4 ** (maxZoom + 1) - 1) / 3;
  const root = gzipSync(Buffer.concat([1, 0, tiles, data.length, 1].map(varint))); // one entry: its ID, run, length, place
  const meta = gzipSync(JSON.stringify({ name: 'test', attribution }));
  const head = Buffer.alloc(127);
  head.write('PMTiles');
  head[7] = 3;
  const pad = Buffer.alloc(20_000); // what is read of a file at first is 16 KiB
  const at = [127, root.length, 127 + root.length, meta.length, 0, 0, 127 + root.length + meta.length + pad.length, data.length, tiles, 1, 1];
  at.forEach((n, i) => head.writeBigUInt64LE(BigInt(n), 8 + 8 * i));
  head.set([1, 2, squeeze ? 2 : 1, type, 0, maxZoom], 96); // clustered, gzip inside
  [-180, -85, 180, 85].forEach((d, i) => head.writeInt32LE(d * 1e7, 102 + 4 * i));
  return Buffer.concat([head, root, meta, pad, data]);
}
