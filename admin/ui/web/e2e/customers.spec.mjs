// A customer from the wizard to its deletion, with the people who use it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { mailText, password, setUp, start, until } from './server.mjs';

let world, browser, api, page;
before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });

const country = async (p, typed, name) => {
  await p.getByRole('combobox', { name: 'Country' }).or(p.getByRole('textbox', { name: 'Country' })).first().fill(typed);
  await p.getByRole('option', { name }).click();
};

test('flow 1: the wizard makes a customer, its administrator gets a mail and signs in / S1-11 S2-4 S3-4', { timeout: 120_000 }, async () => {
  await page.goto('/customers');
  await page.getByRole('button', { name: 'New customer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('This field is required').first().waitFor();
  await page.check('wizard-required');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Transportes Andinos');
  await dialog.getByRole('textbox', { name: 'Customer code' }).fill('TA-01');
  await country(dialog.page(), 'Colom', 'Colombia');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('textbox', { name: 'First name' }).fill('Rosa');
  await dialog.getByRole('textbox', { name: 'Email' }).fill('rosa@andinos.test');
  await page.check('wizard-user');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: /^Skip/ }).waitFor();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('Live map').waitFor();
  await page.check('wizard-modules');
  await dialog.getByRole('button', { name: 'Finish' }).click();
  // Without an address of its own the server cannot mail links: it shows this one instead.
  const shown = dialog.locator('[data-secret]');
  await shown.or(dialog.getByText('An invitation is on its way')).first().waitFor();
  const direct = await shown.count() ? await shown.textContent() : '';
  await page.check('wizard-made');
  assert.match(await dialog.getByRole('link', { name: 'Users and roles' }).getAttribute('href'), /^\/customers\/\w+\?tab=users$/);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('row', { name: /Transportes Andinos/ }).waitFor();

  const mail = direct ? null : await until('the invitation', () => world.sinks.mails.find((m) => m.to.includes('rosa@andinos.test')));
  const link = direct || /http:\/\/\S+\/activate\S+/.exec(mailText(mail))[0].replace(/["<>].*/, '');
  const rosa = await open(browser, world, { lang: 'es' });
  rosa.allow.push('401 /api/v1/me');
  await rosa.goto(link);
  await rosa.locator('input[autocomplete=new-password]').fill(password);
  await rosa.locator('button[type=submit]').click();
  await rosa.getByRole('navigation').first().waitFor();
  await rosa.done();
});

test('flow 1: the last step has the roles and leads to the users; the row has its edit tool / S3-39 S3-40 S3-41', { timeout: 120_000 }, async () => {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New customer' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Cargas del Sur');
  await dialog.getByRole('textbox', { name: 'Customer code' }).fill('CS-01');
  await country(dialog.page(), 'Colom', 'Colombia');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('textbox', { name: 'First name' }).fill('Sara');
  await dialog.getByRole('textbox', { name: 'Email' }).fill('sara@sur.test');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Next' }).click();
  const role = dialog.getByRole('combobox', { name: /role/i }).or(dialog.getByRole('textbox', { name: /role/i })).first();
  await role.click();
  await page.getByRole('option', { name: 'Administrator', exact: true }).click();
  await dialog.getByRole('checkbox', { name: 'Temporary links' }).click();
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await dialog.getByRole('link', { name: 'Users and roles' }).click();
  await page.getByRole('row', { name: /sara@sur/ }).waitFor();
  const made = (await api('GET', '/customers?search=CS-01')).items[0];
  assert.equal(made.defaultUserRole, 'customerAdmin');
  assert.ok(!made.modules.includes('shareLinks') && made.modules.includes('map'), made.modules.join());
  await page.goto('/customers');
  await page.getByRole('row', { name: /Cargas del Sur/ }).getByRole('button', { name: 'Edit', exact: true }).click();
  assert.equal(await dialog.getByRole('textbox', { name: 'Customer code' }).inputValue(), 'CS-01');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a name that is taken is refused at its field', { timeout: 60_000 }, async () => {
  await page.getByRole('button', { name: 'New customer' }).click();
  const dialog = page.getByRole('dialog');
  page.allow.push('409 /api/v1/customers', '422 /api/v1/customers');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Transportes Andinos');
  await dialog.getByRole('textbox', { name: 'Customer code' }).fill('TA-02');
  await country(dialog.page(), 'Colom', 'Colombia');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('textbox', { name: 'First name' }).fill('Otra');
  await dialog.getByRole('textbox', { name: 'Email' }).fill('otra@andinos.test');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
  await dialog.locator('.mantine-InputWrapper-error, [role=alert]').first().waitFor();
  await page.check('wizard-taken');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('button', { name: 'Discard' }).click();
});

test('flow 4: a new user sees nothing until devices are assigned', { timeout: 120_000 }, async () => {
  const customer = (await api('GET', '/customers?search=Andinos')).items[0];
  for (let i = 1; i <= 5; i++) await api('POST', '/devices', { name: `Camión ${i}`, uniqueId: `86000000000000${i}`, customer: customer.id });
  await page.goto(`/customers/${customer.id}`);
  await page.getByText('Camión 1').waitFor();
  await page.check('customer-devices');
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Add user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'First name' }).fill('Luis');
  await dialog.getByRole('textbox', { name: 'Email' }).fill('luis@andinos.test');
  await dialog.getByRole('radio', { name: 'Set password now' }).check();
  await dialog.getByRole('textbox', { name: 'Web password' }).fill('short');
  assert.ok(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), 'a password against the policy can be saved');
  await page.check('user-policy');
  await dialog.getByRole('textbox', { name: 'Web password' }).fill(password);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('User created. Now assign all or some devices.').waitFor();
  await page.check('user-made');

  const luis = await open(browser, world, { width: 360, height: 740 });
  await signIn(luis, 'luis@andinos.test');
  await luis.goto(`/customers/${customer.id}`);
  await luis.getByText('No devices yet').waitFor();
  assert.equal(await luis.getByRole('button', { name: 'Add device' }).count(), 0, 'a sub-user is offered to add devices');
  await luis.check('subuser-empty-360');

  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Assigned (0)' }).click();
  for (const name of ['Camión 1', 'Camión 2']) await dialog.getByRole('checkbox', { name: new RegExp(name) }).check();
  await page.check('user-assign');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Assigned (2)' }).waitFor();
  await luis.reload();
  await luis.getByText('Camión 2').first().waitFor();
  assert.equal(await luis.getByText('Camión 3').count(), 0, 'a sub-user sees a device that is not assigned');
  await luis.check('subuser-two-360');
  await luis.done();
});

test('flow 3: a customer with devices stays; without, credentials and a second yes delete it / S1-24', { timeout: 120_000 }, async () => {
  const customer = (await api('GET', '/customers?search=Andinos')).items[0];
  await page.goto('/customers');
  const row = page.getByRole('row', { name: /Transportes Andinos/ });
  await row.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The customer cannot be deleted because there are devices associated with it').waitFor();
  await page.check('delete-refused');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  for (const d of (await api('GET', `/devices?owner=${customer.id}`)).items) await api('DELETE', `/devices/${d.id}`);
  await page.goto('/customers');
  await row.getByRole('button', { name: 'Delete' }).click();
  page.allow.push(`403 /api/v1/customers/${customer.id}/removal`);
  await dialog.getByText('Enter your own username and password to confirm').waitFor();
  await page.check('delete-credentials');
  await dialog.getByRole('textbox', { name: 'User' }).fill('ana@vigia.test');
  await dialog.locator('input[type=password]').fill('not this one');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.locator('[role=alert], .mantine-InputWrapper-error').first().waitFor();
  await dialog.locator('input[type=password]').fill(password);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('Do you really want to delete this customer? This cannot be undone.').waitFor();
  await page.check('delete-again');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  await page.done();
});
