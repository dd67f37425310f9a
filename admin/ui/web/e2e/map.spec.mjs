// Flow 9: the live map with a thousand devices, its toolbar, and a stream that
// breaks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { drive, password, setUp, start, until } from './server.mjs';

const FLEET = 1000, SILENT = 7;
let world, browser, api, page, customer, other, own = new Set(), fleet;
/** The page's connections, what came through them, and whether new ones are let in. */
const stream = { open: [], frames: [], said: [], cut: false };

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
  fleet = spawn(new URL('../../../../bin/vigia', import.meta.url).pathname, ['simulate', '--to', `127.0.0.1:${world.ports.osmand}`, '--protocol', 'osmand', '--devices', String(FLEET), '--rate', '150', '--seconds', '600', '--first-id', '860000000100000', '--centre', '4.65,-74.1'], { stdio: 'ignore' });
  await drive(world, 'stranger-1', 4.6, -74.1);
  page = await open(browser, world, { geolocation: { latitude: 4.711, longitude: -74.0721 } });
  await page.routeWebSocket(/\/api\/v1\/stream/, (ws) => {
    if (stream.cut) { ws.close(); return; }
    const server = ws.connectToServer();
    stream.open.push({ ws, server });
    ws.onMessage((m) => { stream.said.push(JSON.parse(m)); server.send(m); });
    server.onMessage((m) => { stream.frames.push(JSON.parse(m)); ws.send(m); });
  });
  await signIn(page, 'rosa');
}, { timeout: 120_000 });
after(async () => { fleet?.kill(); await browser?.close(); await world?.stop(); });

const tool = (name) => page.getByRole('toolbar', { name: 'Map tools' }).getByRole('button', { name, exact: true });
const count = (name) => tool(name).getAttribute('data-count');
const view = () => page.locator('.map-gl').getAttribute('data-view');
/** How many points and how many bubbles the map shows. */
const shown = async () => (await page.locator('.map-gl').getAttribute('data-points')).split(' ').map(Number);
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
  await until('a thousand connected', async () => (await count('Connected devices')) === '1,000', 40_000);
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

test('connected and disconnected devices are counted and filtered / S2-112, S2-113', { timeout: 120_000 }, async () => {
  const listed = (n, all) => until(`${n} of ${all} in the list`, async () => (await page.getByTestId('map-count').first().textContent()) === `${n} of ${all}`);
  await until('the silent ones', async () => (await count('Disconnected devices')) === String(SILENT));
  await tool('Disconnected devices').click();
  await listed('7', '1,007');
  assert.match(page.url(), /state=disconnected/);
  assert.equal(await tool('Disconnected devices').getAttribute('aria-pressed'), 'true');
  await until('a map of those that were never heard of', async () => (await shown()).every((n) => n === 0));
  await tool('Connected devices').click();
  await listed('1,000', '1,007');
  assert.match(page.url(), /state=connected/);
  assert.equal(await tool('Disconnected devices').getAttribute('aria-pressed'), 'false');
  await tool('Connected devices').click();
  await listed('1,007', '1,007');
  await page.getByRole('textbox', { name: 'Find by name, plate or identity' }).first().fill('AND-990');
  await listed('1', '1');
  await until('the numbers of what was looked for', async () => (await count('Connected devices')) === '1' && (await count('Disconnected devices')) === '0');
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

test('points are grouped and ungrouped / S2-114', { timeout: 120_000 }, async () => {
  const group = tool('Group / ungroup points');
  assert.equal(await group.getAttribute('aria-pressed'), 'true');
  const [alone, bubbles] = await until('bubbles', async () => { const s = await shown(); return s[1] > 0 && s; });
  assert.ok(alone < FLEET, `${alone} points beside ${bubbles} bubbles`);
  await page.check('map-grouped');
  await group.click();
  assert.equal(await group.getAttribute('aria-pressed'), 'false');
  await until('every point for itself', async () => { const [points, crowds] = await shown(); return points >= FLEET && crowds === 0; });
  await page.check('map-ungrouped');
  await group.click();
  await until('bubbles again', async () => (await shown())[1] > 0);
});

test('with a graphics card and without, a thousand points look alike', { timeout: 120_000 }, async () => {
  /** How many pixels of the map have the colour of what moves, and what stamps it. */
  const look = async (p) => {
    const png = (await p.locator('.map-gl').screenshot()).toString('base64');
    return p.evaluate(async (data) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: 'image/png' }));
      const c = new OffscreenCanvas(picture.width, picture.height), g = c.getContext('2d');
      g.drawImage(picture, 0, 0);
      const ink = new Uint32Array(g.getImageData(0, 0, c.width, c.height).data.buffer);
      const stamps = document.querySelectorAll('.map-gl canvas')[2];
      return [ink.filter((v) => v === 0xff5b8912).length, stamps.getContext('webgl2') ? 'card' : 'copied'];
    }, png);
  };
  const other = await open(browser, world, { width: 1280 });
  await other.addInitScript(() => {
    const { getParameter } = WebGL2RenderingContext.prototype; // the program that plays a card here says that it is one
    WebGL2RenderingContext.prototype.getParameter = function (name) { return name === 0x9246 ? 'A card' : getParameter.call(this, name); };
    localStorage.setItem('map.shown', JSON.stringify({ group: false, fences: true, markers: true, trails: true }));
  });
  await signIn(other, 'rosa');
  await other.goto(`/map?customer=${customer.id}`);
  await until('a thousand points', async () => Number((await other.locator('.map-gl').getAttribute('data-points'))?.split(' ')[0]) >= FLEET, 60_000);
  const [green, how] = await until('their picture', async () => { const l = await look(other); return l[0] > 0 && l; });
  await other.done();
  await tool('Group / ungroup points').click();
  await until('every point for itself', async () => (await shown())[0] >= FLEET);
  const [copied, way] = await until('their picture', async () => { const l = await look(page); return l[0] > 0 && l; });
  await tool('Group / ungroup points').click();
  assert.deepEqual([how, way], ['card', 'copied']);
  assert.ok(green > 10_000 && Math.abs(green - copied) < 0.2 * copied, `${green} pixels by the card, ${copied} copied`);
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

test('a broken stream is said after five seconds, and goes on without gaps or doubles', { timeout: 120_000 }, async () => {
  const fence = await api('POST', '/fences', { owner: customer.id, name: 'Toll gate', shape: { type: 'Point', coordinates: [-72, 8.5], radius: 150 }, inside: true, outside: true, preset: 'instant', targets: { all: true } });
  const lone = (await api('GET', '/devices?search=860000000101006')).items[0]; // no simulated tracker drives it
  const go = async (lat, n) => { await drive(world, lone.uniqueId, lat, -72, { speed: 30, at: begun + n * 25_000 }); }; // as fast as a car is
  const begun = Date.now();
  await go(8.505, 0);
  await until('the lone one', () => stream.frames.some((f) => f.positions?.some((p) => p.device === lone.id)));
  const told = page.locator('.feed-list .feed-row', { hasText: lone.name });
  stream.cut = true;
  for (const { ws, server } of stream.open) { ws.close(); server.close(); }
  for (const [n, lat] of [8.5, 8.505, 8.5].entries()) await go(lat, n + 1); // in, out and in, while nobody hears
  await until('its events', async () => (await api('GET', `/events?fence=${fence.id}`)).items.length === 3);
  const down = page.getByRole('alert').filter({ hasText: 'No connection for' });
  await down.waitFor();
  await page.check('map-down');
  const frames = stream.frames.length, said = stream.said.length;
  stream.cut = false;
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 10_000 }).catch(async (err) => { if (await down.count()) throw err; }); // it may have come back by itself meanwhile
  await down.waitFor({ state: 'detached' });
  await until('the stream again', () => stream.frames.length > frames + 4);
  assert.ok(stream.said[said].cursor, 'it came back without its cursor');
  assert.ok(!stream.frames.slice(frames).some((f) => f.type === 'snapshot'), 'the server began anew');
  await until('what happened meanwhile', async () => (await told.count()) === 3);
  await go(8.505, 5);
  await until('what happens now', async () => (await told.count()) === 4);
  const ids = stream.frames.flatMap((f) => f.events ?? []).filter((e) => e.fence === fence.id).map((e) => e.id);
  assert.equal(new Set(ids).size, 4);
  assert.equal(ids.length, 4, 'an event came twice');
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
