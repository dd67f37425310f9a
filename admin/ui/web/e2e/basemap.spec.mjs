// The street map of a file on the server: chosen in the settings, read in
// parts, drawn.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { archive, pngTile, vectorTile } from './pmtiles.mjs';
import { setUp, start, until } from './server.mjs';

let world, browser, api, page;
const parts = [];
before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  const maps = join(world.dir, 'data', 'maps');
  await mkdir(maps, { recursive: true });
  await writeFile(join(maps, 'town.pmtiles'), archive(vectorTile, { type: 1, attribution: '<a href="https://example.com">© Survey & sons</a>' }));
  await writeFile(join(maps, 'aerial.pmtiles'), archive(pngTile(200, 40, 160), { type: 2 }));
  page = await open(browser, world);
  page.on('response', (r) => { if (r.url().endsWith('.pmtiles')) parts.push([r.status(), r.request().headers().range]); });
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });

/** How much of the map's middle has a colour, 0 to 1. */
async function share(...colour) {
  const shot = await page.screenshot({ clip: { x: 560, y: 250, width: 400, height: 400 } });
  return page.evaluate(async ([bytes, [r, g, b]]) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    c.drawImage(picture, 0, 0);
    const { data } = c.getImageData(0, 0, picture.width, picture.height);
    let n = 0;
    for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 9) n++;
    return n / (data.length / 4);
  }, [[...shot], colour]);
}
const look = () => page.goto('/map?bbox=-80_-10_-60_10');

test('a file of the folder maps is chosen in the settings', { timeout: 120_000 }, async () => {
  await page.goto('/settings/maps');
  await page.getByRole('radio', { name: 'A file on this server' }).check();
  await page.getByRole('combobox', { name: 'File' }).or(page.getByRole('textbox', { name: 'File' })).first().click();
  await page.getByRole('option', { name: 'town.pmtiles' }).click();
  await page.check('settings-pmtiles');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  assert.deepEqual((await api('GET', '/map')).url, 'town.pmtiles');
});

test('its vector tiles are read in parts and drawn, light and dark, with who made them', { timeout: 120_000 }, async () => {
  await look();
  await until('the park', async () => (await share(0xe3, 0xec, 0xdc)) > 0.05);
  assert.ok((await share(0xdb, 0xe7, 0xee)) > 0.2, 'no water');
  assert.ok((await share(0xf6, 0xf4, 0xee)) > 0.05, 'no land');
  assert.ok(parts.length >= 2 && parts.every(([status, range]) => status === 206 && /^bytes=\d+-\d+$/.test(range)), JSON.stringify(parts));
  await page.getByText('© Survey & sons').waitFor({ state: 'attached' });
  await page.check('map-pmtiles');
  await page.emulateMedia({ colorScheme: 'dark' });
  await until('the park at night', async () => (await share(0x1b, 0x2f, 0x2b)) > 0.05);
  await page.emulateMedia({ colorScheme: 'light' });
});

test('its pictures are drawn too; without the file the embedded world is there', { timeout: 120_000 }, async () => {
  const { id } = (await api('GET', '/me')).company;
  const choose = async (url) => { const company = await api('GET', `/companies/${id}`); await api('PUT', `/companies/${id}`, { name: company.name, lang: company.lang, timezone: company.timezone, version: company.version, map: { kind: 'pmtiles', url } }); };
  await choose('aerial.pmtiles');
  await look();
  await until('the picture', async () => (await share(200, 40, 160)) > 0.9);
  page.allow.push('404 /maps/gone.pmtiles');
  await choose('gone.pmtiles');
  await look();
  await until('land and sea', async () => (await share(0xf6, 0xf4, 0xee)) > 0.3);
  await page.done();
});
