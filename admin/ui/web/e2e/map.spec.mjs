// Flow 9: the live map with a thousand devices, and its toolbar.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { drive, password, setUp, start, until } from './server.mjs';

const FLEET = 1000, SILENT = 7;
let world, browser, api, page, customer, other, own = new Set(), fleet;
/** The page's connections, what came through them, and whether new ones are let in. */
const stream = { open: [], frames: [], cut: false };

async function each(n, width, make) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => { while (next < n) await make(next++); }));
}

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
  other = await api('POST', '/customers', { name: 'Fletes del Sur', code: 'FS', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
  await each(FLEET + SILENT, 16, async (i) => { own.add((await api('POST', '/devices', { name: `Truck ${String(i + 1).padStart(4, '0')}`, uniqueId: String(860000000100000 + i), customer: customer.id, ...(i % 10 === 0 && { plate: `AND-${i}` }) })).id); });
  await api('POST', '/devices', { name: 'Not yours', uniqueId: 'stranger-1', customer: other.id });
  await api('POST', '/users', { role: 'customerAdmin', customer: customer.id, firstName: 'Rosa', lastName: 'Rojas', email: 'rosa@andinos.test', username: 'rosa', lang: 'en', timezone: 'America/Bogota', activation: { method: 'password', password } });
  fleet = spawn(new URL('../../../../bin/vigia', import.meta.url).pathname, ['simulate', '--to', `127.0.0.1:${world.ports.osmand}`, '--protocol', 'osmand', '--devices', String(FLEET), '--rate', '150', '--seconds', '120', '--first-id', '860000000100000', '--centre', '4.65,-74.1'], { stdio: 'ignore' });
  await drive(world, 'stranger-1', 4.6, -74.1);
  page = await open(browser, world, { geolocation: { latitude: 4.711, longitude: -74.0721 } });
  await page.routeWebSocket(/\/api\/v1\/stream/, (ws) => {
    if (stream.cut) { ws.close(); return; }
    const server = ws.connectToServer();
    stream.open.push({ ws, server });
    server.onMessage((m) => { stream.frames.push(JSON.parse(m)); ws.send(m); });
  });
  await signIn(page, 'rosa');
}, { timeout: 120_000 });
after(async () => { fleet?.kill(); await browser?.close(); await world?.stop(); });

const tool = (name) => page.getByRole('toolbar', { name: 'Map tools' }).getByRole('button', { name, exact: true });
const count = (name) => tool(name).getAttribute('data-count');
const view = () => page.locator('.map-gl').getAttribute('data-view');
/** What stands on the canvas of the devices. */
const drawn = () => page.evaluate(() => [...document.querySelectorAll('.map-gl canvas')].at(-1).toDataURL());

test('the customer panel opens the device map in a new tab / S2-109', { timeout: 120_000 }, async () => {
  await page.goto(`/customers/${customer.id}`);
  const link = page.getByRole('link', { name: 'Device map' });
  assert.equal(await link.getAttribute('target'), '_blank');
  const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await tab.waitForURL(/\/map/);
  await tab.close();
  await page.goto(`/map?customer=${customer.id}`);
  await page.waitForFunction(() => window.__mapReady, undefined, { timeout: 120_000 });
  await page.getByRole('toolbar', { name: 'Map tools' }).waitFor();
});

test('it shows the devices as they report, with an icon bar on top / S2-110, C-10', { timeout: 120_000 }, async () => {
  await until('a thousand connected', async () => (await count('Connected devices')) === '1K', 40_000);
  const first = stream.frames.length;
  await until('further frames', () => stream.frames.length > first + 3);
  assert.match(await page.getByTestId('map-count').first().textContent(), /^1,007 of 1,007$/);
  await page.check('map-thousand');
});

test('only the customer’s own devices come over the stream', () => {
  const seen = new Set();
  for (const f of stream.frames) for (const p of f.positions ?? []) seen.add(p.device);
  assert.ok(seen.size >= FLEET * 0.9, `only ${seen.size} devices were told of`);
  for (const id of seen) assert.ok(own.has(id), `${id} is another customer’s`);
});

test('a device’s card says where and how it is; it is followed, with its trail', { timeout: 120_000 }, async () => {
  await page.getByRole('textbox', { name: 'Find by name, plate or identity' }).first().fill('Truck 0042');
  await page.getByRole('option', { name: /Truck 0042/ }).first().click();
  const card = page.getByRole('region', { name: 'Truck 0042' });
  await card.getByText('Last position').waitFor();
  await card.getByText('Transportes Andinos').waitFor();
  await card.getByRole('button', { name: 'Follow' }).click();
  assert.equal(await card.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed'), 'true');
  await card.getByRole('button', { name: 'Trail' }).click();
  await page.check('map-card');
});

test('clear map takes away what was chosen, filtered and drawn / S2-117', { timeout: 120_000 }, async () => {
  await tool('Clear map').click();
  await page.getByRole('region', { name: 'Truck 0042' }).waitFor({ state: 'detached' });
  await until('all in the list', async () => /^1,007 of 1,007$/.test(await page.getByTestId('map-count').first().textContent()));
  assert.doesNotMatch(page.url(), /device=|search=|state=/);
});

test('my position, refused and granted / S2-116', { timeout: 120_000 }, async () => {
  await page.context().clearPermissions();
  await tool('My position').click();
  await page.getByText('The browser does not tell this page where you are').waitFor();
  await page.check('map-me-refused');
  await page.context().grantPermissions(['geolocation'], { origin: world.base });
  await tool('My position').click();
  await until('the map at my place', async () => /^4\.71\d*,-74\.07/.test(await view()));
});

test('distances are measured on the map', { timeout: 120_000 }, async () => {
  await tool('Measure').click();
  const box = await page.locator('.map-gl').boundingBox(), before = await drawn();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.click(box.x + box.width / 2 + 120, box.y + box.height / 2 + 60);
  assert.notEqual(await drawn(), before);
  assert.doesNotMatch(page.url(), /device=/, 'a device was chosen while measuring');
  await page.keyboard.press('Escape');
  assert.equal(await tool('Measure').getAttribute('aria-pressed'), 'false');
});

test('the toolbar leads to route reports, to a temporary link and to the customer panel / S2-111, S2-115, S2-130', { timeout: 120_000 }, async () => {
  const links = page.getByRole('toolbar', { name: 'Map tools' });
  await links.getByRole('link', { name: 'Route report' }).click();
  await page.waitForURL(/\/playback/);
  await page.getByRole('heading', { name: 'Choose devices' }).waitFor();
  await page.goBack();
  await links.getByRole('link', { name: 'Temporary link' }).click();
  await page.waitForURL(/\/shares\?new=1/);
  await page.getByRole('dialog', { name: 'New link' }).waitFor();
  await page.goBack();
  await links.getByRole('link', { name: 'Go to customer panel' }).click();
  await page.waitForURL(new RegExp(`/customers/${customer.id}`));
  await page.getByRole('heading', { name: 'Transportes Andinos' }).waitFor();
  await page.done();
});
