// Flow 7: one event by SMS, email and push; what decides whether it is sent;
// and what became of each message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { openPush } from './pushsink.mjs';
import { drive, mailText, password, setUp, start, until } from './server.mjs';

const id = 'alert-truck';
let world, browser, api, page, push, customer, rosa, device, clock = Date.now() - 10 * 60_000;
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
  device = await api('POST', '/devices', { name: 'Camión 7', uniqueId: id, customer: customer.id, type });
  await api('POST', '/fences', {
    owner: customer.id, name: 'Depósito', preset: 'instant', inside: true, outside: true, targets: { all: true },
    shape: { type: 'Point', coordinates: [-74.08, 4.6], radius: 300 },
  });
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); await push?.close(); });

/** fix puts the truck at the depot or away from it, a while after the last fix. */
const fix = (inside, rest = {}) => drive(world, id, inside ? 4.6 : 4.62, -74.08, { at: (clock += 20_000), accuracy: 5, ...rest });
const deliveries = async () => (await api('GET', `/deliveries?device=${device.id}&limit=200`)).items;
const events = async () => (await api('GET', `/events?device=${device.id}&limit=200`)).items;
const leave = async () => {
  const had = (await events()).length;
  await fix(true); await fix(true); await fix(false); await fix(false);
  await until('the truck has left', async () => (await events()).slice(0, -had || undefined).some((e) => e.kind === 'exit') && (await events()).length > had);
};

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
    await page.check('event-plan');
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
    await mine.check('profile-alerts');
    rosa.page = mine;
  });

  await t.test('a notification has description, device and type /S2-99 S2-100 S2-101', async () => {
    await page.goto(`/customers/${customer.id}?tab=notifications`);
    await page.getByText('No notifications').first().waitFor();
    await page.getByRole('button', { name: /notification/i }).first().click();
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
    await page.check('notification-form');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Night watch/ }).waitFor();
  });

  await t.test('the tab lists it with its types /S2-93', async () => {
    const row = page.getByRole('row', { name: /Night watch/ });
    await row.getByText('Theft').waitFor();
    assert.match(await row.textContent(), /Rosa/);
    await page.check('customer-notifications');
  });

  await t.test('an event of the plan goes out by all three ways /S2-95 S2-96 S2-98', async () => {
    await fix(false); // where it is first is no event
    await fix(true); await fix(true);
    await until('it is in the depot', async () => (await events()).some((e) => e.kind === 'enter'));
    await fix(false); await fix(false);
    await until('the text', () => world.sinks.texts.length);
    await until('the mail', () => world.sinks.mails.find((m) => m.to.includes('rosa@sur.test')));
    await until('the push message', () => push.messages.length);
    assert.ok(push.messages[0].signed, 'the push message is not signed');
  });

  await t.test('each to its own address, in the recipient’s language /S2-102', async () => {
    assert.equal(world.sinks.texts[0].to, '+573001234567');
    assert.match(world.sinks.texts[0].body, /sali|Dep/, 'the text is not Spanish');
    const mail = world.sinks.mails.find((m) => m.to.includes('rosa@sur.test') && /Dep/.test(mailText(m)));
    assert.ok(mail, 'no mail names the fence');
  });

  await t.test('what is outside of the plan sends nothing', async () => {
    const kinds = new Map((await events()).map((e) => [e.id, e.kind]));
    for (const d of await deliveries()) assert.equal(kinds.get(d.event), 'exit', 'an event outside of the plan was told');
  });

  await t.test('a push message shows, and a click on it opens the event', async () => {
    const mine = rosa.page, cdp = await mine.context().newCDPSession(mine);
    const found = new Promise((ok) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { const r = registrations.find((x) => !x.isDeleted); if (r) ok(r.registrationId); }));
    await cdp.send('ServiceWorker.enable');
    const message = push.messages[0].text;
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: world.base, registrationId: await found, data: message });
    const shown = await until('the message shows', () => mine.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => ({ title: n.title, body: n.body, url: n.data?.url }))[0]));
    assert.equal(shown.title, JSON.parse(message).title);
    assert.ok(shown.url, 'the message leads nowhere');
  });

  await t.test('deliveries show each message with the provider’s answer', async () => {
    await page.goto(`/deliveries`);
    await page.getByRole('row', { name: /Camión 7/ }).first().waitFor();
    assert.ok(await page.getByRole('row', { name: /Camión 7/ }).count() >= 3, 'a message is missing');
    await page.getByRole('row', { name: /SMS/ }).first().getByText('Rosa').click();
    await dialog.getByText(/SM0000/).waitFor();
    await page.check('deliveries-answer');
  });

  await t.test('the device’s panel has its SMS and emails /S2-122 S2-123', async () => {
    for (const [tab, to] of [['sms', '+573001234567'], ['emails', 'rosa@sur.test']]) {
      await page.goto(`/devices/${device.id}?tab=${tab}`);
      await page.getByRole('row', { name: new RegExp(to.replace('+', '\\+')) }).first().waitFor();
    }
  });

  await t.test('inactive sends nothing /S2-107', async () => {
    await page.goto(`/customers/${customer.id}?tab=notifications`);
    await page.getByRole('button', { name: 'Edit: Night watch' }).click();
    await dialog.getByRole('switch', { name: 'Active' }).or(dialog.getByRole('checkbox', { name: 'Active' })).first().uncheck({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Night watch/ }).getByText(/Paused|Inactive/).waitFor();
    const had = (await deliveries()).length;
    await leave();
    assert.equal((await deliveries()).length, had, 'an inactive notification sent something');
  });

  await t.test('SMS off for the customer stops only SMS /S2-28', async () => {
    const n = (await api('GET', `/notifications?owner=${customer.id}`)).items[0];
    const { id: _id, company: _company, created: _created, planName: _plan, kinds: _kinds, alarms: _alarms, ...rest } = n;
    await api('PUT', `/notifications/${n.id}`, { ...rest, paused: false });
    await page.goto(`/customers/${customer.id}`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await dialog.getByText('SMS', { exact: false }).first().waitFor();
    await dialog.getByRole('switch', { name: /SMS/ }).first().uncheck({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const texts = world.sinks.texts.length, pushes = push.messages.length;
    await leave();
    await until('the push message', () => push.messages.length > pushes);
    assert.equal(world.sinks.texts.length, texts, 'a text was sent though SMS is off');
  });

  await t.test('it is edited and deleted /S2-94', async () => {
    await page.goto(`/customers/${customer.id}?tab=notifications`);
    await page.getByRole('button', { name: 'Delete: Night watch' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: /Night watch/ }).waitFor({ state: 'detached' });
  });
  await rosa.page.done();
  await page.done();
});
