// Flow 5, its drawing: the tab's map, the shapes and what is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { drive, setUp, start, until } from './server.mjs';

let world, browser, api, page, customer, van;
const HOME = { lat: 4.65, lon: -74.1 };

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
  van = await api('POST', '/devices', { name: 'Van 1', uniqueId: 'van-1', customer: customer.id });
  await api('POST', '/devices', { name: 'Van 2', uniqueId: 'van-2', customer: customer.id });
  await drive(world, 'van-1', HOME.lat, HOME.lon, { at: Date.now() - 60_000 }); // the map begins here
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
}, { timeout: 120_000 });
after(async () => { await browser?.close(); await world?.stop(); });

const canvas = (p) => p.locator('.map-gl canvas.maplibregl-canvas');
/** Presses the map at parts of its size. */
async function press(p, ...places) {
  const box = await canvas(p).boundingBox();
  for (const [x, y] of places) {
    await p.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await p.mouse.click(box.x + x * box.width, box.y + y * box.height);
  }
}
async function drag(p, [x0, y0], [x1, y1]) {
  const box = await canvas(p).boundingBox();
  await p.mouse.move(box.x + x0 * box.width, box.y + y0 * box.height);
  await p.mouse.down();
  await p.mouse.move(box.x + ((x0 + x1) / 2) * box.width, box.y + ((y0 + y1) / 2) * box.height, { steps: 4 });
  await p.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height, { steps: 4 });
  await p.mouse.up();
}
const view = (p) => p.locator('.map-gl').getAttribute('data-view');
const draw = (p, name) => p.getByRole('toolbar', { name: 'Draw' }).getByRole('button', { name, exact: true });
const form = (p = page) => p.getByRole('form');
const fenceOf = async (name) => (await api('GET', `/fences?search=${encodeURIComponent(name)}`)).items.find((f) => f.name === name);
async function room() {
  await page.goto(`/customers/${customer.id}?tab=geofences`);
  await page.waitForFunction(() => window.__mapReady, undefined, { timeout: 120_000 });
  await until('the map at the van', async () => /^4\.6\d*,-74\.[01]/.test(await view(page)));
}
async function save(name, { inside = true, outside = true } = {}) {
  await form().getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await form().getByRole('checkbox', { name: 'Inside' }).setChecked(inside);
  await form().getByRole('checkbox', { name: 'Outside' }).setChecked(outside);
  await form().getByRole('combobox', { name: 'How sure it must be' }).or(form().getByRole('textbox', { name: 'How sure it must be' })).first().click();
  await page.getByRole('option', { name: /At once/ }).click();
  await form().getByRole('button', { name: 'Save' }).click();
  await page.locator('.fence-row', { hasText: name }).waitFor();
}

test('the tab has a map to pan and zoom, with the shapes’ buttons on it / S2-75, S2-77, S2-85', { timeout: 120_000 }, async () => {
  await room();
  for (const name of ['Polygon', 'Square', 'Circle', 'Corridor']) await draw(page, name).waitFor();
  const before = await view(page);
  await drag(page, [0.5, 0.5], [0.6, 0.6]);
  await until('the map moved', async () => (await view(page)) !== before);
  const box = await canvas(page).boundingBox(), zoom = Number((await view(page)).split(',')[2]);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -600);
  await until('the map nearer', async () => Number((await view(page)).split(',')[2]) > zoom);
  await page.check('fences-empty');
});

test('a polygon of seven corners with name, colour and assigned devices / S2-78, S2-79, S2-86', { timeout: 120_000 }, async () => {
  await room();
  await page.getByRole('button', { name: 'Add geofence' }).click();
  await form().waitFor();
  await draw(page, 'Polygon').click();
  await press(page, [0.35, 0.35], [0.5, 0.28], [0.65, 0.35], [0.7, 0.5], [0.62, 0.66], [0.5, 0.7], [0.36, 0.62]);
  await page.getByRole('button', { name: 'Finish the shape' }).click();
  await form().getByText('7 points').waitFor();
  await page.check('fence-polygon');
  await save('Seven corners');
  assert.equal((await fenceOf('Seven corners')).shape.coordinates[0].length, 8);
});

test('colour and assigned devices are kept / S2-80, S2-81', { timeout: 120_000 }, async () => {
  await page.getByRole('button', { name: 'Edit: Seven corners' }).click();
  await form().getByRole('textbox', { name: 'Colour' }).fill('#c2255c');
  await form().getByRole('checkbox', { name: 'All devices' }).uncheck();
  await form().getByRole('checkbox', { name: /Van 1/ }).check();
  await form().getByRole('button', { name: 'Save' }).click();
  await form().waitFor({ state: 'detached' });
  const f = await until('the change', async () => { const x = await fenceOf('Seven corners'); return x.colour === '#c2255c' && x; });
  assert.deepEqual(f.targets.devices, [van.id]);
});

test('a square and a circle are drawn by their buttons / S2-87, S2-88', { timeout: 120_000 }, async () => {
  await room();
  await draw(page, 'Square').click();
  await drag(page, [0.3, 0.3], [0.7, 0.7]);
  await save('Square yard', { outside: false });
  await draw(page, 'Circle').click();
  await drag(page, [0.5, 0.5], [0.7, 0.6]);
  await form().getByRole('textbox', { name: 'Radius, m' }).waitFor();
  await save('Round yard', { inside: false });
  await draw(page, 'Square').click();
  await drag(page, [0.25, 0.25], [0.75, 0.75]);
  await save('With neither', { inside: false, outside: false });
  assert.equal((await fenceOf('Round yard')).shape.type, 'Point');
  assert.equal((await fenceOf('Square yard')).shape.coordinates[0].length, 5);
});

test('a shape that crosses itself is refused, and shown where', { timeout: 120_000 }, async () => {
  await room();
  page.allow.push('422 /api/v1/fences');
  await draw(page, 'Polygon').click();
  await press(page, [0.3, 0.3], [0.7, 0.7], [0.7, 0.3], [0.3, 0.7]);
  await page.getByRole('button', { name: 'Finish the shape' }).click();
  await form().getByRole('textbox', { name: 'Name', exact: true }).fill('Bow tie');
  await form().getByRole('button', { name: 'Save' }).click();
  await page.locator('.fence-fault').waitFor();
  await form().getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('KML and GeoJSON come in; what is faulty is shown on the map', { timeout: 120_000 }, async () => {
  await room();
  const kml = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Bodega &amp; patio</name><Polygon><outerBoundaryIs><LinearRing><coordinates>-74.1,4.6 -74.05,4.6 -74.05,4.65 -74.1,4.6</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>';
  await page.getByRole('button', { name: 'Import GeoJSON or KML' }).click();
  const dialog = page.getByRole('dialog'), file = (name, text) => dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await file('fences.kml', kml);
  await dialog.getByText('1 shape found').waitFor();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await page.locator('.fence-row', { hasText: 'Bodega & patio' }).waitFor();
  page.allow.push('422 /api/v1/fences/import');
  await page.getByRole('button', { name: 'Import GeoJSON or KML' }).click();
  await file('bad.geojson', JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { name: 'Knot' }, geometry: { type: 'Polygon', coordinates: [[[-74, 4], [-73.9, 4.1], [-73.9, 4], [-74, 4.1], [-74, 4]]] } }] }));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByRole('button', { name: 'Show on the map' }).first().click();
  await page.locator('.fence-fault', { hasText: 'Knot' }).waitFor();
  await page.done();
});

for (const [lang, label, shapes] of [['es', 'Agregar geocerca', ['Polígono', 'Cuadrado', 'Círculo']], ['pt', 'Adicionar cerca', ['Polígono', 'Quadrado', 'Círculo']], ['fr', 'Ajouter une zone', ['Polygone', 'Carré', 'Cercle']], ['en', 'Add geofence', ['Polygon', 'Square', 'Circle']]]) {
  test(`the editor in ${lang} on a phone`, { timeout: 120_000 }, async () => {
    const phone = await open(browser, world, { lang, width: 360, height: 740, hasTouch: true });
    await phone.addInitScript((l) => localStorage.setItem('lang', l), lang);
    await signIn(phone, 'ana@vigia.test');
    await phone.goto('/geofences');
    await phone.getByRole('button', { name: label }).waitFor();
    for (const name of shapes) await phone.getByRole('button', { name, exact: true }).waitFor();
    await phone.getByRole('button', { name: label }).click();
    await phone.getByRole('form').waitFor();
    await phone.check(`fence-phone-${lang}`);
    await phone.close();
  });
}
