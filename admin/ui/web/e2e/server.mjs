// A server of the product on a temporary directory, with local sinks for mail
// and SMS, and what a test needs to make a world in it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

const root = new URL('../../../../', import.meta.url).pathname, binary = root + 'bin/vigia', testBinary = root + 'bin/test/vigia';
export const password = 'Correct-Horse-7-battery';

/** until polls a condition; what it last threw or answered is in the failure. */
export async function until(what, condition, ms = 15_000) {
  let last;
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    try {
      last = await condition();
      if (last) return last;
    } catch (err) {
      last = err;
    }
  }
  throw new Error(`${what}: not within ${ms} ms; last: ${last?.stack ?? JSON.stringify(last)}`);
}

const listening = (server) => new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server.address().port)));

/** Mails and texts that went out, oldest first. */
export async function openSinks() {
  const mails = [], texts = [];
  const smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false,
    onData(stream, session, done) {
      const parts = [];
      stream.on('data', (b) => parts.push(b));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map((r) => r.address), raw: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  const mailPort = await new Promise((ready) => { const s = smtp.listen(0, '127.0.0.1', () => ready(s.address().port)); });
  const gateway = createServer((req, res) => {
    const parts = [];
    req.on('data', (b) => parts.push(b)).on('end', () => {
      const form = new URLSearchParams(Buffer.concat(parts).toString());
      texts.push({ to: form.get('To'), body: form.get('Body') });
      res.writeHead(201, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ sid: 'SM' + String(texts.length).padStart(32, '0'), status: 'queued' }));
    });
  });
  const smsPort = await listening(gateway);
  return {
    mails, texts, mailPort, smsPort,
    close: async () => { await new Promise((r) => smtp.close(r)); gateway.closeAllConnections(); await new Promise((r) => gateway.close(r)); },
  };
}

/** A mail's text with its soft line breaks undone. */
export const mailText = (mail) => Buffer.from(mail.raw.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();

/** A port that nothing listens on. */
async function freePort() {
  const server = createServer(), port = await listening(server);
  await new Promise((r) => server.close(r));
  return port;
}

/** The program as its own tests build it: it takes the date of people's doings from TEST_DAYS_AHEAD. */
function buildMovable() {
  const made = spawnSync('go', ['test', '-c', '-trimpath', '-ldflags', '-s -w', '-o', testBinary, './cmd/vigia'], { cwd: root, encoding: 'utf8', env: { ...process.env, CGO_ENABLED: '0' } });
  if (made.status !== 0) throw new Error(`the test's own program: ${made.stderr || made.error}`);
}

/**
 * Starts a server. `named`: it knows its own address, so that mails and push messages link to it.
 * `movable`: world.ahead(days) starts it again so many days later.
 */
export async function start({ settings = {}, named = false, movable = false } = {}) {
  if (movable) buildMovable();
  const dir = await mkdtemp(join(tmpdir(), 'vigia-e2e-'));
  const sinks = await openSinks();
  const set = {
    'http.listen': '127.0.0.1:0', 'ingest.gt06': '127.0.0.1:0', 'ingest.h02': '127.0.0.1:0', 'ingest.osmand': '127.0.0.1:0', 'ingest.owntracks': '127.0.0.1:0',
    'ingest.shared': '127.0.0.1:0', 'ingest.teltonika': '127.0.0.1:0', 'mqtt.listen': '127.0.0.1:0', 'mqtt.listen_tls': '', 'log.format': 'json',
    'outbound.allow_private': 'true', 'mail.host': '127.0.0.1', 'mail.port': String(sinks.mailPort), 'mail.tls': 'none', 'mail.from': 'Vigia <alerts@vigia.test>',
    'sms.kind': 'twilio', 'sms.url': `http://127.0.0.1:${sinks.smsPort}`, 'sms.account': 'AC1', 'sms.token': 'secret', 'sms.from': '+15005550006',
    'push.subject': 'mailto:ops@vigia.test', ...settings,
  };
  if (named || movable) set['http.listen'] = `127.0.0.1:${await freePort()}`;
  if (named) set.public_url = `http://${set['http.listen']}`;
  let log = '', child, gone;
  const run = (days = 0) => {
    child = spawn(movable ? testBinary : binary, ['serve', '--data', join(dir, 'data'), ...Object.entries(set).flatMap(([k, v]) => ['--set', `${k}=${v}`])],
      { stdio: ['ignore', 'pipe', 'pipe'], env: movable ? { ...process.env, TEST_DAYS_AHEAD: String(days) } : process.env });
    child.stdout.on('data', (b) => { log += b; });
    child.stderr.on('data', (b) => { log += b; });
    gone = new Promise((r) => child.on('exit', r));
  };
  const end = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  };
  run();
  const world = {
    sinks, dir, base: '', pid: child.pid, log: () => log,
    async ahead(days) {
      await end();
      run(days);
      await until(`the server ${days} days later`, async () => (await fetch(world.base + '/readyz')).ok);
    },
    async stop() {
      await end();
      await sinks.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  try {
    const link = await until('the set-up link', () => {
      if (child.exitCode !== null) throw new Error(log);
      return /http:\/\/[^/\s"]+\/setup\?token=[\w-]+(?=\s)/.exec(log)?.[0];
    });
    world.base = new URL(link).origin;
    world.setup = link;
    world.ports = Object.fromEntries([...(/Trackers +(.*)/.exec(log)?.[1] ?? '').matchAll(/([\w-]+) :(\d+)/g)].map((m) => [m[1], Number(m[2])]));
  } catch (err) {
    await world.stop();
    throw err;
  }
  return world;
}

/** client calls the API with a token. */
export function client(world, token) {
  return async (method, path, body) => {
    const res = await fetch(world.base + '/api/v1' + path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en', ...(token && { Authorization: 'Bearer ' + token }) },
    });
    const text = await res.text();
    if (!res.ok) throw Object.assign(new Error(`${method} ${path}: ${res.status} ${text}`), { status: res.status });
    return text ? JSON.parse(text) : null;
  };
}

/** setUp makes the company and its administrator, and returns the administrator's client. */
export async function setUp(world, lang = 'en') {
  const token = new URL(world.setup).searchParams.get('token');
  const made = await client(world)('POST', '/setup', {
    token, name: 'Ana Mora', email: 'ana@vigia.test', password, company: { name: 'Monitoreo Andino', lang, timezone: 'America/Bogota' },
  });
  return Object.assign(client(world, made.token), { token: made.token });
}

/** drive sends a fix the way a phone with an OsmAnd app does. */
export async function drive(world, uniqueId, lat, lon, { speed = 0, bearing = 0, at = Date.now(), ...rest } = {}) {
  const q = new URLSearchParams({ id: uniqueId, lat, lon, speed, bearing, timestamp: Math.floor(at / 1000), ...rest });
  const res = await fetch(`http://127.0.0.1:${world.ports.osmand}/?${q}`);
  if (!res.ok) throw new Error(`the fix of ${uniqueId}: ${res.status}`);
}
