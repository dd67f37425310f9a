// A day of driving, played back: trips, stops, stays, files, and a geofence from
// a stop; the customer comes to it from the map.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { drive, password, setUp, start, until } from './server.mjs';

let world, browser, api, page, customer, van;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
  van = await api('POST', '/devices', { name: 'Van 1', uniqueId: 'van-1', customer: customer.id });
  await api('POST', '/fences', { owner: customer.id, name: 'Depot', shape: { type: 'Point', coordinates: [-74.1, 4.6], radius: 500 }, inside: true, outside: true, preset: 'instant', targets: { all: true } });
  await api('POST', '/users', { role: 'customerAdmin', customer: customer.id, firstName: 'Rosa', lastName: 'Rojas', email: 'rosa@andinos.test', username: 'rosa', lang: 'en', timezone: 'America/Bogota', activation: { method: 'password', password } });
  // Ten minutes at the depot, ten north at 60 km/h, ten minutes there; behind the fence's making, by a device whose clock goes ahead a little.
  let at = Date.now() - 30 * 60e3, lat = 4.6;
  const put = async (speed) => { await drive(world, 'van-1', lat, -74.1, { speed, at }); at += 20_000; };
  for (let i = 0; i < 30; i++) await put(0);
  for (let i = 0; i < 30; i++) { lat += (20 * 60) / 3.6 / 111_195; await put(60); }
  for (let i = 0; i < 29; i++) await put(0);
  // The stays are judged by the fences of their time: this one is drawn now, about where it stands.
  await api('POST', '/fences', { owner: customer.id, name: 'Yard', shape: { type: 'Point', coordinates: [-74.1, lat], radius: 300 }, inside: true, outside: true, preset: 'instant', targets: { all: true } });
  at = Date.now() + 1000;
  await put(0);
  await until('the history', async () => (await api('GET', `/devices/${van.id}/route`)).fixes === 90);
  page = await open(browser, world);
  await signIn(page, 'rosa');
}, { timeout: 120_000 });
after(async () => { await browser?.close(); await world?.stop(); });

// Around midnight the day before belongs to it.
const today = () => new Date(Date.now() - 31 * 60e3).toLocaleDateString('sv');

test('the customer comes from the device map to the route report / S2-130', { timeout: 120_000 }, async () => {
  await page.goto(`/map?customer=${customer.id}&device=${van.id}`);
  await page.getByRole('toolbar', { name: 'Map tools' }).getByRole('link', { name: 'Route report' }).click();
  await page.waitForURL(/\/playback\?device=/);
  await page.goto(`/playback?device=${van.id}&day=${today()}&until=${new Date().toLocaleDateString('sv')}`);
  await page.getByTestId('distance').filter({ hasText: /^(9\.9|10\.0) km$/ }).waitFor({ timeout: 120_000 });
  await page.locator('.past-mark[data-kind=trip]').waitFor();
  assert.equal(await page.locator('.past-mark[data-kind=stop]').count(), 2);
  await page.check('playback');
});

test('it plays, faster, and the timeline is scrubbed', { timeout: 120_000 }, async () => {
  const slider = page.getByRole('slider', { name: 'Time' }), at = async () => Number(await slider.inputValue());
  const began = await at();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await until('the time runs', async () => (await at()) > began + 20_000);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await slider.fill(String(began + 900_000));
  assert.equal(await at(), began + 900_000);
  await page.getByText('×1', { exact: true }).click();
});

test('stays in fences are those of their time', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Geofences' }).click();
  const yard = page.locator('.past-row', { hasText: 'Yard' });
  await yard.getByText('inside before – still inside').waitFor();
  assert.equal(await page.locator('.past-row', { hasText: 'Depot' }).count(), 0, 'a fence that was drawn later was visited');
});

test('the track is exported in four formats', { timeout: 120_000 }, async () => {
  for (const [name, begin] of [['GPX', '<?xml'], ['KML', '<?xml'], ['CSV', '\ufeffdevice'], ['GeoJSON', '{"type":"FeatureCollection"']]) {
    await page.getByRole('button', { name: 'Export the track of Van 1' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name, exact: true }).click()]);
    const parts = [];
    for await (const b of await file.createReadStream()) parts.push(b);
    const text = Buffer.concat(parts).toString();
    assert.ok(text.startsWith(begin), `${name}: ${text.slice(0, 60)}`);
    assert.match(file.suggestedFilename(), new RegExp(`^Van-1-\\d{8}(-\\d{8})?\\.${name.toLowerCase()}$`));
    assert.equal(text.match({ GPX: /<trkpt/g, KML: /<when>/g, CSV: /\nVan 1/g, GeoJSON: /"Point"/g }[name]).length, 90, name);
  }
});

test('a geofence is made from a stop', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Trips' }).click();
  await page.getByRole('button', { name: /^Stop/ }).last().click();
  await page.getByRole('link', { name: 'Make a geofence here' }).click();
  await page.waitForURL(/\/geofences\/new/);
  const form = page.getByRole('form');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Customer of the stop');
  await form.getByRole('button', { name: 'Save' }).click();
  const made = await until('the fence', async () => (await api('GET', '/fences?search=Customer of the stop')).items[0]);
  assert.ok(Math.abs(made.shape.coordinates[1] - 4.6899) < 0.002 && made.shape.radius === 100, JSON.stringify(made.shape));
  await page.done();
});

for (const lang of ['es', 'pt', 'fr']) {
  test(`the route report in ${lang} on a phone`, { timeout: 120_000 }, async () => {
    const phone = await open(browser, world, { lang, width: 360, height: 740 });
    await phone.addInitScript((l) => localStorage.setItem('lang', l), lang);
    await signIn(phone, 'rosa');
    await phone.goto(`/playback?device=${van.id}&day=${today()}`);
    await phone.getByTestId('distance').waitFor();
    await phone.check(`playback-phone-${lang}`);
    await phone.done();
  });
}
