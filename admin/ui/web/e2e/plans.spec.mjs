// What customers buy: plans, and what happens when a trial ends. The server's
// date is moved, so it is the program as its own tests build it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { password, setUp, start } from './server.mjs';

let world, browser, api, page;
before(async () => {
  [world, browser] = await Promise.all([start({ movable: true }), launch()]);
  api = await setUp(world);
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); await world?.stop(); });
const dialog = () => page.getByRole('dialog');
const row = (name) => page.getByRole('row', { name });
const field = (name) => dialog().getByRole('textbox', { name });

test('plans are made where parameters stand: modules, limits, prices, days of a trial / S3-14', { timeout: 120_000 }, async () => {
  await page.goto('/parameters');
  await page.getByRole('navigation', { name: 'Parameters' }).getByRole('link', { name: 'Product types (plans)' }).click();
  await page.getByText('No plans yet').waitFor();
  await page.check('plans-none');
  await page.getByRole('button', { name: 'New plan' }).click();
  await field('Name').fill('Fleet 50');
  await field('Days of the trial').fill('30');
  await dialog().getByRole('switch', { name: /cannot be changed once assigned/ }).check({ force: true });
  await dialog().getByRole('checkbox', { name: 'All', exact: true }).check();
  await field('Devices').fill('50');
  await field('A customer, a month').fill('19.99');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('This field is required').waitFor(); // a price in no currency
  await dialog().getByRole('combobox', { name: 'Currency' }).or(field('Currency')).first().click();
  await page.getByRole('option', { name: 'USD' }).click();
  await page.check('plan-form');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row(/Fleet 50/).getByText('30 days').waitFor();
  await row(/Fleet 50/).getByText('Locked').waitFor();
  await row(/Fleet 50/).getByText('$19.99').waitFor();
  const [plan] = (await api('GET', '/plans')).items;
  assert.deepEqual([plan.trialDays, plan.lockedOnceAssigned, plan.limits.devices, plan.prices.base, plan.modules.includes('map')], [30, true, 50, 1999, true]);
});

test('a plan is changed; another is made of it and goes again', { timeout: 120_000 }, async () => {
  await row(/Fleet 50/).getByRole('button', { name: 'Edit: Fleet 50' }).click();
  await field('Days of the trial').fill('15');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row(/Fleet 50/).getByText('15 days').waitFor();
  await row(/Fleet 50/).getByRole('button', { name: 'Duplicate: Fleet 50' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row(/Fleet 50 \(copy\)/).getByRole('button', { name: /^Delete/ }).click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await row(/Fleet 50 \(copy\)/).waitFor({ state: 'detached' });
  await page.check('plans');
});

let sur;
test('a trial is begun; its end shows in the list and in the panel / S3-10 S3-25', { timeout: 120_000 }, async () => {
  const [plan] = (await api('GET', '/plans')).items;
  sur = await api('POST', '/customers', { name: 'Cargas del Sur', code: 'CS', country: 'CO', lang: 'es', plan: plan.id });
  await page.goto('/customers');
  await row(/Cargas del Sur/).getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog().getByRole('switch', { name: 'Enable trial' }).check({ force: true });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
  const day = new Date((await api('GET', `/customers/${sur.id}`)).trialEnds).toLocaleDateString('en', { dateStyle: 'medium' });
  await page.goto(`/customers/${sur.id}`);
  await page.getByText(`Trial until ${day}`).waitFor();
});

test('a plan that a customer has stays', { timeout: 120_000 }, async () => {
  page.allow.push(/^409 .api.v1.plans/);
  await page.goto('/parameters/plans');
  await row(/Fleet 50/).getByRole('button', { name: /^Delete/ }).click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await page.getByText(/customers that depend on it: 1/).first().waitFor();
  assert.equal((await api('GET', '/plans')).items.length, 1);
  await page.done();
});

test('the trial has ended: who signs in is told so, in four languages / S3-25', { timeout: 120_000 }, async () => {
  await api('POST', '/users', { firstName: 'Sara', email: 'sara@sur.test', customer: sur.id, role: 'customerAdmin', lang: 'es', timezone: 'America/Bogota', activation: { method: 'password', password } });
  await world.ahead(16);
  for (const [lang, says] of [['en', 'The trial has ended. Ask your company.'], ['es', 'El período de prueba terminó. Consulte a su empresa.'], ['pt', 'O período de teste terminou. Consulte a sua empresa.'], ['fr', /La période d.essai est terminée/]]) {
    const sara = await open(browser, world, { lang, width: 360, height: 740, allow: ['401 /api/v1/me', '403 /api/v1/login'] });
    await sara.goto('/login');
    await sara.locator('input[autocomplete=username]').fill('sara@sur.test');
    await sara.locator('input[autocomplete=current-password]').fill(password);
    await sara.locator('button[type=submit]').click();
    await sara.getByRole('alert').getByText(says).waitFor();
    if (lang === 'es') await sara.check('trial-ended-360');
    await sara.done();
  }
});
