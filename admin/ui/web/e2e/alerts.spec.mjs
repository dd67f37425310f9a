// The first half of flow 7: a plan of a company's own, a browser that takes
// push messages, and a notification by SMS, email and push.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { openPush } from './pushsink.mjs';
import { password, setUp, start } from './server.mjs';

const id = 'alert-truck';
let world, browser, api, page, push, customer, rosa;
before(async () => {
  push = await openPush();
  process.env.SSL_CERT_FILE = push.cert; // the server trusts the push service of this machine
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Cargas del Sur', code: 'CS', country: 'CO' });
  rosa = await api('POST', '/users', {
    customer: customer.id, role: 'customerAdmin', firstName: 'Rosa', email: 'rosa@sur.test', phone: '+573001234567', lang: 'es', timezone: 'America/Bogota', activation: { method: 'password', password },
  });
  const type = (await api('GET', '/device-types')).items.find((k) => k.name === 'OsmAnd').id;
  await api('POST', '/devices', { name: 'Camión 7', uniqueId: id, customer: customer.id, type });
  await api('POST', '/fences', {
    owner: customer.id, name: 'Depósito', preset: 'instant', inside: true, outside: true, targets: { all: true },
    shape: { type: 'Point', coordinates: [-74.08, 4.6], radius: 300 },
  });
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); await push?.close(); });

test('flow 7: alerts by SMS, email and push', { timeout: 170_000 }, async (t) => {
  const dialog = page.getByRole('dialog');
  const field = (name) => dialog.getByRole('combobox', { name }).or(dialog.getByRole('textbox', { name })).first();

  await t.test('a plan of two events is made in the parameters /S2-105', async () => {
    await page.goto('/parameters/event-plans');
    await page.getByRole('row', { name: /OsmAnd/ }).waitFor(); // built in
    await page.getByRole('button', { name: 'New event plan' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Theft');
    await field('Device type').click();
    await page.getByRole('option', { name: 'OsmAnd' }).click();
    await dialog.getByRole('checkbox', { name: 'SOS' }).check();
    await dialog.getByRole('checkbox', { name: /^Left a geofence/ }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Theft/ }).waitFor();
  });

  await t.test('this browser takes push messages', async () => {
    const mine = await open(browser, world, { permissions: ['notifications'] });
    await mine.addInitScript((s) => { // no push service can be reached from here: its part is played
      let made = null;
      PushManager.prototype.getSubscription = async () => made;
      PushManager.prototype.subscribe = async (o) => (made = { ...s, options: { applicationServerKey: o.applicationServerKey.buffer }, toJSON: () => s, unsubscribe: async () => { made = null; return true; } });
    }, push.subscription);
    await signIn(mine, 'rosa@sur.test');
    await mine.goto('/profile?tab=alerts&lang=en');
    await mine.getByRole('button', { name: /Switch on|Activar/ }).click();
    await mine.getByRole('button', { name: /Revoke|Revocar/ }).waitFor();
    rosa.page = mine;
  });

  await t.test('a notification has description, device and type /S2-99 S2-100 S2-101', async () => {
    await page.goto(`/customers/${customer.id}?tab=notifications`);
    await page.getByText('No notifications').first().waitFor();
    await page.getByRole('button', { name: 'Add notification', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Description' }).fill('Night watch');
    for (const name of ['SMS per signal', 'Email per signal', 'Push notifications']) await dialog.getByRole('checkbox', { name }).check();
    await field('Recipients').click();
    await page.getByRole('option', { name: /Rosa/ }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('radio', { name: 'Chosen devices' }).check();
    await dialog.getByRole('checkbox', { name: /Camión 7/ }).check();
  });

  await t.test('a chosen plan shows its events /S2-104 S2-106', async () => {
    await field('Event plan').click();
    await page.getByRole('option', { name: 'Theft' }).click();
    const shown = dialog.getByRole('group', { name: 'Events of the plan' });
    await shown.getByText('SOS').waitFor();
    await shown.getByText(/Left a geofence/).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Night watch/ }).waitFor();
  });

  await t.test('the tab lists it with its types /S2-93', async () => {
    const row = page.getByRole('row', { name: /Night watch/ });
    await row.getByText('Theft').waitFor();
    assert.match(await row.textContent(), /Rosa/);
  });

  await rosa.page.done();
  await page.done();
});
