// Flow 14: people out to tables and in from one, by the menu of Notifications.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { founded } from './founded.mjs';
import { password } from './server.mjs';

let world, browser, page;
before(async () => {
  [world, browser] = await Promise.all([founded(), launch()]);
  for (const name of ['Ada', 'Eva', 'Lía']) await world.api('POST', '/users', { customer: world.customer.id, name, email: `${name}@andinos.test`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(), lang: 'es', timezone: 'America/Bogota', role: 'customerUser', activation: { method: 'link' } });
  page = await open(browser, world, { acceptDownloads: true });
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });

const choose = async (item) => {
  await page.getByRole('button', { name: 'New: import or export' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  return page.getByRole('dialog');
};
const bytesOf = async (act) => {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
};
const panel = async () => {
  const list = page.getByRole('list', { name: 'Notifications' });
  if (!(await list.isVisible())) await page.getByRole('button', { name: /^Notifications/ }).click();
  return list;
};

test('an empty format comes at once / S4-50 S4-51 S4-52', { timeout: 120_000 }, async () => {
  await page.goto('/users/clients');
  await page.getByRole('row', { name: /Ada/ }).waitFor();
  const dialog = await choose('Export format');
  for (const name of ['Empty', 'With data', 'With data, without relations']) await dialog.getByRole('radio', { name, exact: true }).waitFor();
  await page.check('export');
  const { name, bytes } = await bytesOf(() => dialog.getByRole('button', { name: 'Export' }).click());
  assert.match(name, /\.xlsx$/);
  assert.equal(bytes.subarray(0, 2).toString(), 'PK');
});

test('with data it is a job: orange, then green with the date of the download', { timeout: 150_000 }, async (t) => {
  await t.test('a message at the bottom, and the job pending / S4-53 S4-55', async () => {
    // As it looks while the server is busy: what the list says of the job is held back for a moment.
    await page.route('**/api/v1/jobs', async (route) => {
      const res = await route.fetch(), body = await res.json();
      body.items = body.items.map((j) => ({ ...j, state: 'running', progress: 40, hasFile: false, finished: undefined }));
      await route.fulfill({ response: res, json: body });
    });
    const dialog = await choose('Export format');
    await dialog.getByRole('radio', { name: 'With data', exact: true }).click();
    await dialog.getByRole('button', { name: 'Export' }).click();
    await page.getByText('The file has been scheduled; follow it in Notifications').waitFor();
    const list = await panel();
    await list.getByText('Pending').waitFor();
    try {
      await page.check('jobs-pending');
    } finally {
      await page.unroute('**/api/v1/jobs');
    }
  });
  await t.test('completed, a click downloads it / S4-56 S4-57', async () => {
    const list = page.getByRole('list', { name: 'Notifications' });
    await list.getByText('Completed').waitFor({ timeout: 60_000 });
    const { name, bytes } = await bytesOf(() => list.getByRole('link', { name: /Export of clients/ }).click());
    assert.match(name, /\.zip$/);
    assert.ok(bytes.includes('users-1.xlsx'), 'no workbook in the archive');
    await list.getByText(/Downloaded/).waitFor();
    await page.check('jobs-done');
    await page.keyboard.press('Escape');
  });
});

test('rows that cannot go in come back with their reasons, and go in once mended', { timeout: 170_000 }, async (t) => {
  const head = 'username,email,firstName,lastName,lang,timezone,customer,role,password\n';
  const row = (user, mail, secret) => `${user},${mail},${user},Prueba,es,America/Bogota,TA-01,customerUser,${secret}\n`;
  const send = async (name, text) => {
    const dialog = await choose('Import format');
    await dialog.locator('input[type=file]').or(page.locator('input[type=file]')).first().setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The file has been scheduled; follow it in Notifications').first().waitFor();
    const list = await panel();
    const job = list.getByRole('listitem').filter({ hasText: name }); // others may be there already
    await job.getByText('Completed').waitFor({ timeout: 60_000 });
    await job.getByRole('button', { name: /Import of clients/ }).first().click();
    return page.getByRole('dialog', { name: 'Details of the import' });
  };
  const count = (dialog, word) => dialog.locator(`[data-count=${word}]`).textContent();
  let failed;
  await t.test('the details count, and offer the file of failed records / S4-60 S4-62 S4-65', async () => {
    const dialog = await send('people.csv', head + row('marta', 'marta@andinos.test', password) + row('short', 'short@andinos.test', 'abc') + row('double', 'ada@andinos.test', password) + row('zone', 'zone@andinos.test', password).replace('America/Bogota', 'Mars/Olympus') + row('pedro', 'pedro@andinos.test', password));
    assert.deepEqual([await count(dialog, 'created'), await count(dialog, 'notIn')], ['2', '3']);
    await page.check('import-details');
    failed = (await bytesOf(() => dialog.getByRole('link', { name: 'Records not loaded' }).click())).bytes.toString();
    await dialog.getByRole('button', { name: 'Close' }).click();
  });
  await t.test('it has the failed rows alone, each with its reason / S4-66 S4-67', async () => {
    const lines = failed.trim().split(/\r?\n/);
    assert.equal(lines.length, 4, failed);
    for (const user of ['short', 'double', 'zone']) assert.ok(lines.some((l) => l.includes(user)), user);
    assert.ok(!failed.includes('marta'), 'a row that went in came back');
  });
  await t.test('mended and imported alone it completes the job / S4-64 S4-68', async () => {
    const mended = failed.replace(/,abc(?=,)/, `,${password}`).replace('ada@andinos.test', 'double@andinos.test').replace('Mars/Olympus', 'America/Bogota');
    const dialog = await send('mended.csv', mended);
    assert.deepEqual([await count(dialog, 'created'), await count(dialog, 'notIn')], ['3', '0'], mended);
    await dialog.getByRole('button', { name: 'Close' }).click();
    for (const user of ['marta', 'short', 'double', 'zone', 'pedro']) assert.equal((await world.api('GET', `/users?search=${user}`)).items.length, 1, user);
  });
  await page.done();
});
