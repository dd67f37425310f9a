// What trackers send, byte by byte, over real sockets.
import { connect } from 'node:net';

/** The checksum of GT06: CRC-16/X-25 over all between start and checksum. */
export function crc(bytes) {
  let c = 0xffff;
  for (const b of bytes) {
    c ^= b;
    for (let i = 0; i < 8; i++) c = c & 1 ? (c >> 1) ^ 0x8408 : c >> 1;
  }
  return ~c & 0xffff;
}

/** A GT06 frame around a payload, with its number. */
export function frame(protocol, payload, number) {
  const body = Buffer.concat([Buffer.from([payload.length + 5, protocol]), payload, Buffer.from([number >> 8, number & 0xff])]);
  const sum = crc(body);
  return Buffer.concat([Buffer.from([0x78, 0x78]), body, Buffer.from([sum >> 8, sum & 0xff, 0x0d, 0x0a])]);
}

export const gt06Login = (imei, number = 1) => frame(0x01, Buffer.from(imei.padStart(16, '0'), 'hex'), number);

/** A position (0x12): the device's own clock is UTC. */
export function gt06Fix(lat, lon, at, number, speed = 40) {
  const t = new Date(at), p = Buffer.alloc(26);
  [t.getUTCFullYear() - 2000, t.getUTCMonth() + 1, t.getUTCDate(), t.getUTCHours(), t.getUTCMinutes(), t.getUTCSeconds(), 0xc9].forEach((b, i) => p.writeUInt8(b, i));
  p.writeUInt32BE(Math.round(Math.abs(lat) * 1_800_000), 7);
  p.writeUInt32BE(Math.round(Math.abs(lon) * 1_800_000), 11);
  p.writeUInt8(speed, 15);
  p.writeUInt16BE(0x1000 | (lat >= 0 ? 0x0400 : 0) | (lon < 0 ? 0x0800 : 0) | 90, 16);
  Buffer.from([0x02, 0xdc, 0x01, 0x00, 0x10, 0x00, 0x20, 0x30]).copy(p, 18);
  return frame(0x12, p, number);
}

/** The text and mark of an order (0x80) to a GT06; undefined for any other frame. */
export function gt06Order(frame) {
  return frame[3] === 0x80 ? { text: frame.subarray(9, 5 + frame[4]).toString('latin1'), mark: frame.readUInt32BE(5) } : undefined;
}

/** What a GT06 answers to an order (0x15). */
export function gt06Answer(text, mark, number) {
  const p = Buffer.alloc(5 + text.length + 2);
  p.writeUInt8(4 + text.length, 0);
  p.writeUInt32BE(mark, 1);
  p.write(text, 5, 'latin1');
  p.writeUInt16BE(2, 5 + text.length); // in English
  return frame(0x15, p, number);
}

/** An H02 position, as an ST-901 writes it. */
export function h02Fix(id, lat, lon, at) {
  const t = new Date(at), two = (n) => String(n).padStart(2, '0');
  const angle = (v, width) => { const a = Math.abs(v), d = Math.floor(a); return String(d).padStart(width, '0') + ((a - d) * 60).toFixed(4).padStart(7, '0'); };
  const clock = two(t.getUTCHours()) + two(t.getUTCMinutes()) + two(t.getUTCSeconds()), day = two(t.getUTCDate()) + two(t.getUTCMonth() + 1) + two(t.getUTCFullYear() % 100);
  return Buffer.from(`*HQ,${id},V1,${clock},A,${angle(lat, 2)},${lat < 0 ? 'S' : 'N'},${angle(lon, 3)},${lon < 0 ? 'W' : 'E'},012.00,090,${day},FFFFFBFF#`);
}

/** A socket to a port of the server; got collects what the server says, heard calls with each piece of it. */
export async function dial(port) {
  const socket = connect(port, '127.0.0.1');
  const got = [];
  socket.on('data', (b) => got.push(b));
  socket.on('error', () => {});
  await new Promise((ok, bad) => { socket.once('connect', ok); socket.once('error', bad); });
  return { got, heard: (call) => socket.on('data', call), send: (b) => socket.write(b), close: () => socket.destroy() };
}

/** What an OwnTracks app posts. */
export async function ownTracks(port, id, lat, lon, at = Date.now()) {
  const res = await fetch(`http://127.0.0.1:${port}/?id=${encodeURIComponent(id)}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ _type: 'location', lat, lon, tst: Math.floor(at / 1000), acc: 5, vel: 12, tid: id.slice(-2) }),
  });
  if (!res.ok) throw new Error(`the fix of ${id}: ${res.status}`);
}
