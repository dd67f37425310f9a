// Two companies, one of them with people, a customer, a device and what their
// forms choose from; for the specs about people.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { client, password, setUp, start } from './server.mjs';

const binary = new URL('../../../../bin/vigia', import.meta.url).pathname;

/** founded is a world with `api`, its first company's administrator, and `platform`, somebody over all companies. */
export async function founded() {
  const world = await start();
  try {
    const api = await setUp(world);
    const company = (await api('GET', '/me')).company;
    const { stdout } = await promisify(execFile)(binary, ['setup-link', '--platform', '--email', 'ops@vigia.test', '--data', join(world.dir, 'data')]);
    const made = await client(world)('POST', '/activate', { token: new URL(stdout.trim()).searchParams.get('token'), password });
    const platform = client(world, made.token);
    const other = await platform('POST', '/companies', { name: 'Vigía Norte', lang: 'es', timezone: 'America/Caracas' });
    for (const name of ['Nora Norte', 'Nico Norte']) {
      await platform('POST', '/users', { company: other.id, name, email: `${name.split(' ')[0].toLowerCase()}@norte.test`, lang: 'es', timezone: 'America/Caracas', role: 'operator' });
    }
    const customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA-01', country: 'CO', lang: 'es', timezone: 'America/Bogota' });
    await api('POST', '/devices', { name: 'Camión 7', uniqueId: '866104021234567', plate: 'XYZ-987', customer: customer.id });
    const calendar = await api('POST', '/calendars', { name: 'Control room', timezone: 'America/Bogota', week: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '20:00' }] });
    await api('POST', '/locations', { name: 'Sede Chapinero', country: 'CO', city: 'Bogotá', address: 'Carrera 7 # 32-16', lat: 4.6284, lon: -74.0653 });
    return Object.assign(world, { api, platform, company, other, customer, calendar });
  } catch (err) {
    await world.stop();
    throw err;
  }
}

/** olga is an operator with a shift around today. */
export async function addOlga(world) {
  const olga = await world.api('POST', '/users', { name: 'Olga Peña', email: 'olga@vigia.test', lang: 'fr', timezone: 'America/Bogota', role: 'operator', activation: { method: 'password', password } });
  const day = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10);
  await world.api('POST', '/shifts', { user: olga.id, calendar: world.calendar.id, from: day(-8), to: day(8) });
  return olga;
}

export const save = (page) => page.getByRole('button', { name: 'Save', exact: true }).click();
export const saved = (page) => page.getByText('All changes are saved').waitFor();
