// Flows 1 and 3 in Spanish, Portuguese and French on a phone: a customer is made,
// its administrator comes in by the mail, and the customer is deleted again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { mailText, password, setUp, start, until } from './server.mjs';

const words = {
  es: {
    create: 'Nuevo cliente', name: 'Nombre', code: 'Código del cliente', country: 'País', typed: 'Colom', land: 'Colombia', first: 'Nombre', email: 'Correo Electrónico', next: 'Siguiente', finish: 'Finalizar', close: 'Cerrar',
    users: 'Usuarios y roles', remove: 'Eliminar', refused: 'No se puede eliminar el cliente porque existen dispositivos asociados a el',
    credentials: 'Ingrese las credenciales de su cuenta para confirmar', again: '¿Realmente desea eliminar este cliente? Esta acción no se puede deshacer.', policy: /al menos \d+ caracteres/,
  },
  pt: {
    create: 'Novo cliente', name: 'Nome', code: 'Código do cliente', country: 'País', typed: 'Colôm', land: 'Colômbia', first: 'Nome', email: 'E-mail', next: 'Próximo', finish: 'Concluir', close: 'Fechar',
    users: 'Usuários e funções', remove: 'Excluir', refused: 'Não é possível excluir o cliente porque existem dispositivos associados a ele',
    credentials: 'Informe as credenciais da sua conta para confirmar', again: 'Deseja realmente excluir este cliente? Esta ação não pode ser desfeita.', policy: /ao menos \d+ caracteres/,
  },
  fr: {
    create: 'Créer un client', name: 'Nom', code: 'Code du client', country: 'Pays', typed: 'Colom', land: 'Colombie', first: 'Prénom', email: 'E-mail', next: 'Suivant', finish: 'Terminer', close: 'Fermer',
    users: 'Utilisateurs et rôles', remove: 'Supprimer', refused: 'Impossible de supprimer le client car des appareils lui sont associés',
    credentials: 'Saisissez les identifiants de votre compte pour confirmer', again: 'Voulez-vous vraiment supprimer ce client ? Cette action est irréversible.', policy: /au moins \d+ caractères/,
  },
};

let world, browser, api;
before(async () => {
  [world, browser] = await Promise.all([start({ named: true }), launch()]);
  api = await setUp(world);
});
after(async () => { await browser?.close(); await world?.stop(); });

for (const [lang, w] of Object.entries(words)) {
  const name = `Transportes ${lang}`, mail = `rosa-${lang}@andinos.test`;
  let page;
  const dialog = () => page.getByRole('dialog');
  const text = (label) => dialog().getByRole('textbox', { name: label, exact: true });
  const next = () => dialog().getByRole('button', { name: w.next, exact: true }).click();

  test(`flow 1 in ${lang}, at 360 px: a customer is made and its administrator invited at once / S3-29`, { timeout: 120_000 }, async () => {
    page = await open(browser, world, { lang, width: 360, height: 740 });
    await signIn(page, 'ana@vigia.test');
    await page.goto('/customers');
    await page.getByRole('button', { name: w.create }).click();
    await text(w.name).fill(name);
    await text(w.code).fill(`T-${lang}`);
    await dialog().getByRole('combobox', { name: w.country }).or(dialog().getByRole('textbox', { name: w.country })).first().fill(w.typed);
    await page.getByRole('option', { name: w.land, exact: true }).click();
    await page.check(`wizard-360-${lang}`);
    await next();
    await text(w.first).fill('Rosa');
    await text(w.email).fill(mail);
    await next();
    await dialog().getByRole('radio').first().waitFor();
    await next();
    await dialog().getByRole('button', { name: w.finish, exact: true }).click();
    await dialog().getByRole('link', { name: w.users }).waitFor();
    if (lang === 'fr') await page.check(`wizard-made-360-${lang}`);
    await dialog().getByRole('button', { name: w.close, exact: true }).last().click();
    await page.getByRole('row', { name: new RegExp(name) }).waitFor();
  });

  test(`flow 1 in ${lang}, at 360 px: the mail’s link, the policy’s lines, and in / S1-16 S4-9`, { timeout: 120_000 }, async () => {
    const invitation = await until('the invitation', () => world.sinks.mails.find((m) => m.to.includes(mail)));
    const rosa = await open(browser, world, { lang, width: 360, height: 740, allow: ['401 /api/v1/me'] });
    await rosa.goto(/http:\/\/\S+\/activate\S+/.exec(mailText(invitation))[0].replace(/["<>].*/, ''));
    const field = rosa.locator('input[autocomplete=new-password]');
    await field.fill('short');
    await rosa.locator('[data-met=false]').filter({ hasText: w.policy }).waitFor();
    assert.ok(await rosa.locator('button[type=submit]').isDisabled(), 'a password against the policy can be saved');
    if (lang === 'fr') await rosa.check(`activate-360-${lang}`);
    await field.fill(password);
    await rosa.locator('[data-met=true]').filter({ hasText: w.policy }).waitFor();
    await rosa.locator('button[type=submit]').click();
    await rosa.waitForURL(/\/customers\//);
    await rosa.getByRole('heading', { level: 1, name }).waitFor();
    await rosa.check(`customer-360-${lang}`);
    await rosa.done();
  });

  test(`flow 3 in ${lang}, at 360 px: not with devices, then by credentials and a second yes / S2-36 S2-38 S2-39`, { timeout: 120_000 }, async () => {
    const customer = (await api('GET', `/customers?search=T-${lang}`)).items[0];
    const device = await api('POST', '/devices', { name: 'Camión', uniqueId: `van-${lang}`, customer: customer.id });
    const row = page.getByRole('row', { name: new RegExp(name) });
    await page.goto('/customers');
    await row.getByRole('button', { name: w.remove, exact: true }).click();
    await dialog().getByText(w.refused, { exact: true }).waitFor();
    await dialog().getByRole('button', { name: w.close, exact: true }).last().click();
    await api('DELETE', `/devices/${device.id}`);
    await page.goto('/customers');
    await row.getByRole('button', { name: w.remove, exact: true }).click();
    await dialog().getByText(w.credentials, { exact: true }).waitFor();
    if (lang === 'fr') await page.check(`delete-360-${lang}`);
    await dialog().getByRole('textbox').first().fill('ana@vigia.test');
    await dialog().locator('input[type=password]').fill(password);
    await next();
    await dialog().getByText(w.again, { exact: true }).waitFor();
    await dialog().getByRole('button', { name: w.remove, exact: true }).click();
    await row.waitFor({ state: 'detached' });
    await page.done();
  });
}
