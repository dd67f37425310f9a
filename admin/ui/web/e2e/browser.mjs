// Debian's Chromium, and a page that fails the test for what a person would
// not see: console errors, failed requests, policy violations, axe's findings.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { password } from './server.mjs';

const shots = new URL('../../../../bin/screenshots/', import.meta.url).pathname;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-gpu --use-angle=swiftshader --enable-unsafe-swiftshader';

/** The path of Chromium: CHROMIUM, or where Debian puts it. */
export const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export const launch = () => chromium.launch({ executablePath, args: flags.split(' ') });

/**
 * open gives a watched page. `allow` are patterns of answers that are meant:
 * 'status path'. Call page.check(name) where the page is worth looking at.
 */
export async function open(browser, world, { lang = 'en', width = 1280, height = 800, scheme = 'light', allow = [], ...context } = {}) {
  const ctx = await browser.newContext({
    baseURL: world.base, viewport: { width, height }, colorScheme: scheme, locale: { en: 'en-US', es: 'es-CO', pt: 'pt-BR', fr: 'fr-CA' }[lang], reducedMotion: 'reduce', ...context,
  });
  const page = await ctx.newPage();
  const faults = [];
  page.allow = [...allow];
  page.on('pageerror', (e) => faults.push('error: ' + e.stack));
  page.on('console', (m) => {
    if (m.type() === 'error' && !/^Failed to load resource/.test(m.text())) faults.push('console: ' + m.text());
  });
  page.on('requestfailed', (r) => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`failed: ${r.url()} ${r.failure()?.errorText}`); });
  page.on('response', (r) => {
    const what = `${r.status()} ${new URL(r.url()).pathname}`;
    if (r.status() >= 400 && !page.allow.some((a) => (a instanceof RegExp ? a.test(what) : what === a))) faults.push('answer: ' + what);
  });
  /** check looks at the page as it stands: faults so far, keys, width, axe in both schemes, and a picture. */
  page.check = async (name) => {
    await mkdir(shots, { recursive: true });
    await page.mouse.move(0, 0); // a tooltip is no part of the page
    await page.screenshot({ path: `${shots}${name}.png` });
    assert.deepEqual(faults, [], `${name}: what went wrong on the page`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name}: scrolls sideways by ${wide} px`);
    await page.evaluate(axe);
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), [], `${name}, ${scheme}: accessibility`);
    }
    await page.emulateMedia({ colorScheme: scheme });
  };
  page.done = async () => {
    assert.deepEqual(faults, [], 'what went wrong on the page');
    await ctx.close();
  };
  return page;
}

/** signIn goes through the form, as a person does. */
export async function signIn(page, username, secret = password) {
  page.allow.push('401 /api/v1/me');
  await page.goto('/login');
  const form = page.locator('form');
  await form.locator('input[autocomplete=username]').fill(username);
  await form.locator('input[autocomplete=current-password]').fill(secret);
  await form.locator('button[type=submit]').click();
  await page.waitForURL((u) => u.pathname !== '/login');
}
