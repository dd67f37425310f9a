// Tour A through the customers' pages, support from both sides, and what the
// office reads: audit, billing, system.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { password, setUp, start } from './server.mjs';

let world, browser, api, page, first, second;
const person = (customer, email, role = 'customerAdmin') => api('POST', '/users', { firstName: email.split('@')[0], email, customer, role, lang: 'en', timezone: 'America/Bogota', activation: { method: 'password', password } });
before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  api = await setUp(world);
  first = await api('POST', '/customers', { name: 'Andes', code: 'A-1', country: 'CO', reference: 'ERP 77' });
  second = await api('POST', '/customers', { name: 'Bruma', code: 'B-1', country: 'CO' });
  await api('POST', '/devices', { name: 'Truck 1', uniqueId: '860000000000001', customer: first.id });
  await api('POST', '/views', { name: 'Night map', screen: 'map', filter: { state: 'connected' } });
  await person(first.id, 'rosa@andes.test');
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });
const dialog = () => page.getByRole('dialog');
const row = (name) => page.getByRole('row', { name });
const stored = () => api('GET', `/customers/${first.id}`);

test('tour A: the menu leads to the customers; + New customer stands there / S0-2 S2-2 S3-3', { timeout: 120_000 }, async () => {
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.check('home');
  await page.getByRole('navigation').first().getByRole('link', { name: 'Customers' }).click();
  await row(/Andes/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'New customer' }).isVisible());
  await page.check('tour-customers');
});

test('tour A: the tools of a row: edit opens the form with the present values / S0-15 S0-16 S2-33', { timeout: 120_000 }, async () => {
  await row(/Andes/).getByRole('button', { name: 'More tools' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  assert.equal(await dialog().getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Andes');
  await page.check('tour-edit');
});

test('tour A: nothing changes before Save / S1-22', { timeout: 120_000 }, async () => {
  await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('Andes Sur');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await dialog().getByRole('button', { name: 'Discard' }).click();
  await dialog().waitFor({ state: 'detached' });
  assert.equal((await stored()).name, 'Andes');
});

test('the list is kept as a view under a name, and comes back with one click', { timeout: 120_000 }, async () => {
  const views = page.getByRole('button', { name: 'Views' });
  await page.goto('/customers');
  await page.getByRole('searchbox', { name: 'Search' }).fill('Bruma');
  await row(/Andes/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Plan' }).click();
  await page.keyboard.press('Escape');
  await views.click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  await dialog().getByRole('textbox', { name: 'Name' }).fill('Only Bruma');
  await page.check('customers-save-view');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Only Bruma' }).click();
  await page.getByRole('menuitem', { name: 'The whole list' }).click();
  await row(/Andes/).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Plan' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Plan' }).waitFor();
  await page.goto('/views');
  await row(/Only Bruma/).getByText('The list of customers').waitFor();
  await page.goto('/customers');
  await views.click();
  await page.getByRole('menuitem', { name: 'Only Bruma' }).click();
  await row(/Andes/).waitFor({ state: 'detached' });
  await row(/Bruma/).waitFor();
  assert.equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), 'Bruma');
  await page.getByRole('columnheader', { name: 'Plan' }).waitFor({ state: 'detached' });
  const kept = (await api('GET', '/views')).items.find((v) => v.name === 'Only Bruma');
  assert.deepEqual([kept.screen, kept.filter.search, kept.columns.includes('name'), kept.columns.includes('plan')], ['customers', 'Bruma', true, false]);
  await page.goto('/customers'); // the whole list again, for what follows
});

test('tour A: name and landing view are changed and saved, the row shows it / S0-17 S0-18 S2-34', { timeout: 120_000 }, async () => {
  await row(/Andes/).getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('Andes Norte');
  await dialog().getByRole('combobox', { name: 'Landing view' }).or(dialog().getByRole('textbox', { name: 'Landing view' })).first().click();
  await page.getByRole('option', { name: 'Night map' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row(/Andes Norte/).waitFor();
});

test('tour A: the landing view is stored / S1-21', { timeout: 120_000 }, async () => {
  const c = await stored();
  assert.equal(c.name, 'Andes Norte');
  assert.ok(c.landingView, 'no landing view');
});

test('tour A: an internal system is ticked on an existing customer, with a warning / S3-21 S3-22', { timeout: 120_000 }, async () => {
  await row(/Bruma/).getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog().getByRole('switch', { name: 'Internal system (not billed)' }).check({ force: true });
  await dialog().getByText('A customer who tries the product has a trial instead').waitFor();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
});

test('tour A: the list is sorted by its columns; several customers are tagged at once / S2-108', { timeout: 120_000 }, async () => {
  await page.goto('/customers');
  await row(/Andes Norte/).waitFor();
  for (const first of ['Andes Norte', 'Bruma']) { // once: ascending; again: descending
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await page.getByRole('row').nth(1).getByText(first).waitFor();
  }
  await page.getByRole('checkbox', { name: 'All', exact: true }).check();
  await page.getByRole('group', { name: '2 chosen' }).getByRole('button', { name: 'Tag', exact: true }).click();
  const tags = dialog().getByRole('combobox', { name: 'Tags' }).or(dialog().getByRole('textbox', { name: 'Tags' })).first();
  await tags.fill('north');
  await tags.press('Enter');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByText('2 customers changed').waitFor();
  await row(/Andes Norte/).getByText('north').waitFor();
  await row(/Bruma/).getByRole('button', { name: /north/ }).click(); // narrows the list to the tag
  await page.waitForURL(/tag=north/);
});

test('several customers are suspended with a reason, and let in again', { timeout: 120_000 }, async () => {
  await page.goto('/customers');
  await page.getByRole('checkbox', { name: 'Bruma' }).check();
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await dialog().getByRole('textbox', { name: /^Reason/ }).fill('mora');
  await page.check('customers-suspend');
  await dialog().getByRole('button', { name: 'Suspend', exact: true }).click();
  await row(/Bruma/).getByText('Service suspended: mora').waitFor();
  await page.getByRole('checkbox', { name: 'Bruma' }).check();
  await page.check('customers-chosen');
  await page.getByRole('button', { name: 'Let in again' }).click();
  await row(/Bruma/).getByText('Active', { exact: true }).waitFor();
  await page.getByRole('group', { name: /chosen/ }).waitFor({ state: 'detached' });
});

test('tour A: the users icon opens the customer’s users / S0-21 S1-12', { timeout: 120_000 }, async () => {
  await row(/Andes Norte/).getByRole('link', { name: 'Manage customer users' }).click();
  await row(/rosa@andes/).waitFor();
});

test('tour A: the panel opens in a new tab, in tabs / S2-32 S2-41 S2-42', { timeout: 120_000 }, async () => {
  await page.goto('/customers');
  const [panel] = await Promise.all([page.context().waitForEvent('page'), row(/Andes Norte/).getByRole('link', { name: 'Customer panel' }).click()]);
  await panel.getByRole('tab', { name: 'Devices' }).waitFor();
  for (const name of ['Users', 'Geofences', 'Markers', 'Connections', 'Additional', 'Companies', 'Groups', 'Services', 'History']) assert.equal(await panel.getByRole('tab', { name, exact: true }).count(), 1, name);
  await panel.close();
});

test('tour A: the QR button stands left of Edit; a device is chosen and its code shows / S2-43 S2-44 S2-45', { timeout: 120_000 }, async () => {
  await page.goto(`/customers/${first.id}`);
  const qr = page.getByRole('button', { name: 'QR code' });
  const [a, b] = [await qr.boundingBox(), await page.getByRole('button', { name: 'Edit', exact: true }).first().boundingBox()];
  assert.ok(a.x + a.width <= b.x && Math.abs(a.y - b.y) < 4, 'not left of Edit');
  await qr.click();
  await dialog().getByRole('radio', { name: /Truck 1/ }).check();
  await dialog().getByRole('button', { name: 'Show QR code' }).click();
  await dialog().getByRole('img', { name: /QR code/ }).waitFor();
  await page.check('qr');
  await dialog().getByRole('button', { name: 'Close' }).last().click();
});

test('tour A: a device is added in a pop-up and opened / S2-49 S2-50', { timeout: 120_000 }, async () => {
  await page.getByRole('button', { name: 'Add device' }).click();
  await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('Truck 2');
  await dialog().getByRole('textbox', { name: 'IMEI / identifier' }).fill('860000000000002');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row(/Truck 2/).waitFor();
  assert.match(await row(/Truck 2/).getByRole('link', { name: 'Truck 2' }).getAttribute('href'), /^\/devices\//);
});

test('tour A: the devices show as cards or as a list; help stands beside them / S2-52 S2-53', { timeout: 120_000 }, async () => {
  const label = (name) => page.getByRole('radiogroup', { name: 'Cards or list' }).locator('label', { hasText: name });
  await label('Cards').click(); // the radio itself is hidden
  assert.ok(await page.getByRole('radio', { name: 'Cards' }).isChecked());
  await page.getByRole('link', { name: 'Truck 2' }).waitFor();
  assert.equal(await page.getByRole('table').count(), 0, 'cards and a list at once');
  await page.check('tour-device-cards');
  await page.reload(); // the choice is kept
  await page.getByRole('link', { name: 'Truck 2' }).waitFor();
  assert.equal(await page.getByRole('table').count(), 0, 'the choice is not kept');
  await label('List').click();
  await row(/Truck 2/).waitFor();
  await page.getByRole('link', { name: 'More about devices' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goBack();
  await row(/Truck 2/).waitFor();
});

test('tour A: a sub-user is added in a pop-up / S2-57', { timeout: 120_000 }, async () => {
  await page.getByRole('tab', { name: 'Users', exact: true }).click();
  await page.getByRole('button', { name: 'Add user' }).click();
  await dialog().getByRole('textbox', { name: 'First name' }).fill('Luz');
  await dialog().getByRole('textbox', { name: 'Email' }).fill('luz@andes.test');
  await dialog().getByRole('radio', { name: 'Set password now' }).check();
  await dialog().getByRole('textbox', { name: 'Web password' }).fill(password);
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('User created. Now assign all or some devices.').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await row(/luz@andes/).getByRole('button', { name: 'Assigned (0)' }).waitFor();
  await page.getByRole('tab', { name: 'Devices', exact: true }).click();
});

// A question where the device is may be under way when it goes.
test('tour A: a device is deleted from the panel / S2-51', { timeout: 120_000 }, async () => {
  page.allow.push('422 /api/v1/positions');
  await row(/Truck 2/).getByRole('button', { name: 'Delete' }).click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await row(/Truck 2/).waitFor({ state: 'detached' });
});

test('tour A: the device map opens a tab of its own / S2-109', { timeout: 120_000 }, async () => {
  const link = page.getByRole('link', { name: 'Device map' });
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.equal(await link.getAttribute('href'), `/map?customer=${first.id}`);
});

test('tour A: a customer is deleted from its form too, by the same two steps / S1-20 S1-25 S2-37', { timeout: 120_000 }, async () => {
  await page.goto(`/customers/${second.id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
  await dialog().getByRole('button', { name: 'Delete customer' }).click();
  await dialog().getByText('Enter your own username and password to confirm').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

let rosa;
test('flow 12: a customer begins with the view that was chosen for it / S1-30', { timeout: 120_000 }, async () => {
  rosa = await open(browser, world);
  await signIn(rosa, 'rosa@andes.test');
  await rosa.waitForURL(/\/map\?state=connected/);
});

test('flow 12: the form of support has its fields / S2-133 S2-135 S2-137', { timeout: 120_000 }, async () => {
  await rosa.goto('/support');
  await rosa.getByRole('button', { name: 'Write to us' }).first().click();
  const form = rosa.getByRole('dialog');
  await form.getByLabel('Category').first().fill('Alarms');
  await form.getByRole('textbox', { name: 'Description' }).fill('The siren does not stop');
  await form.getByLabel('Priority').first().click();
  await rosa.getByRole('option', { name: 'Urgent' }).click();
  await rosa.check('support-form');
});

test('flow 12: a phone to be called, an address for the answer / S2-134 S2-136', { timeout: 120_000 }, async () => {
  const form = rosa.getByRole('dialog');
  await form.getByLabel('Phone').fill('+573001234567');
  await form.getByLabel('Email').fill('rosa@andes.test');
  await form.getByRole('button', { name: 'Send' }).click();
  await rosa.getByText('The siren does not stop').first().waitFor();
  const k = (await api('GET', '/tickets')).items[0];
  assert.deepEqual([k.category, k.priority, k.phone, k.email, k.owner], ['Alarms', 'urgent', '+573001234567', 'rosa@andes.test', first.id]);
});

test('flow 12: it reaches staff, whose answer the customer sees / S2-131 S2-132', { timeout: 120_000 }, async () => {
  await page.goto('/support');
  await row(/Alarms/).getByText('Urgent').waitFor();
  await row(/Alarms/).click();
  await dialog().getByRole('textbox', { name: 'Write an answer' }).fill('Somebody is on the way');
  await dialog().getByRole('button', { name: 'Answer and close' }).click();
  await dialog().getByText('Closed').waitFor();
  await page.check('support-ticket');
  await rosa.reload();
  await rosa.getByText('Somebody is on the way').waitFor();
  await rosa.done();
});

test('flow 15: billing names the reference, or the ID, and internal systems at zero / S3-17 S3-18 S3-23', { timeout: 120_000 }, async () => {
  await page.goto('/billing');
  await row(/Andes Norte/).getByText('ERP 77').waitFor();
  await row(/Bruma/).getByText(second.id).waitFor();
  await row(/Bruma/).getByText('Internal system: zero-rated').waitFor();
  await page.check('billing');
});

test('the audit tells who, what, before and after, and how far its chain is verified', { timeout: 120_000 }, async () => {
  await page.goto('/audit?record=customer');
  await page.getByText(/Chain verified up to no\./).waitFor();
  await page.check('audit');
  await row(/Andes Norte/).first().click();
  await dialog().getByText('Before', { exact: true }).or(dialog().getByText('No field changed')).first().waitFor();
  await page.check('audit-row');
});

test('the system page tells health, what comes in, and room', { timeout: 120_000 }, async () => {
  await page.goto('/system');
  await page.getByText('Ready', { exact: true }).waitFor();
  await page.getByText('admin.db').waitFor();
  await page.getByText('No backup was made here yet.').waitFor();
  await page.getByRole('button', { name: 'Backup now' }).click();
  await page.getByRole('list', { name: 'Backups' }).getByText('Verified', { exact: true }).waitFor();
  await page.check('system');
  await page.goto('/views');
  await row(/Night map/).waitFor();
  await page.check('views');
  await page.done();
});
