import { expect, test } from 'vitest';
import { isLocal, newPhoneId, osmAndAddress, ownTracksConfig, readable, smsOf } from './texts';

const s = { host: 'vigia.example.com', port: '5023', apn: 'internet', password: '0000' };

test('a host and an address are told to a GT06 in different ways', () => {
  expect(smsOf('gt06', s)[1]!.text).toBe('SERVER,1,vigia.example.com,5023,0#');
  expect(smsOf('gt06', { ...s, host: '192.0.2.1' })[1]!.text).toBe('SERVER,0,192.0.2.1,5023,0#');
});

test('the texts are those of docs/protocols.md', () => {
  expect(smsOf('h02', { ...s, port: '5013' }).map((m) => m.text)).toEqual(['8030000 internet', '8040000 vigia.example.com 5013', '8050000 20', '8090000 300', '7100000']);
  expect(smsOf('teltonika', { ...s, port: '5027' })[1]!.text).toBe('  setparam 2004:vigia.example.com;2005:5027;2006:0');
  expect(smsOf('gt06', { ...s, apn: '' })[0]).toMatchObject({ open: true });
});

test('a phone gets its whole configuration', () => {
  const at = ownTracksConfig('h.example', '5144', 'phone-ab');
  const inline = new URLSearchParams(at.split('?')[1]).get('inline')!;
  expect(JSON.parse(atob(inline))).toMatchObject({ _type: 'configuration', mode: 3, url: 'http://h.example:5144/?id=phone-ab', tid: 'ab' });
  expect(osmAndAddress('h.example', '5055', 'a b')).toContain('?id=a%20b&lat={0}');
  expect(newPhoneId(new Uint8Array(5))).toBe('phone-aaaaa');
});

test('local addresses are told from others', () => {
  for (const h of ['localhost', '127.0.0.1', '192.168.1.4', '10.0.0.1', '172.20.0.1', 'server']) expect(isLocal(h), h).toBe(true);
  for (const h of ['vigia.example.com', '203.0.113.7', '172.40.0.1']) expect(isLocal(h), h).toBe(false);
});

test('text is shown as text, bytes as bytes', () => {
  expect(readable('2a48512c').ascii).toBe('*HQ,');
  expect(readable('78780d01').ascii).toBe('');
  expect(readable('78780d01').pairs).toBe('78 78 0d 01');
});
