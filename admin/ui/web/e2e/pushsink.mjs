// A push service on this machine: takes messages over HTTPS, and opens them the
// way a browser does (RFC 8291, RFC 8188).
import { execFileSync } from 'node:child_process';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const url64 = (b) => Buffer.from(b).toString('base64url');

/** openPush starts it. Give `env` to the server, so that it trusts the certificate. */
export async function openPush() {
  const dir = mkdtempSync(join(tmpdir(), 'vigia-push-')), key = join(dir, 'key.pem'), cert = join(dir, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=push', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const browser = createECDH('prime256v1'), auth = randomBytes(16), mine = browser.generateKeys();
  const messages = [];
  const open = (body) => {
    const salt = body.subarray(0, 16), length = body[20], theirs = body.subarray(21, 21 + length), sealed = body.subarray(21 + length);
    const shared = browser.computeSecret(theirs);
    const secret = hkdfSync('sha256', shared, auth, Buffer.concat([Buffer.from('WebPush: info\0'), mine, theirs]), 32);
    const cek = Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)), nonce = Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
    const box = createDecipheriv('aes-128-gcm', cek, nonce);
    box.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([box.update(sealed.subarray(0, -16)), box.final()]);
    return text.subarray(0, text.lastIndexOf(2)).toString();
  };
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (req, res) => {
    const parts = [];
    req.on('data', (b) => parts.push(b)).on('end', () => {
      messages.push({ text: open(Buffer.concat(parts)), ttl: req.headers.ttl, signed: /^vapid /.test(req.headers.authorization ?? '') });
      res.writeHead(201, { Location: '/message/1' });
      res.end();
    });
  });
  const port = await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server.address().port)));
  return {
    messages, cert,
    subscription: { endpoint: `https://127.0.0.1:${port}/browser`, expirationTime: null, keys: { p256dh: url64(mine), auth: url64(auth) } },
    close: () => new Promise((r) => { server.closeAllConnections(); server.close(r); }),
  };
}
