// A customer's own broker, from disabled in the wizard to monitoring.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { setUp, start, until } from './server.mjs';

const mosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync);
const skip = mosquitto ? false : 'mosquitto is not installed; apt-get install mosquitto mosquitto-clients';
if (skip && process.env.VIGIA_REQUIRE_MOSQUITTO === '1') throw new Error(skip);

let world, browser, api, page, broker, port, customer;
const fix = () => JSON.stringify({ time: Date.now(), lat: 48.8, lon: 2.3 });
const publish = (topic, retained) => {
  const { status, stderr } = spawnSync('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', topic, '-m', fix(), ...(retained ? ['-r'] : [])]);
  assert.equal(status, 0, String(stderr));
};

before(async () => {
  if (skip) return;
  [world, browser] = await Promise.all([start(), launch()]);
  port = await new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const p = s.address().port; s.close(() => done(p)); }); });
  const conf = join(world.dir, 'mosquitto.conf');
  await writeFile(conf, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n${process.getuid() === 0 ? 'user root\n' : ''}`);
  broker = spawn(mosquitto, ['-c', conf], { stdio: 'ignore' });
  await until('the broker listens', () => new Promise((done) => { const c = connect(port, '127.0.0.1', () => { c.end(); done(true); }).on('error', () => done(false)); }));
  for (const topic of ['fleet/north/truck-1/position', 'fleet/south/truck-2/position', 'fleet/maria@finca.test/truck-3/position']) publish(topic, true);
  api = await setUp(world);
  await api('POST', '/connection-templates', { name: 'Our broker', isDefault: true, url: `tcp://127.0.0.1:${port}`, private: true, topics: ['fleet/+/+/position'], deviceLevel: 3, subLevel: 2 });
  page = await open(browser, world);
  await signIn(page, 'ana@vigia.test');
});
after(async () => { await browser?.close(); broker?.kill('SIGTERM'); await world?.stop(); });

const connection = async () => (await api('GET', '/connections')).items[0];

test('flow 2: the wizard makes a disabled connection of a name alone; nothing is asked / S3-30 S3-31 S3-36', { timeout: 170_000, skip }, async () => {
  await page.goto('/customers');
  await page.getByRole('button', { name: 'New customer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Finca');
  await dialog.getByRole('textbox', { name: 'Customer code' }).fill('F-1');
  await dialog.getByRole('combobox', { name: 'Country' }).or(dialog.getByRole('textbox', { name: 'Country' })).first().fill('Colom');
  await page.getByRole('option', { name: 'Colombia' }).click();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('textbox', { name: 'First name' }).fill('María');
  await dialog.getByRole('textbox', { name: 'Email' }).fill('maria@finca.test');
  await dialog.getByRole('radio', { name: 'Show link' }).check();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: 'Set up a connection' }).check();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Trucks');
  await dialog.getByRole('switch', { name: 'Enabled' }).uncheck({ force: true });
  await dialog.getByRole('switch', { name: 'Auto-provision sub-accounts' }).check({ force: true });
  await page.check('wizard-connection');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await dialog.getByRole('link', { name: 'Open the connection' }).waitFor();
  const c = await connection();
  assert.equal(c.status.state, 'disabled');
  assert.equal(c.status.received, 0);
  customer = c.owner;
  assert.equal((await api('GET', '/devices')).items.length, 0, 'a disabled connection imported devices');
  await page.check('wizard-connection-made');
});

test('flow 2: enabled, it connects, discovers, synchronises and monitors, with its counts / S3-32 S3-37 S3-38', { timeout: 120_000, skip }, async () => {
  await page.getByRole('dialog').getByRole('link', { name: 'Open the connection' }).click();
  await page.getByRole('heading', { name: 'Trucks', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await page.locator('.machine [aria-current=step]', { hasText: 'Monitoring' }).waitFor({ timeout: 120_000 });
  const c = await connection();
  assert.deepEqual([c.status.found, c.status.new, c.status.missing], [3, 3, 0]);
  await page.check('connection-monitoring');
});

test('flow 2: each sub-tree became an inner customer, and the primary user’s address links hers / S3-28 S3-34', { timeout: 120_000, skip }, async () => {
  await page.getByRole('row', { name: /north/ }).getByText('Pending: needs an administrator').waitFor();
  await page.getByRole('row', { name: /maria@finca\.test/ }).getByText('Linked by its email address').waitFor();
  const inner = (await api('GET', `/customers?owner=${customer}`)).items.map((c) => c.name);
  assert.ok(inner.includes('north') && inner.includes('south') && !inner.includes('maria@finca.test'), String(inner));
});

test('flow 2: what is published shows as it comes / S3-33', { timeout: 120_000, skip }, async () => {
  publish('fleet/west/truck-9/position', false);
  await page.getByText('1 position of truck-9').waitFor();
  await page.getByRole('row', { name: /west/ }).waitFor();
});

test('flow 2: auto-provision stands as it was chosen / S3-35', { timeout: 120_000, skip }, async () => {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const auto = page.getByRole('dialog').getByRole('switch', { name: 'Auto-provision sub-accounts' });
  await auto.waitFor({ state: 'attached' });
  assert.ok(await auto.isDisabled() && await auto.isChecked());
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.goto('/connections');
  await page.getByRole('row', { name: /Trucks/ }).getByText('Monitoring').waitFor();
  await page.check('connections');
  await page.done();
});
