// What a small installation costs, and how soon a position is on the map:
//   node e2e/installation.mjs [devices] [seconds]
// A server with GOMAXPROCS=1, so many devices with one fix in ten seconds each,
// and a live map in Chromium. Before it is opened the server's cost is measured
// by itself. PROFILE=PREFIX writes CPU profiles to PREFIX-alone and PREFIX-map.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { launch, open, signIn } from './browser.mjs';
import { password, setUp, start } from './server.mjs';

const [devices, seconds] = [3000, 60].map((usual, i) => Number(process.argv[2 + i] ?? usual));
process.env.GOMAXPROCS = '1';
const world = await start({ settings: { 'ingest.max_per_address': String(devices + 100) } }); // all come from this machine
const api = await setUp(world);
const customer = await api('POST', '/customers', { name: 'Transportes Andinos', code: 'TA', country: 'CO', lang: 'en', timezone: 'America/Bogota' });
let next = 0;
await Promise.all(Array.from({ length: 16 }, async () => {
  for (let i = next++; i < devices; i = next++) await api('POST', '/devices', { name: `Truck ${i}`, uniqueId: String(860000000100000 + i), customer: customer.id });
}));
await api('POST', '/users', { role: 'customerAdmin', customer: customer.id, firstName: 'Rosa', email: 'rosa@andinos.test', username: 'rosa', lang: 'en', timezone: 'America/Bogota', activation: { method: 'password', password } });
const fleet = spawn(new URL('../../../../bin/vigia', import.meta.url).pathname, ['simulate', '--to', `127.0.0.1:${world.ports.gt06}`, '--protocol', 'gt06', '--devices', String(devices), '--rate', String(devices / 10), '--seconds', '3600', '--first-id', '860000000100000', '--centre', '4.65,-74.1'], { stdio: 'ignore' });
const usage = async () => {
  const stat = (await readFile(`/proc/${world.pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  const status = await readFile(`/proc/${world.pid}/status`, 'utf8');
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, resident: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024, most: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024 };
};
const settled = () => new Promise((r) => setTimeout(r, 20_000));
const measure = async (what, name) => {
  const profile = process.env.PROFILE && fetch(`${world.base}/debug/pprof/profile?seconds=${seconds}`, { headers: { Authorization: 'Bearer ' + api.token } });
  const before = await usage();
  await new Promise((r) => setTimeout(r, seconds * 1000));
  const after = await usage();
  if (profile) await writeFile(`${process.env.PROFILE}-${name}`, Buffer.from(await (await profile).arrayBuffer()));
  console.log(`${devices} devices, one fix in 10 s, ${what}: ${((after.cpu - before.cpu) / seconds * 100).toFixed(1)} % of a core, ${after.resident.toFixed(0)} MB resident, ${after.most.toFixed(0)} MB at most`);
};
await settled(); // all have connected
await measure('no map open', 'alone');
const browser = await launch(), page = await open(browser, world);
// From the server's time of arrival to the picture behind the frame that told.
await page.addInitScript(() => {
  window.__late = [];
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', (e) => {
        const m = JSON.parse(e.data), came = m.type === 'delta' ? (m.positions ?? []).map((p) => Date.parse(p.received)) : [];
        if (came.length) requestAnimationFrame(() => setTimeout(() => { for (const at of came) window.__late.push(Date.now() - at); }));
      });
    }
  };
});
await signIn(page, 'rosa');
await page.goto('/map');
await page.waitForFunction(() => window.__mapReady);
await settled();
await page.evaluate(() => { window.__late.length = 0; });
await measure('a map open', 'map');
const late = (await page.evaluate(() => window.__late)).sort((a, b) => a - b);
const q = (share) => late[Math.floor(late.length * share)];
console.log(`position to pixel: p50 ${q(0.5)} ms, p95 ${q(0.95)} ms, p99 ${q(0.99)} ms of ${late.length}`);
fleet.kill();
await browser.close();
await world.stop();
