// Flow 10: a temporary link, from its making to its end, seen by a guest.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { drive, setUp, start, until } from './server.mjs';

let world, browser, api, page, guest, customer, yard, url;
const seconds = (n) => Date.now() + n * 1000;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
  for (const n of [1, 2, 3]) await api('POST', '/devices', { name: `Van ${n}`, uniqueId: `van-${n}`, customer: customer.id });
  yard = await api('POST', '/fences', { owner: customer.id, name: 'Yard', shape: { type: 'Point', coordinates: [-74.1, 4.7], radius: 300 }, inside: true, outside: true, preset: 'instant', targets: { all: true } });
  for (const n of [1, 2, 3]) await drive(world, `van-${n}`, 4.69 + n / 1000, -74.1, { speed: 40 });
  page = await open(browser, world, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, 'ana@vigia.test');
}, { timeout: 120_000 });
after(async () => { await browser?.close(); await world?.stop(); });

const links = async () => (await api('GET', '/share-links')).items;
const row = () => page.getByRole('row', { name: /Friday’s delivery/ });

test('a link for two of three devices, an hour, with PIN, ending on arrival / S2-115', { timeout: 120_000 }, async () => {
  await page.goto(`/shares?new=1&customer=${customer.id}`);
  const dialog = page.getByRole('dialog', { name: 'New link' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Choose at least one device').waitFor();
  await dialog.getByRole('checkbox', { name: /Van 1/ }).check();
  await dialog.getByRole('checkbox', { name: /Van 2/ }).check();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Friday’s delivery');
  await dialog.getByLabel('Ends on arrival').first().click();
  await page.getByRole('option', { name: 'Yard' }).click();
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('4711');
  await page.check('share-form');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const made = page.getByRole('dialog', { name: 'The link is ready' });
  url = await made.locator('[data-secret]').first().textContent();
  await page.check('share-made');
  await made.getByRole('button', { name: 'Close' }).last().click();
  await row().waitFor();
  assert.match(url, /\/s\/[\w-]{20,}$/);
});

test('a guest enters the PIN and sees those two alone', { timeout: 120_000 }, async () => {
  guest = await open(browser, world, { allow: ['403 /api/v1/shared/open', '410 /api/v1/shared', '410 /api/v1/shared/open', '401 /api/v1/shared', '410 /api/v1/stream/tickets', '401 /api/v1/stream/tickets', '401 /api/v1/me'] });
  await guest.goto(new URL(url).pathname);
  await guest.getByRole('textbox', { name: 'PIN' }).fill('1234');
  await guest.getByRole('button', { name: 'Open' }).click();
  await guest.getByRole('alert').waitFor();
  await guest.getByRole('textbox', { name: 'PIN' }).fill('4711');
  await guest.getByRole('button', { name: 'Open' }).click();
  await guest.getByRole('button', { name: /Van 1/ }).waitFor();
  await guest.getByRole('button', { name: /Van 2/ }).waitFor();
  assert.equal(await guest.getByText('Van 3').count(), 0);
  await guest.getByText(/ away/).first().waitFor(); // the distance to the yard
  await guest.check('share-guest');
  const body = await guest.content();
  for (const word of ['Transportes', 'van-3', 'Van 3']) assert.ok(!body.includes(word), `${word} is told to guests`);
});

test('the list finds it, counts its views, copies it and gives it another time', { timeout: 120_000 }, async () => {
  await page.goto(`/shares?customer=${customer.id}`);
  await page.getByRole('searchbox', { name: 'Search' }).fill('Friday');
  await row().waitFor();
  const views = (await page.getByRole('columnheader').allTextContents()).findIndex((text) => text.includes('Views'));
  await until('the counted view', async () => (await row().getByRole('cell').nth(views).textContent()) === '1');
  await row().getByRole('button', { name: /Copy the link/ }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
  await page.check('share-list');
  const before = (await links())[0].expires;
  await row().getByRole('button', { name: /^Edit/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit link' });
  await dialog.getByText('8 h', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await until('the later end', async () => Date.parse((await links())[0].expires) > Date.parse(before) + 6 * 3600e3);
});

test('it ends by arrival, and the open viewer with it', { timeout: 120_000 }, async () => {
  await drive(world, 'van-1', 4.7, -74.1, { speed: 30, at: seconds(1) });
  await guest.getByText('This link has ended').waitFor({ timeout: 120_000 });
  await until('its state', async () => (await links())[0].state === 'arrived');
});

test('ended, expired and wrong links look the same', { timeout: 120_000 }, async () => {
  const look = async (path) => {
    await guest.goto(path);
    await guest.getByText('This link has ended').waitFor();
    return guest.locator('main').innerText();
  };
  const short = await api('POST', '/share-links', { owner: customer.id, name: 'Short', devices: [(await api('GET', '/devices?search=Van 3')).items[0].id], expires: new Date(seconds(2)).toISOString(), live: true });
  const wrong = await look('/s/' + 'x'.repeat(43)), expired = new URL(short.url, world.base).pathname;
  assert.equal(await look(new URL(url).pathname), wrong);
  await until('the end of the short one', async () => (await api('GET', `/share-links/${short.id}`)).state === 'expired');
  assert.equal(await look(expired), wrong);
  await guest.check('share-ended');
  // What programs are told is the same too.
  const [a, b] = await Promise.all([expired.slice(3), 'x'.repeat(43)].map(async (token) => {
    const res = await fetch(`${world.base}/api/v1/shared/open`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) });
    return [res.status, await res.text()];
  }));
  assert.deepEqual(a, b);
});

test('a revoked link drops whoever looks through it', { timeout: 120_000 }, async () => {
  const link = await api('POST', '/share-links', { owner: customer.id, name: 'Friday’s delivery 2', devices: [(await api('GET', '/devices?search=Van 2')).items[0].id], expires: new Date(seconds(3600)).toISOString(), live: true, names: false, trailMinutes: 30 });
  await guest.goto(new URL(link.url, world.base).pathname);
  await guest.getByRole('button', { name: /Device 1/ }).waitFor(); // no names: an alias
  assert.equal(await guest.getByText('Van 2').count(), 0);
  await page.goto('/shares');
  await page.getByRole('row', { name: /delivery 2/ }).getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await guest.getByText('This link has ended').waitFor();
  await page.getByRole('row', { name: /delivery 2/ }).getByText('Revoked').waitFor();
  await guest.done();
  await page.done();
});

