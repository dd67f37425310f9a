// Flow 12: where a customer's people begin and what is theirs. The browser's part
// of flow 15: modules that go at once, a locked plan, why nobody may come in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { client, drive, password, setUp, start, until } from './server.mjs';

let world, browser, api, page, mixed, phones, rosa, leo;
const person = (customer, username) => api('POST', '/users', {
  customer: customer.id, role: 'customerAdmin', firstName: username, username, email: `${username}@andes.test`, lang: 'en', timezone: 'America/Bogota', activation: { method: 'password', password },
});
before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  const types = (await api('GET', '/device-types')).items, type = (name) => types.find((k) => k.name === name).id;
  const plan = await api('POST', '/plans', { name: 'Fleet', modules: ['map', 'history', 'geofences', 'alerts', 'shareLinks', 'support'], lockedOnceAssigned: true, prices: { currency: 'USD', base: 1000, device: 250 } });
  mixed = await api('POST', '/customers', { name: 'Andes', code: 'A-1', country: 'CO', plan: plan.id, lang: 'en', timezone: 'America/Bogota' });
  phones = await api('POST', '/customers', { name: 'Mensajeros', code: 'M-1', country: 'CO', plan: plan.id, lang: 'en', timezone: 'America/Bogota' });
  await api('POST', '/devices', { name: 'Truck 1', uniqueId: '862205059000010', customer: mixed.id, type: type('GT06') });
  await api('POST', '/devices', { name: 'Phone 1', uniqueId: 'phone-1', customer: mixed.id, type: type('OwnTracks') });
  await api('POST', '/devices', { name: 'Courier 1', uniqueId: 'courier-1', customer: phones.id, type: type('OwnTracks') });
  await person(mixed, 'rosa');
  await person(phones, 'leo');
  const begun = Date.now() - 20 * 60e3;
  for (let i = 0; i < 20; i++) await drive(world, 'courier-1', 4.6 + i / 250, -74.1, { at: begun + i * 60e3, speed: 16 });
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
}, { timeout: 120_000 });
after(async () => { await browser?.close(); await world?.stop(); });
const links = (p) => p.getByRole('navigation', { name: 'Main menu' }).getByRole('link').allTextContents();

test('flow 12: with mixed devices a customer begins on its panel: data above, devices below / S2-127', { timeout: 120_000 }, async () => {
  rosa = await open(browser, world);
  await signIn(rosa, 'rosa');
  await rosa.waitForURL(new RegExp(`/customers/${mixed.id}`));
  const head = rosa.getByRole('heading', { level: 1, name: 'Andes' }), truck = rosa.getByRole('row', { name: /Truck 1/ });
  await truck.waitFor();
  assert.ok((await head.boundingBox()).y < (await truck.boundingBox()).y);
  await rosa.check('customer-panel-own');
});

test('flow 12: map, users, geofences, markers and support are the customer’s; the rest is staff’s / S2-128', { timeout: 120_000 }, async () => {
  const has = await links(rosa);
  for (const name of ['Live map', 'Users', 'Geofences', 'Markers', 'Support']) assert.ok(has.includes(name), `${name} is not in ${has}`);
  for (const name of ['Customers', 'Connections', 'Clients', 'Operators', 'Shifts', 'Views', 'Rules & notifications', 'Deliveries', 'Parameters', 'Billing', 'Settings', 'Audit', 'System']) assert.ok(!has.includes(name), `${name} is offered`);
  const tabs = await rosa.getByRole('tab').allTextContents();
  for (const name of ['Notifications', 'Tags', 'Connections', 'Modules', 'Usage', 'Comments', 'History']) assert.ok(!tabs.some((k) => k.startsWith(name)), `the tab ${name} is offered`);
  assert.equal(await rosa.locator('main').getByRole('button', { name: 'Edit', exact: true }).count(), await rosa.getByRole('row').getByRole('button', { name: 'Edit', exact: true }).count(), 'the record can be edited');
  await rosa.goto('/rules');
  await rosa.getByRole('heading', { name: 'This is not part of your access' }).waitFor();
  await rosa.check('barred');
  const token = (await client(world)('POST', '/login', { username: 'rosa', password })).token;
  await assert.rejects(client(world, token)('PUT', `/customers/${mixed.id}`, { name: 'Mine', code: 'A-1', country: 'CO', version: 1 }), { status: 403 });
});

test('flow 12: with positioning devices alone a customer begins on the map / S2-129', { timeout: 120_000 }, async () => {
  leo = await open(browser, world);
  await signIn(leo, 'leo');
  await leo.waitForURL(/\/map/);
  await leo.getByRole('option', { name: /Courier 1/ }).first().waitFor();
});

test('flow 12: from the map to the report of its route / S2-130', { timeout: 120_000 }, async () => {
  await leo.getByRole('option', { name: /Courier 1/ }).first().click();
  await leo.getByRole('toolbar', { name: 'Map tools' }).getByRole('link', { name: 'Route report' }).click();
  await leo.waitForURL(/\/playback/);
  const day = (at) => new Date(at).toLocaleDateString('sv');
  const courier = (await api('GET', '/devices?search=courier-1')).items[0];
  await leo.goto(`/playback?device=${courier.id}&day=${day(Date.now() - 21 * 60e3)}&until=${day(Date.now())}`);
  await leo.getByTestId('distance').filter({ hasText: /^8\.[45] km$/ }).waitFor();
  await leo.done();
});

test('flow 15: a module is unticked; menu, page and API vanish at once / S0-20', { timeout: 120_000 }, async () => {
  await rosa.goto('/geofences');
  await rosa.getByRole('heading', { name: 'Geofences' }).first().waitFor();
  rosa.allow.push(/^403 \/api\/v1\//);
  await page.goto(`/customers/${mixed.id}?tab=modules`);
  await page.getByRole('checkbox', { name: 'Geofences' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await rosa.getByRole('heading', { name: 'This is not part of your access' }).waitFor({ timeout: 5000 }); // nobody touched that page
  assert.ok(!(await links(rosa)).includes('Geofences'), 'the menu still has it');
  const token = (await client(world)('POST', '/login', { username: 'rosa', password })).token;
  await assert.rejects(client(world, token)('GET', '/fences'), { status: 403 });
});

test('flow 15: ticked again, it is back / S0-10 S0-19', { timeout: 120_000 }, async () => {
  await page.reload();
  const box = page.getByRole('checkbox', { name: 'Geofences' });
  await box.waitFor();
  assert.equal(await box.getAttribute('aria-checked') ?? String(await box.isChecked()), 'false', 'the tick is not kept');
  await box.click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await until('the menu', async () => (await links(rosa)).includes('Geofences'));
});

test('flow 15: a plan that is locked once assigned cannot be chosen anew / S3-15', { timeout: 120_000 }, async () => {
  await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
  const form = page.getByRole('dialog');
  await form.getByText('This plan cannot be changed once assigned').waitFor();
  assert.ok(await form.getByRole('textbox', { name: 'Product type' }).or(form.getByRole('combobox', { name: 'Product type' })).first().isDisabled());
  await page.check('plan-locked');
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('flow 15: who may not come in reads why, in their language', { timeout: 120_000 }, async () => {
  const now = await api('GET', `/customers/${phones.id}`);
  await api('PUT', `/customers/${phones.id}`, { name: now.name, code: now.code, country: now.country, plan: now.plan, suspended: true, suspendReason: 'mora', version: now.version });
  const refused = await open(browser, world, { lang: 'es', allow: ['401 /api/v1/me', '403 /api/v1/login'] });
  await refused.goto('/login');
  await refused.locator('input[autocomplete=username]').fill('leo');
  await refused.locator('input[autocomplete=current-password]').fill(password);
  await refused.locator('button[type=submit]').click();
  await refused.getByRole('alert').getByText('Servicio suspendido: mora').waitFor();
  await refused.check('signin-suspended');
  await refused.done();
});

test('nothing went wrong on the pages', async () => { await rosa.done(); await page.done(); });
