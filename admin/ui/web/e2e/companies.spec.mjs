// Several companies: one is chosen to work in, people are tied to another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { addOlga, founded } from './founded.mjs';
import { password } from './server.mjs';

let world, browser;
before(async () => {
  [world, browser] = await Promise.all([founded(), launch()]);
  await addOlga(world);
});
after(async () => { await browser?.close(); await world?.stop(); });

test('flow 13: the company is chosen at the top right', { timeout: 170_000 }, async (t) => {
  const ops = await open(browser, world);
  await signIn(ops, 'ops@vigia.test');
  await ops.goto('/users/operators');
  await t.test('lists are scoped to it / S4-3', async () => {
    await ops.getByRole('button', { name: /Company: All companies/ }).click();
    await ops.getByRole('button', { name: 'Monitoreo Andino' }).waitFor();
    await ops.check('workplaces');
    await ops.getByRole('button', { name: 'Monitoreo Andino' }).click();
    await ops.getByRole('button', { name: /Company: Monitoreo Andino/ }).waitFor();
    await ops.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Operators' }).click();
    await ops.getByRole('row', { name: /Olga Peña/ }).waitFor();
    assert.equal(await ops.getByRole('row', { name: /Norte/ }).count(), 0, 'people of another company');
  });
  await t.test('people of another company are found by name, ticked and associated / S4-46 S4-47', async () => {
    await ops.getByRole('button', { name: 'Association mode' }).click();
    await ops.getByRole('tab', { name: 'Associate', exact: true }).click();
    await ops.getByRole('searchbox', { name: 'Search' }).fill('norte');
    for (const name of ['Nora Norte', 'Nico Norte']) await ops.getByRole('checkbox', { name }).check();
    await ops.check('associate');
    await ops.getByRole('button', { name: /^Associate \(2\)/ }).click();
    await ops.getByRole('row', { name: /Nora Norte/ }).waitFor();
  });
  await t.test('who is tied chooses the company too, and only looks', async () => {
    const nora = (await world.platform('GET', '/users?search=nora')).items[0];
    await world.platform('POST', `/users/${nora.id}/activation`, { method: 'password', password });
    const visitor = await open(browser, world);
    await signIn(visitor, 'nora@norte.test');
    await visitor.getByRole('button', { name: /Vigía Norte/ }).click();
    await visitor.getByRole('button', { name: /Monitoreo Andino/ }).click();
    await visitor.getByText('Monitoreo Andino').first().waitFor();
    await visitor.goto('/devices');
    await visitor.getByRole('row', { name: /Camión 7/ }).waitFor();
    assert.equal(await visitor.locator('main').getByRole('button', { name: /New|Nuevo/ }).count(), 0, 'a visitor is offered to add devices');
    await visitor.check('visitor');
    await visitor.done();
  });
  await t.test('all are dissociated at once and stay at home / S4-48 S4-49', async () => {
    await ops.getByRole('checkbox', { name: 'All' }).check();
    await ops.check('dissociate');
    await ops.getByRole('button', { name: /^Dissociate \(2\)/ }).click();
    await ops.getByText('Nobody of another company is associated.').waitFor();
    assert.equal((await world.platform('GET', '/users?search=norte')).items.length, 2);
  });
  await ops.done();
});

for (const [lang, title] of [['es', 'Operadores'], ['pt', 'Operadores'], ['fr', 'Opérateurs']]) {
  test(`flow 13 in ${lang}, at 360 px`, { timeout: 120_000 }, async () => {
    const small = await open(browser, world, { lang, width: 360, height: 740 });
    await signIn(small, 'ana@vigia.test');
    await small.goto('/users/operators');
    await small.getByRole('heading', { name: title }).waitFor();
    await small.getByRole('row', { name: /Olga Peña/ }).click();
    await small.getByRole('heading', { name: 'Olga Peña' }).waitFor();
    await small.check(`operator-360-${lang}`);
    await small.goto('/shifts');
    await small.getByRole('rowheader', { name: 'Olga Peña' }).waitFor();
    await small.check(`shifts-360-${lang}`);
    await small.done();
  });
}
