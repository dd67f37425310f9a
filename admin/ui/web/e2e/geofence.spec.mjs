// Flow 5: the tab's map, the shapes and what is refused; what happens as
// devices drive through, and what must not. Then the editor in four languages
// and on a phone.
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
const eventsOf = async (name) => (await api('GET', `/events?fence=${(await fenceOf(name)).id}&limit=100`)).items.filter((e) => !e.retracted).map((e) => `${e.kind} ${e.device === van.id ? 1 : 2}`).reverse();
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
const finish = () => page.getByRole('button', { name: 'Finish the shape' }).click();
/** Changes a stored fence by its form. */
async function edit(name, change) {
  await until('the time at which the vans were seen', () => Date.now() > seen + 1000, 30_000);
  await page.getByRole('button', { name: `Edit: ${name}` }).click();
  await form().getByRole('textbox', { name: 'Name', exact: true }).waitFor();
  await change();
  await form().getByRole('button', { name: 'Save' }).click();
  await form().waitFor({ state: 'detached' });
}
let seen = 0;
/** Drives both vans somewhere, as fast as an aircraft: what stands in the future would be judged by fences as they will be. */
async function both(lat, lon) {
  seen = Math.max(seen + 5000, Date.now());
  for (const id of ['van-1', 'van-2']) await drive(world, id, lat, lon, { speed: 500, at: seen });
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

test('a corridor, and a hole in a shape; undo takes the last step back', { timeout: 120_000 }, async () => {
  await room();
  await draw(page, 'Corridor').click();
  await press(page, [0.2, 0.8], [0.5, 0.75], [0.8, 0.82]);
  await finish();
  await form().getByRole('textbox', { name: 'Metres to either side' }).fill('60');
  await save('Road');
  const road = (await fenceOf('Road')).shape;
  assert.deepEqual([road.type, road.coordinates.length, road.width], ['LineString', 3, 60]);
  await draw(page, 'Square').click();
  await drag(page, [0.25, 0.25], [0.75, 0.75]);
  await draw(page, 'Hole').click();
  await press(page, [0.4, 0.4], [0.6, 0.4], [0.5, 0.6]);
  await finish();
  await form().getByText('7 points').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await form().getByText('4 points').waitFor();
  await draw(page, 'Hole').click();
  await press(page, [0.3, 0.3], [0.35, 0.3], [0.32, 0.36]);
  await finish();
  await page.check('fence-hole');
  await save('With a hole', { inside: false, outside: false });
  const holed = (await fenceOf('With a hole')).shape;
  assert.deepEqual(holed.coordinates.map((ring) => ring.length), [5, 4]);
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

test('events come exactly as ticked, and none on the first fix / S2-82, S2-83, S2-84', { timeout: 120_000 }, async () => {
  // Van 1 was inside before the fences were drawn; Van 2 was never heard of.
  const [lon, lat] = (await fenceOf('Round yard')).shape.coordinates; // in the middle of them all
  const names = ['Seven corners', 'Square yard', 'Round yard', 'With neither'];
  await both(lat, lon);
  await both(lat + 0.011, lon);
  await until('they left', async () => (await eventsOf('Round yard')).length === 2);
  await both(lat, lon);
  await until('they came back', async () => (await eventsOf('Square yard')).length === 2);
  // Of the silent one too is shown who is inside.
  await page.goto(`/map?customer=${customer.id}&device=${van.id}`);
  const card = page.getByRole('region', { name: 'Van 1' });
  for (const name of names) await card.getByRole('button', { name }).waitFor();
  await page.check('fence-states');
  await both(lat + 0.011, lon);
  await until('they left again', async () => (await eventsOf('Round yard')).length === 4);
  await card.getByRole('button', { name: 'With neither' }).waitFor({ state: 'detached' });
  const [corners, inside, outside, neither] = await Promise.all(names.map(eventsOf));
  assert.deepEqual(corners, ['exit 1', 'enter 1', 'exit 1'], 'it is assigned to Van 1 alone');
  assert.deepEqual(inside.sort(), ['enter 1', 'enter 2']);
  assert.deepEqual(outside.sort(), ['exit 1', 'exit 1', 'exit 2', 'exit 2']);
  assert.deepEqual(neither, []);
});

test('a change counts at once, and makes no event of its own / S2-76, S2-89', { timeout: 120_000 }, async () => {
  await room();
  await edit('Round yard', () => form().getByRole('checkbox', { name: 'Inside' }).check());
  const { shape } = await fenceOf('Round yard'), [lon, lat] = shape.coordinates;
  await both(lat, lon);
  await until('they came in', async () => (await eventsOf('Round yard')).length === 6);
  assert.deepEqual((await eventsOf('Round yard')).slice(4).sort(), ['enter 1', 'enter 2']);
  const before = await eventsOf('Round yard');
  const wide = String(Math.round(shape.radius + 50));
  await edit('Round yard', () => form().getByRole('textbox', { name: 'Radius, m' }).fill(wide));
  assert.equal((await fenceOf('Round yard')).shape.radius, Number(wide));
  await both(lat + 0.0001, lon);
  await until('the later fix', async () => Math.abs((await api('GET', '/positions')).items.find((p) => p.device === van.id).lat - lat - 0.0001) < 1e-6);
  assert.deepEqual(await eventsOf('Round yard'), before, 'an edit made an event');
});

test('a fence that is deleted goes from an open map at once', { timeout: 120_000 }, async () => {
  const map = await open(browser, world);
  await signIn(map, 'ana@vigia.test');
  await map.goto(`/map?customer=${customer.id}&device=${van.id}`);
  const card = map.getByRole('region', { name: 'Van 1' });
  await card.getByRole('button', { name: 'Round yard' }).waitFor();
  await page.getByRole('button', { name: 'Delete: Round yard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.locator('.fence-row', { hasText: 'Round yard' }).waitFor({ state: 'detached' });
  await card.getByRole('button', { name: 'Round yard' }).waitFor({ state: 'detached' });
  await card.getByRole('button', { name: 'Square yard' }).waitFor();
  await map.done();
});

test('on a phone, in Portuguese: who is inside, and who left / S2-82 S2-84', { timeout: 120_000 }, async () => {
  const phone = await open(browser, world, { lang: 'pt', width: 360, height: 740, hasTouch: true });
  await phone.addInitScript(() => localStorage.setItem('lang', 'pt'));
  await signIn(phone, 'ana@vigia.test');
  await phone.goto(`/map?customer=${customer.id}&device=${van.id}`);
  const card = phone.getByRole('region', { name: 'Van 1' });
  await card.getByRole('button', { name: 'Square yard' }).waitFor();
  await phone.check('fence-states-360-pt');
  const { lat, lon } = (await api('GET', '/positions')).items.find((p) => p.device === van.id), before = (await eventsOf('Seven corners')).length;
  await both(lat + 0.011, lon);
  await card.getByRole('button', { name: 'Square yard' }).waitFor({ state: 'detached' });
  await until('it left', async () => (await eventsOf('Seven corners')).length === before + 1);
  await phone.goto('/events');
  await phone.getByText('saiu de Seven corners').first().waitFor();
  await phone.check('fence-events-360-pt');
  await phone.done();
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
