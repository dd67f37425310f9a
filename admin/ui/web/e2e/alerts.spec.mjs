// Flow 7: a plan of a company's own, a browser that takes push messages,
// notifications by SMS, email and push; what is sent, to whom, and what is not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { openPush } from './pushsink.mjs';
import { drive, mailText, password, setUp, start, until } from './server.mjs';

const id = 'alert-truck';
const out = [4.6035, -74.08], yard = [4.6, -74.08]; // 390 m apart: so short a way is never doubted
let world, browser, api, page, push, customer, rosa, device;
before(async () => {
  push = await openPush();
  process.env.SSL_CERT_FILE = push.cert; // the server trusts the push service of this machine
  [world, browser] = await Promise.all([start({ named: true }), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Cargas del Sur', code: 'CS', country: 'CO' });
  rosa = await api('POST', '/users', {
    customer: customer.id, role: 'customerAdmin', firstName: 'Rosa', email: 'rosa@sur.test', phone: '+573001234567', lang: 'es', timezone: 'America/Bogota', activation: { method: 'password', password },
  });
  const type = (await api('GET', '/device-types')).items.find((k) => k.name === 'OsmAnd').id;
  device = await api('POST', '/devices', { name: 'Camión 7', uniqueId: id, customer: customer.id, type });
  await api('POST', '/users', { customer: customer.id, role: 'customerAdmin', firstName: 'Luc', email: 'luc@sur.test', lang: 'fr', timezone: 'Europe/Paris' });
  await api('POST', '/fences', {
    owner: customer.id, name: 'Depósito', preset: 'instant', inside: true, outside: true, targets: { all: true },
    shape: { type: 'Point', coordinates: [-74.08, 4.6], radius: 150 },
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

  await t.test('another by email alone, in the recipient’s own language and by the recipient’s clock /S2-96 S2-102', async () => {
    await page.getByRole('button', { name: 'Add notification', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Description' }).fill('Comings and goings');
    await dialog.getByRole('checkbox', { name: 'Email per signal' }).check();
    await field('Recipients').click();
    await page.getByRole('option', { name: /Luc/ }).click();
    await page.keyboard.press('Escape');
    const others = field('Other email addresses');
    page.allow.push('422 /api/v1/notifications');
    await others.fill('no address');
    await others.press('Enter');
    await field('Event plan').click();
    await page.getByRole('option', { name: 'Theft' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('.mantine-InputWrapper-error').first().waitFor(); // an address is asked for, not any text
    await others.press('Backspace');
    await others.fill('guard@sur.test');
    await others.press('Enter');
    await page.check('alerts-form');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Comings and goings/ }).getByText('guard@sur.test').waitFor();
    await page.check('alerts-list');
  });

  // A fix counts for the fences that there were at its time: none is older than
  // the fence. And none has the second of another: those would be one fix.
  let at = 0;
  const go = (place) => drive(world, id, ...place, { at: at = Math.max(at + 1500, Date.now() - 4000) });
  const told = async (n) => (await until(`${n} events`, async () => { const { items } = await api('GET', `/events?device=${device.id}&kinds=enter,exit`); return items.length >= n && items; }))[0];
  const clock = (zone, time) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(time));
  const mailsTo = (who) => world.sinks.mails.filter((m) => m.to.includes(who) && /Camión 7/.test(mailText(m)));
  let left;

  await t.test('across the fence: the plan’s event is told by SMS and push, the other is not /S2-95 S2-98', async () => {
    await go(out);
    await go(yard);
    await told(1); // in: not in the plan
    await go(out);
    left = await told(2);
    const text = await until('the text', () => world.sinks.texts[0]);
    assert.equal(text.to, '+573001234567');
    assert.match(text.body, /Camion 7 salio de Deposito/);
    assert.ok(text.body.includes(clock('America/Bogota', left.time)), `${text.body}: not by the clock of Bogota`);
    const message = await until('the push message', () => push.messages[0]);
    assert.ok(message.signed);
    assert.match(message.text, /Camión 7 salió de Depósito/);
    assert.equal(world.sinks.texts.length, 1, 'entering, which the plan does not name, was told');
  });

  await t.test('each mail in the language and by the clock of who reads it', async () => {
    const [es, fr, guard] = await Promise.all(['rosa@sur.test', 'luc@sur.test', 'guard@sur.test'].map((who) => until(`the mail to ${who}`, () => mailsTo(who)[0])));
    assert.match(mailText(fr), /Camión 7 (a quitté|est sorti de) Depósito/);
    assert.ok(mailText(fr).includes(clock('Europe/Paris', left.time)), 'not by the clock of Paris');
    assert.match(mailText(es), /Camión 7 salió de Depósito/);
    assert.ok(mailText(es).includes(clock('America/Bogota', left.time)), 'not by the clock of Bogota');
    assert.ok(guard);
    for (const who of ['rosa@sur.test', 'luc@sur.test', 'guard@sur.test']) assert.equal(mailsTo(who).length, 1, who);
  });

  await t.test('the browser shows the push message; a click on it opens the event', async () => {
    const mine = rosa.page, sent = JSON.parse(push.messages[0].text);
    const cdp = await mine.context().newCDPSession(mine);
    const known = new Promise((ok) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && ok(registrations[0])));
    await cdp.send('ServiceWorker.enable');
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: world.base, registrationId: (await known).registrationId, data: push.messages[0].text });
    const shown = await until('the notification', () => mine.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => ({ title: n.title, lang: n.lang, url: n.data.url }))[0]));
    assert.deepEqual(shown, { title: sent.title, lang: 'es', url: sent.url });
    // A click on a window of the system's own cannot be made from here: the worker's own answer to it can.
    const worker = mine.context().serviceWorkers()[0];
    const opened = await worker.evaluate(async () => {
      let url, over;
      self.clients.openWindow = async (to) => { url = to; };
      const [notification] = await self.registration.getNotifications();
      const click = new NotificationEvent('notificationclick', { notification });
      click.waitUntil = (work) => { over = work; };
      self.dispatchEvent(click);
      await over;
      return url;
    });
    const to = new URL(opened);
    assert.equal(to.origin, world.base);
    await mine.goto(to.pathname + to.search);
    const event = mine.getByRole('dialog', { name: /Camión 7/ });
    await event.waitFor();
    assert.match(mine.url(), new RegExp(`event=${left.id}`));
    await mine.waitForFunction(() => window.__mapReady);
    await mine.check('event-opened');
    await mine.reload();
    await event.waitFor(); // a refresh keeps the place
  });

  await t.test('Deliveries lists every message with the provider’s answer /S2-122 S2-123', async () => {
    await page.goto('/deliveries');
    for (const [channel, whom] of [['SMS', '+573001234567'], ['Email', 'luc@sur.test'], ['Email', 'rosa@sur.test'], ['Push', 'Rosa']]) {
      const row = page.getByRole('row').filter({ hasText: channel }).filter({ hasText: whom });
      await row.first().waitFor();
      assert.equal(await row.count(), 1, `${channel} to ${whom}`);
    }
    await page.getByRole('row').filter({ hasText: '+573001234567' }).getByText(/^201 queued/).waitFor(); // what the gateway called it
    await page.check('deliveries');
    await page.getByRole('row').filter({ hasText: '+573001234567' }).click();
    await dialog.getByText(/^201 queued/).waitFor();
    await page.check('delivery');
    await page.goto(`/devices/${device.id}`);
    for (const [tab, whom] of [['SMS sent', '+573001234567'], ['Emails sent', 'luc@sur.test']]) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('row').filter({ hasText: whom }).waitFor();
    }
  });

  await t.test('not active, nothing of it is sent /S2-107', async () => {
    await page.goto(`/customers/${customer.id}?tab=notifications`);
    await page.getByRole('button', { name: 'Edit: Comings and goings' }).click();
    await dialog.getByRole('switch', { name: 'Active' }).uncheck({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Comings and goings/ }).getByText('Paused').waitFor();
    await go(yard);
    await go(out);
    await told(4);
    await until('the second text', () => world.sinks.texts.length === 2);
    await until('the second mail to Rosa', () => mailsTo('rosa@sur.test').length === 2);
    assert.equal(mailsTo('luc@sur.test').length, 1, 'a paused notification was sent');
  });

  await t.test('the customer’s switch for SMS stops SMS alone /S2-28', async () => {
    await switchOff('SMS status');
    await go(yard);
    await go(out);
    await told(6);
    await until('the third mail to Rosa', () => mailsTo('rosa@sur.test').length === 3);
    await until('the third push message', () => push.messages.length === 3);
    assert.equal(world.sinks.texts.length, 2, 'an SMS went out all the same');
  });

  await t.test('the switch for email stops email alone /S2-29', async () => {
    await switchOff('Email status');
    await go(yard);
    await go(out);
    await told(8);
    await until('the fourth push message', () => push.messages.length === 4);
    assert.equal(mailsTo('rosa@sur.test').length, 3, 'a mail went out all the same');
  });

  async function switchOff(name) {
    await page.goto(`/customers/${customer.id}`);
    await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
    await dialog.getByRole('switch', { name }).uncheck({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  await rosa.page.done();
  await page.done();
});
