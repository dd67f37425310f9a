// What the first visit costs: bytes over the wire and the time until a page can
// be used, with nothing in the browser's cache, and then the CPU of the page.
//   node e2e/firstload.mjs BASE STATE.json [times]
// BASE is a running server, STATE.json a browser's kept session on it.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const [base, storageState, times = '3'] = process.argv.slice(2);
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-gpu --use-angle=swiftshader --enable-unsafe-swiftshader';
const pages = [
  ['sign-in', '/login', (p) => p.locator('button[type=submit]').waitFor(), undefined],
  ['home', '/', (p) => p.locator('h1').first().waitFor(), storageState],
  ['live map, its points drawn', '/map', (p) => p.waitForFunction(() => window.__mapReady && window.__mapFrames() > 0), storageState],
];
const browser = await chromium.launch({ executablePath, args: flags.split(' ') });
for (const [name, path, usable, state] of pages) {
  const took = [];
  let bytes = 0, cpu = 0;
  for (let i = 0; i < Number(times); i++) {
    const ctx = await browser.newContext({ viewport: { width: 1280, height: 752 }, storageState: state });
    const page = await ctx.newPage(), cdp = await ctx.newCDPSession(page);
    bytes = 0;
    await cdp.send('Network.enable');
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
    const start = performance.now();
    await page.goto(base + path, { waitUntil: 'commit' });
    await usable(page);
    took.push(performance.now() - start);
    const { metrics } = await cdp.send('Performance.getMetrics');
    cpu = 1000 * metrics.find((m) => m.name === 'TaskDuration').value;
    await ctx.close();
  }
  took.sort((a, b) => a - b);
  console.log(`${name}: ${(bytes / 1000).toFixed(0)} KB, usable after ${(took[Math.floor(took.length / 2)] / 1000).toFixed(2)} s (${cpu.toFixed(0)} ms of its main thread's CPU)`);
}
await browser.close();
