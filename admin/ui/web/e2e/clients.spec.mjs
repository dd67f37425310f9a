// A customer's people, the week of the control room, the search of the header.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { addOlga, founded, save, saved } from './founded.mjs';
import { until } from './server.mjs';

let world, browser, page;
before(async () => {
  [world, browser] = await Promise.all([founded(), launch()]);
  await addOlga(world);
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });

test('tour B: a client', { timeout: 170_000 }, async (t) => {
  await page.goto('/users/clients/new');
  await t.test('before the first save the tabs and the geolocation are disabled / S4-18', async () => {
    for (const name of ['Companies', 'Groups', 'Services', 'Feedback']) assert.ok(await page.getByRole('tab', { name }).isDisabled(), `${name} is open before the first save`);
    await page.getByRole('tab', { name: 'Address' }).click();
    await page.locator('fieldset[disabled]').filter({ hasText: 'Geolocation' }).getByText('Save first').waitFor();
    await page.check('client-locked');
  });
  await t.test('a location fills the address, which may be adjusted / S4-13 S4-14 S4-15', async () => {
    assert.equal(await page.getByRole('textbox', { name: 'City' }).inputValue(), '');
    await page.getByRole('combobox', { name: 'Location' }).or(page.getByRole('textbox', { name: 'Location' })).first().click();
    await page.getByRole('option', { name: 'Sede Chapinero' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Address', exact: true }).inputValue(), 'Carrera 7 # 32-16');
    await page.getByRole('textbox', { name: 'Address', exact: true }).fill('Carrera 7 # 32-16, piso 2');
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByRole('textbox', { name: 'First name' }).fill('Pía');
    await page.getByRole('textbox', { name: 'Email' }).fill('pia@andinos.test');
    await page.getByRole('combobox', { name: 'Customer' }).or(page.getByRole('textbox', { name: 'Customer' })).first().fill('Andinos');
    await page.getByRole('option', { name: 'Transportes Andinos' }).click();
    await save(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('heading', { name: 'Pía' }).waitFor();
  });
  await t.test('a point is picked on the map, with zoom and a search / S4-16 S4-20', async () => {
    await page.getByRole('tab', { name: 'Address' }).click();
    await page.waitForFunction(() => window.__mapReady);
    await page.getByRole('textbox', { name: 'Find a place' }).or(page.getByRole('combobox', { name: 'Find a place' })).first().fill('4.65, -74.09');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('textbox', { name: 'Latitude' }).inputValue(), '4.65');
    await page.locator('canvas').first().click({ position: { x: 220, y: 120 } });
    await until('the click', async () => (await page.getByRole('textbox', { name: 'Latitude' }).inputValue()) !== '4.65');
    await page.check('client-map');
    await save(page);
    await saved(page);
  });
  await t.test('the organisation that the client belongs to / S4-21', async () => {
    await page.getByRole('tab', { name: 'Companies' }).click();
    await page.getByRole('link', { name: /Monitoreo Andino › Transportes Andinos/ }).waitFor();
    await page.check('client-companies');
  });
  await t.test('services, confirmed by the final Save / S4-23 S4-25', async () => {
    await page.getByRole('tab', { name: 'Services' }).click();
    await page.getByRole('checkbox', { name: /Reports/ }).click();
    await save(page);
    await saved(page);
    const id = page.url().split('/').pop().split('?')[0];
    const pia = await world.api('GET', `/users/${id}`);
    assert.ok(!pia.modules.includes('reports') && pia.modules.includes('map'), pia.modules.join());
    assert.equal(pia.address, 'Carrera 7 # 32-16, piso 2');
    await page.check('client-services');
  });
  await t.test('comments about the client / S4-24', async () => {
    await page.getByRole('tab', { name: 'Feedback' }).click();
    await page.getByRole('textbox', { name: 'Write a comment' }).fill('Prefers calls');
    await page.getByRole('button', { name: 'Add comment' }).click();
    await page.locator('main p').getByText('Prefers calls').or(page.locator('p', { hasText: 'Prefers calls' })).first().waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Write a comment' }).inputValue(), '');
  });
});

test('flow 13: shifts by the week, with gaps, and a week copied', { timeout: 120_000 }, async () => {
  await page.goto('/shifts');
  await page.getByRole('rowheader', { name: 'Olga Peña' }).waitFor();
  await page.getByText(/\d gaps in this week/).waitFor();
  await page.check('shifts');
  await page.getByRole('button', { name: 'Copy week' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'How many weeks' }).fill('3');
  await dialog.getByText(/1 shift to copy, 2 there already|2 shifts to copy, 1 there already/).waitFor();
  await page.check('shifts-copy');
  await dialog.getByRole('button', { name: 'Copy week' }).click();
  await page.getByText(/shifts? copied/).waitFor();
});

test('the key / finds devices by plate and identity, customers by code, people by name', { timeout: 120_000 }, async () => {
  await page.goto('/customers');
  await page.getByRole('heading').first().waitFor();
  for (const [text, name, path] of [['xyz-98', /Camión 7/, /\/devices\//], ['6104021234', /Camión 7/, /\/devices\//], ['TA-01', /Transportes Andinos/, /\/customers\//], ['olga', /Olga Peña/, /\/users\/operators\//]]) {
    await page.keyboard.press('/');
    const box = page.getByRole('combobox', { name: 'Search everything' });
    await box.fill(text);
    await page.getByRole('option', { name }).first().waitFor();
    if (text === 'xyz-98') await page.check('search');
    await page.keyboard.press('Enter');
    await page.waitForURL(path);
    await page.getByRole('heading').first().waitFor();
  }
});

test('notices come in four grades / S3-42', { timeout: 120_000 }, async () => {
  const grades = new Set();
  const see = async (...wanted) => { for (const g of wanted) { await page.locator(`[data-grade=${g}]`).first().waitFor(); grades.add(g); } };
  await page.goto('/users/clients/new');
  await see('note');
  await page.goto('/users/clients');
  await page.getByRole('button', { name: 'New: import or export' }).click();
  await page.getByRole('menuitem', { name: 'Import format' }).click();
  await see('info', 'tip');
  await page.check('import');
  await page.goto('/users/operators');
  await page.getByRole('row', { name: /Olga Peña/ }).click();
  await page.getByRole('tab', { name: 'Integration tokens' }).click();
  await see('warning');
  assert.deepEqual([...grades].sort(), ['info', 'note', 'tip', 'warning']);
  assert.equal(await page.locator('[data-grade=warning]').getByText('Warning', { exact: true }).count(), 1, 'the grade is not said in words');
});

test('nothing went wrong on the pages', async () => { await page.done(); });
