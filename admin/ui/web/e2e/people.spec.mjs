// Staff: an operator from the first save to a token that is revoked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { founded, save, saved } from './founded.mjs';
import { client, password } from './server.mjs';

let world, browser, page, group;
before(async () => {
  [world, browser] = await Promise.all([founded(), launch()]);
  await world.api('POST', '/fields', { entity: 'operator', label: { en: 'Badge number', es: 'Carné', pt: 'Crachá', fr: 'Badge' }, type: 'text', required: true });
  group = await world.platform('POST', '/labels', { owner: world.company.id, name: 'Night watch', sort: 'group', of: 'operator', linkedCompanies: [world.other.id], linkedMode: 'work' });
  page = await open(browser, world, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });

test('tour B: two categories of people, each a list with New and a detail with tabs / S4-1 S4-2 S4-4', { timeout: 120_000 }, async () => {
  const menu = page.getByRole('navigation', { name: 'Main menu' });
  await menu.getByRole('link', { name: 'Clients' }).click();
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
  await page.getByRole('button', { name: 'New client' }).waitFor();
  await menu.getByRole('link', { name: 'Operators' }).click();
  await page.getByRole('row', { name: /Ana Mora/ }).click();
  await page.getByRole('heading', { name: 'Ana Mora' }).waitFor();
  await page.getByRole('tab', { name: 'Details' }).waitFor();
  await page.goto('/users/operators');
  await page.getByRole('row', { name: /Ana Mora/ }).waitFor();
  await page.check('operators');
});

test('flow 13: an operator’s other tabs are locked until the first save', { timeout: 150_000 }, async (t) => {
  await page.getByRole('button', { name: 'New operator' }).click();
  await t.test('before it they are disabled / S4-26 S4-30', async () => {
    for (const name of ['Groups', 'Roles', 'Feedback', 'Shifts', 'Integration tokens']) assert.ok(await page.getByRole('tab', { name }).isDisabled(), `${name} is open before the first save`);
    await page.getByRole('textbox', { name: 'First name' }).fill('Olga');
    await page.getByRole('textbox', { name: 'Last name' }).fill('Peña');
    await page.getByRole('textbox', { name: 'Email' }).fill('olga@vigia.test');
    await page.getByRole('radio', { name: 'Set password now' }).check();
    await page.check('operator-new');
  });
  await t.test('no password against the policy, and no save without a required additional field / S4-9 S4-17 S4-28', async () => {
    const secret = page.getByRole('textbox', { name: 'Web password' });
    await secret.fill('short');
    assert.ok(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled(), 'it can be saved');
    await secret.fill(password);
    page.allow.push('422 /api/v1/users');
    await save(page);
    await page.getByRole('tab', { name: 'Additional' }).click();
    await page.getByRole('textbox', { name: 'Badge number' }).fill('B-17');
  });
  await t.test('the first save unlocks them / S4-11 S4-27', async () => {
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByRole('combobox', { name: 'Culture' }).or(page.getByRole('textbox', { name: 'Culture' })).first().click();
    await page.getByRole('option', { name: 'Français' }).click();
    await save(page);
    await page.getByText('Olga Peña can sign in now').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('heading', { name: 'Olga Peña' }).waitFor();
    for (const name of ['Groups', 'Roles', 'Feedback', 'Shifts', 'Integration tokens']) assert.ok(await page.getByRole('tab', { name }).isEnabled(), `${name} stays locked`);
  });
  await t.test('a photo / S4-7', async () => {
    const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } });
    await page.locator('input[type=file]').setInputFiles({ name: 'olga.png', mimeType: 'image/png', buffer: picture });
    await page.getByRole('button', { name: 'Remove image' }).waitFor();
    await page.check('operator-details');
  });
});

test('flow 13: joining a group asks first / S4-19 S4-31', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Groups' }).click();
  await page.getByRole('checkbox', { name: 'Night watch' }).check();
  await save(page);
  const dialog = page.getByRole('dialog', { name: 'Confirm the association' });
  await dialog.getByText('would be associated').waitFor();
  await page.check('operator-join');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  assert.equal((await world.api('GET', `/labels/${group.id}`)).users?.length ?? 0, 0, 'somebody joined who was rejected');
  await page.getByRole('checkbox', { name: 'Night watch' }).check();
  await save(page);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await saved(page);
  const ties = (await world.platform('GET', '/associations?search=Olga')).items;
  assert.deepEqual(ties.map((k) => [k.company, k.mode]), [[world.other.id, 'work']]);
});

test('flow 13: roles, comments and one Save for all / S4-32 S4-33 S4-38', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Roles' }).click();
  await page.getByRole('radio', { name: 'Company administrator' }).click();
  await page.getByText('There are unsaved changes').waitFor();
  await save(page);
  await saved(page);
  const id = page.url().split('/').pop().split('?')[0];
  assert.equal((await world.api('GET', `/users/${id}`)).role, 'companyAdmin');
  await page.getByRole('radio', { name: 'Operator', exact: true }).click(); // whose tokens an administrator makes
  await save(page);
  await saved(page);
  await page.getByRole('tab', { name: 'Feedback' }).click();
  await page.getByRole('textbox', { name: 'Write a comment' }).fill('Knows <b>the night</b> desk');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.locator('p', { hasText: 'Knows <b>the night</b> desk' }).waitFor();
});

test('flow 13: a shift has a first day, a last day and a calendar / S4-34 S4-35 S4-36', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Shifts' }).click();
  await page.getByRole('button', { name: 'New shift' }).click();
  const dialog = page.getByRole('dialog');
  const today = new Date();
  const day = (n) => new Date(today.getTime() + n * 86400e3).toLocaleDateString('en-US', { month: '2-digit', day: '2-digit', year: 'numeric' });
  await dialog.getByRole('textbox', { name: 'From' }).fill(day(-8));
  await dialog.getByRole('textbox', { name: 'To' }).fill(day(8));
  await dialog.getByRole('combobox', { name: 'Calendar' }).or(dialog.getByRole('textbox', { name: 'Calendar' })).first().click();
  await page.getByRole('option', { name: 'Control room' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Control room' }).waitFor();
  await page.check('operator-shifts');
});

test('flow 13: a token is copied when it is made, and never shown again', { timeout: 150_000 }, async (t) => {
  let secret;
  await t.test('the copy icon puts it on the clipboard / S4-40 S4-42', async () => {
    await page.getByRole('tab', { name: 'Integration tokens' }).click();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Payroll');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Copy it now. It will not be shown again.').waitFor();
    await page.check('operator-token');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
    secret = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(secret, await page.locator('[data-secret]').textContent());
    assert.equal((await client(world, secret)('GET', '/me')).user.email, 'olga@vigia.test', 'the token’s person');
  });
  await t.test('it cannot be shown again / S4-43 S4-44', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('cell', { name: 'Payroll' }).waitFor();
    await page.reload();
    await page.getByRole('cell', { name: 'Payroll' }).waitFor();
    assert.ok(!(await page.content()).includes(secret), 'the page still has the token');
    assert.ok(!world.log().includes(secret), 'the log has the token');
  });
  await t.test('revoked, it is refused / S4-45', async () => {
    await page.getByRole('row', { name: /Payroll/ }).getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('cell', { name: 'Payroll' }).waitFor({ state: 'detached' });
    await assert.rejects(client(world, secret)('GET', '/me'), { status: 401 });
  });
});

test('nothing went wrong on the pages', async () => { await page.done(); });
