import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { mailText, setUp, start, until } from './server.mjs';

let world, browser;
before(async () => { [world, browser] = await Promise.all([start(), launch()]); });
after(async () => { await browser?.close(); await world?.stop(); });

test('the set-up link makes the company and its administrator', async () => {
  const page = await open(browser, world);
  page.allow.push('401 /api/v1/me', '422 /api/v1/setup');
  await page.goto(world.setup);
  await page.getByLabel('Company').waitFor();
  assert.ok(!page.url().includes('token'), 'the secret stays in the address');
  await page.getByLabel('Company').fill('Monitoreo Andino');
  await page.getByLabel('Your name').fill('Ana Mora');
  await page.getByLabel('Your email').fill('ana@vigia.test');
  await page.locator('input[autocomplete=new-password]').fill('short');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await page.getByText(/at least|characters/).first().waitFor();
  await page.check('setup');
  await page.locator('input[autocomplete=new-password]').fill('Correct-Horse-7-battery');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  await page.done();
});

test('a wrong password is refused, the right one lets in, signing out ends it', async () => {
  const page = await open(browser, world);
  page.allow.push('401 /api/v1/me', '401 /api/v1/login');
  await page.goto('/customers');
  await page.waitForURL(/\/login/);
  await page.check('sign-in');
  await page.getByLabel('User name or email').fill('ana@vigia.test');
  await page.locator('input[type=password]').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.locator('input[type=password]').fill('Correct-Horse-7-battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/customers/, { timeout: 10_000 });
  await page.getByRole('heading', { name: 'Customers' }).waitFor();
  await page.check('customers-empty');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
  await page.done();
});
