// Trackers that are connected with real bytes over sockets, adopted, told
// something, and looked at on their panel.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { password, setUp, start, until } from './server.mjs';
import { dial, gt06Answer, gt06Fix, gt06Login, gt06Order, h02Fix, ownTracks } from './trackers.mjs';

const gt06 = '862205059000017', h02 = '9170000017';
let world, browser, api, page, customer, socket;
before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Fletes del Norte', code: 'FN', country: 'CO', commands: true });
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { socket?.close(); await browser?.close(); await world?.stop(); });

test('a GT06 is connected: its bytes show, it is named, it is answered', { timeout: 90_000 }, async () => {
  await page.goto('/devices/connect?model=gt06');
  await page.getByText('Waiting').first().waitFor();
  const stranger = await dial(world.ports.gt06);
  stranger.send(gt06Login(gt06)); // not answered: nobody has its identity yet
  const it = page.getByRole('button', { name: `This is it: ${gt06}` });
  await it.waitFor();
  const bytes = await page.getByRole('log').first().textContent();
  assert.match(bytes, /78 78 0d 01/i, 'the very bytes are not shown');
  await page.check('connect-heard');
  await it.click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Camión 17');
  await page.getByRole('combobox', { name: 'Customer' }).or(page.getByRole('textbox', { name: 'Customer' })).first().fill('Fletes');
  await page.getByRole('option', { name: 'Fletes del Norte' }).click();
  await page.getByRole('button', { name: 'Add the device', exact: true }).click();
  await page.getByText('Camión 17', { exact: false }).first().waitFor();
  stranger.close();
  socket = await dial(world.ports.gt06); // trackers try again by themselves
  socket.send(gt06Login(gt06));
  await until('the answer to the login', () => socket.got.length && socket.got[0][3] === 0x01);
});

test('an H02 and an OwnTracks phone are unknown senders, adopted with one click', { timeout: 90_000 }, async () => {
  const line = await dial(world.ports.h02);
  line.send(h02Fix(h02, 4.65, -74.1, Date.now()));
  await ownTracks(world.ports.owntracks, 'phone-maria', 4.6, -74.08).catch(() => {}); // refused, and seen
  await until('both are heard', async () => (await api('GET', '/strangers')).items.length >= 2);
  await page.goto('/devices');
  const room = page.getByRole('region', { name: /unknown sender/ });
  await room.waitFor();
  if (await room.getByRole('button', { name: 'Show' }).count()) await room.getByRole('button', { name: 'Show' }).click();
  await room.getByText(h02).first().waitFor();
  await page.check('strangers');
  for (const id of [h02, 'phone-maria']) {
    await room.getByRole('button', { name: `Adopt: ${id}` }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Name' }).waitFor();
    await form.getByRole('textbox', { name: 'Name' }).fill(`Adopted ${id}`);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: new RegExp(`Adopted ${id}`) }).waitFor();
  }
  line.close();
});

test('the panel of a device by its type', { timeout: 170_000 }, async (t) => {
  const types = (await api('GET', '/device-types')).items;
  const d = (await api('GET', `/devices?search=${gt06}`)).items[0];
  const set = async (type) => { const now = await api('GET', `/devices/${d.id}`); await api('PUT', `/devices/${d.id}`, { name: now.name, uniqueId: now.uniqueId, customer: now.customer, type, version: now.version }); };
  await set(types.find((k) => k.name === 'GT06').id);
  const person = (await api('POST', '/users', { customer: customer.id, role: 'customerUser', firstName: 'Luis', email: 'luis@norte.test', phone: '+573001234568', lang: 'es', timezone: 'America/Bogota', devices: [d.id] })).id;
  await api('POST', '/contacts', { owner: customer.id, name: 'María Rojas', relation: 'Night guard', phones: ['+573001234567'], lang: 'es', allDevices: true });
  await api('POST', '/calendars', { name: 'Office hours', timezone: 'America/Bogota', week: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00' }] });
  const plan = (await api('GET', '/event-plans')).items.find((p) => p.name === 'GT06').id;
  await api('POST', '/notifications', { owner: customer.id, description: 'Night watch', channels: ['email', 'sms'], recipients: [person], allDevices: true, plan });
  const tab = async (name) => { await page.getByRole('tab', { name, exact: true }).click(); await page.getByRole('tab', { name, exact: true, selected: true }).waitFor(); };
  const dialog = page.getByRole('dialog');
  await page.goto(`/devices/${d.id}`);

  await t.test('its zones and users /S2-118', async () => {
    await tab('Zones');
    await page.getByRole('button', { name: 'Add zone' }).click();
    await dialog.getByRole('textbox', { name: 'Zone' }).fill('1');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Cargo door');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Cargo door/ }).waitFor();
    await tab('Users');
    await page.getByText('Luis').first().waitFor();
    await page.check('device-users');
  });
  await t.test('the notifications created for it /S2-119', async () => {
    await tab('Notifications');
    await page.getByText('Night watch').waitFor();
    await page.getByRole('button', { name: 'Edit: Night watch' }).waitFor();
  });
  await t.test('its contacts, in the order of the calls /S2-120', async () => {
    await tab('Contacts / call list');
    await page.getByRole('button', { name: 'Add a contact' }).click();
    await dialog.getByRole('combobox', { name: 'Contact' }).or(dialog.getByRole('textbox', { name: 'Contact' })).first().click();
    await page.getByRole('option', { name: /María Rojas/ }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: '+573001234567' }).waitFor();
    await page.check('device-contacts');
  });
  await t.test('its schedules /S2-121', async () => {
    await tab('Schedules');
    await page.getByRole('combobox', { name: 'Schedules' }).or(page.getByRole('textbox', { name: 'Schedules' })).first().click();
    await page.getByRole('option', { name: 'Office hours' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.mantine-Paper-root').filter({ hasText: 'Office hours' }).first().waitFor();
  });
  await t.test('fixed and temporary notes /S2-125', async () => {
    await tab('Fixed notes');
    await page.getByRole('button', { name: 'Add note' }).click();
    await dialog.getByRole('textbox', { name: 'Note' }).fill('The dog bites');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The dog bites').waitFor();
    await tab('Temporary notes');
    await page.getByText('No notes yet').waitFor();
  });
  await t.test('the history of its signals /S2-124', async () => {
    socket.send(gt06Fix(4.712, -74.0721, Date.now(), 9));
    await tab('Signals');
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.check('device-signals');
  });
  // The tracker obeys what it is told, in its own words.
  const orders = [];
  const obey = { 'DWXX,000000#': 'DWXX=Lat:N4.7120,Lon:W74.0721,Course:90', 'DYD,000000#': 'DYD=Success!' };
  socket.heard((bytes) => {
    const order = gt06Order(bytes);
    if (!order) return;
    orders.push(order.text);
    socket.send(gt06Answer(obey[order.text] ?? 'Unknown command', order.mark, 20 + orders.length));
  });
  const command = async (name) => {
    await page.getByRole('button', { name: 'Send a command' }).click();
    await dialog.getByRole('combobox', { name: 'Command' }).or(dialog.getByRole('textbox', { name: 'Command' })).first().click();
    await page.getByRole('option', { name, exact: true }).click();
  };
  await t.test('a request for its position goes out, and the tracker’s answer shows', async () => {
    await tab('Commands');
    await command('Ask for its position');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    const row = page.getByRole('row', { name: /Ask for its position/ });
    await row.getByText('DWXX=Lat:N4.7120,Lon:W74.0721,Course:90').waitFor();
    await row.getByText('answered').waitFor();
    assert.deepEqual(orders, ['DWXX,000000#']);
  });
  await t.test('stopping the engine asks for the own password, and once more at speed', async () => {
    await command('Stop the engine');
    await dialog.getByText('Be sure that nobody is put at risk', { exact: false }).waitFor();
    page.allow.push(`403 /api/v1/devices/${d.id}/command-confirmation`, '409 /api/v1/commands');
    const secret = dialog.locator('input[type=password]');
    await secret.fill('not this one');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.locator('[role=alert], .mantine-InputWrapper-error').first().waitFor();
    await page.check('command-refused');
    await secret.fill(password);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText(/It moves at 40 km\/h/).waitFor();
    assert.equal(orders.length, 1, 'the engine was stopped without the second word');
    await page.check('command-fast');
    await dialog.getByRole('button', { name: 'Stop it all the same' }).click();
    await page.getByRole('row', { name: /Stop the engine/ }).getByText('DYD=Success!').waitFor();
    assert.deepEqual(orders, ['DWXX,000000#', 'DYD,000000#']);
    await page.check('commands');
  });
  await t.test('what the tracker sent stands byte for byte, and what was read in it', async () => {
    await tab('Raw messages');
    await page.getByText(/^78 78 /).first().waitFor();
    await page.getByText('Read:').first().waitFor();
    await page.check('device-raw');
  });
  await t.test('SMS and emails sent have lists of their own /S2-122 S2-123', async () => {
    for (const name of ['SMS sent', 'Emails sent', 'Push sent']) { await tab(name); await page.getByRole('heading', { name }).waitFor(); }
  });
  await t.test('the tabs follow the device type /S2-126', async () => {
    assert.ok(await page.getByRole('tab', { name: 'Zones' }).count(), 'a GT06 has zones');
    await set(types.find((k) => k.name === 'OwnTracks').id);
    await page.reload();
    await page.getByRole('tab', { name: 'Live' }).waitFor();
    await page.check('device-live');
    assert.equal(await page.getByRole('tab', { name: 'Zones' }).count(), 0, 'a phone has no zones');
    assert.equal(await page.getByRole('tab', { name: 'Commands' }).count(), 0, 'a phone takes no commands');
  });
  await t.test('test mode ends by itself, and says when', async () => {
    await page.getByRole('button', { name: 'Alarm mode' }).click();
    await dialog.getByText('Test', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Test until/).waitFor();
  });
  await page.done();
});
