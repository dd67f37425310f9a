// How smoothly the map moves many devices, in Chromium without a GPU. The
// server's part is played here, so that the figure is the browser's alone:
//   node e2e/figures.mjs BASE STATE.json [devices] [seconds]
// BASE is a running server, STATE.json a browser's kept session on it. Every
// device reports once a second, so that all of them move all the time.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const [base, storageState, n = '5000', seconds = '10'] = process.argv.slice(2), devices = Number(n);
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-gpu --use-angle=swiftshader --enable-unsafe-swiftshader';
const browser = await chromium.launch({ executablePath, args: flags.split(' ') });
const ctx = await browser.newContext({ viewport: { width: 1280, height: 752 }, storageState });
const page = await ctx.newPage();
const id = (i) => 'X' + String(i).padStart(12, '0');
const records = Array.from({ length: devices }, (_, i) => ({ id: id(i), name: `Truck ${i}`, uniqueId: String(i), company: id(0), version: 1, labels: [], created: '2026-01-01T00:00:00Z' }));
const place = records.map(() => ({ lon: -74.3 + 0.5 * Math.random(), lat: 4.4 + 0.5 * Math.random(), course: 360 * Math.random() }));
const positions = () => place.map((p, i) => {
  const a = (p.course * Math.PI) / 180;
  p.lon += 0.0004 * Math.sin(a);
  p.lat += 0.0004 * Math.cos(a);
  const time = new Date().toISOString();
  return { device: id(i), time, received: time, lon: p.lon, lat: p.lat, speed: 50, course: p.course };
});
await page.route(/\/api\/v1\/devices\?/, (route) => {
  const after = Number(new URL(route.request().url()).searchParams.get('after') ?? 0), items = records.slice(after, after + 1000);
  return route.fulfill({ json: { items, ...(after + 1000 < devices && { next: String(after + 1000) }) } });
});
let bytes = 0;
await page.routeWebSocket(/\/api\/v1\/stream/, (ws) => {
  let seq = 0;
  const say = (m) => { const text = JSON.stringify(m); bytes += text.length; ws.send(text); };
  ws.onMessage(() => {
    if (seq) return;
    say({ type: 'welcome', version: 'x', now: new Date().toISOString(), rate: 4 });
    say({ type: 'snapshot', cursor: `a-${++seq}`, positions: positions() });
    // A quarter of the fleet in each of four frames a second, as the server sends.
    const timer = setInterval(() => {
      const all = positions(), part = seq % 4;
      say({ type: 'delta', cursor: `a-${++seq}`, positions: all.filter((_, i) => i % 4 === part) });
    }, 250);
    ws.onClose(() => clearInterval(timer));
  });
});
page.on('pageerror', (e) => console.log(e.stack));
await page.goto(`${base}/map`);
await page.waitForFunction(() => window.__mapReady, undefined, { timeout: 60_000 });
await page.evaluate(() => document.querySelector('[aria-label="Group / ungroup points"]').click()); // every point for itself
await page.waitForTimeout(4000);
// The main thread's own CPU, which other work on the machine does not change.
const cdp = await ctx.newCDPSession(page);
await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
const cpu = async () => { const { metrics } = await cdp.send('Performance.getMetrics'); return Object.fromEntries(metrics.map((m) => [m.name, 1000 * m.value])); };
const before = await cpu();
const took = await page.evaluate(async (ms) => {
  const drawn = window.__mapFrames(), start = performance.now();
  let frames = 0, longest = 0, last = start;
  await new Promise((done) => {
    const step = (now) => {
      frames++;
      longest = Math.max(longest, now - last);
      last = now;
      if (now - start < ms) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  const s = (performance.now() - start) / 1000;
  return { drawn: (window.__mapFrames() - drawn) / s, page: frames / s, longest };
}, Number(seconds) * 1000);
const after = await cpu(), of = (name) => ((after[name] - before[name]) / (took.drawn * Number(seconds))).toFixed(1);
const shot = process.env.SHOT;
if (shot) await page.screenshot({ path: shot });
console.log(`CPU of the main thread: ${of('TaskDuration')} ms a picture, ${of('ScriptDuration')} ms of it script`);
console.log(`${devices} devices, all moving: ${took.drawn.toFixed(1)} pictures/s drawn of ${took.page.toFixed(1)} frames/s; longest gap ${took.longest.toFixed(0)} ms; ${(bytes / 1e6).toFixed(1)} MB of stream`);
await browser.close();
process.exit(0);
