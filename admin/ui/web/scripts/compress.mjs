// Leaves a gzip beside every text file of the build, so that the server never
// compresses; it serves the plain one to whoever cannot take gzip.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../../dist/', import.meta.url).pathname;
let plain = 0, packed = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.(js|mjs|css|html|svg|json|webmanifest)$/.test(file)) continue;
  const body = readFileSync(file);
  const small = gzipSync(body, { level: 9 });
  plain += body.length;
  packed += small.length;
  if (entry.name !== 'index.html') writeFileSync(file + '.gz', small);
}
console.log(`compressed ${(plain / 1e6).toFixed(1)} MB to ${(packed / 1e6).toFixed(1)} MB`);
