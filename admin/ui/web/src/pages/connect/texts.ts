// What a tracker is told by SMS, after docs/protocols.md, and what a phone's
// app takes. It is data, filled with this installation's address.

export type Kind = 'h02' | 'gt06' | 'teltonika' | 'phone';

export interface Setting { host: string; port: string; apn: string; password: string }
export interface Sms { why: 'smsApn' | 'smsServer' | 'smsTimer' | 'smsParked' | 'smsUtc' | 'smsGprs'; text: string; /** A gap is not filled yet. */ open?: boolean }

export interface Model {
  kind: Kind;
  name: string;
  maker: string;
  port: string;
  /** The device type that the server knows it by. */
  model: string;
  password?: string;
}

export const models: Model[] = [
  { kind: 'h02', name: 'ST-901', maker: 'Sinotrack', port: '5013', model: 'ST-901', password: '0000' },
  { kind: 'gt06', name: 'GT06N', maker: 'Concox', port: '5023', model: 'GT06N' },
  { kind: 'teltonika', name: 'FMB', maker: 'Teltonika', port: '5027', model: 'FMB920' },
  { kind: 'phone', name: '', maker: '', port: '5144', model: '' },
];

const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':');

/** smsOf gives the texts to send to a tracker's SIM, in their order. */
export function smsOf(kind: Kind, s: Setting): Sms[] {
  const apn = s.apn || '…', open = !s.apn;
  switch (kind) {
    case 'gt06': return [
      { why: 'smsApn', text: `APN,${apn}#`, open },
      { why: 'smsServer', text: `SERVER,${isAddress(s.host) ? 0 : 1},${s.host},${s.port},0#` },
      { why: 'smsTimer', text: 'TIMER,10,180#' },
      { why: 'smsUtc', text: 'GMT,E,0,0#' },
    ];
    case 'h02': return [
      { why: 'smsApn', text: `803${s.password} ${apn}`, open },
      { why: 'smsServer', text: `804${s.password} ${s.host} ${s.port}` },
      { why: 'smsTimer', text: `805${s.password} 20` },
      { why: 'smsParked', text: `809${s.password} 300` },
      { why: 'smsGprs', text: `710${s.password}` },
    ];
    case 'teltonika': return [ // two blanks in front where no SMS login is set
      { why: 'smsApn', text: `  setparam 2001:${apn}`, open },
      { why: 'smsServer', text: `  setparam 2004:${s.host};2005:${s.port};2006:0` },
    ];
    default: return [];
  }
}

/** APNs that operators name; only where to begin, the SIM's own papers decide. */
export const apns = ['internet', 'internet.movistar.ve', 'gprsweb.digitel.ve', 'int.movilnet.com.ve', 'internet.comcel.com.co', 'internet.movistar.com.co', 'web.colombiamovil.com.co', 'claro.com.br', 'zap.vivo.com.br', 'timbrasil.br', 'internet.itelcel.com', 'internet.movistar.mx', 'orange', 'internet-entreprise', 'sl2sfr', 'mmsbouygtel.com', 'm2m.tag.com', 'em', 'iot.1nce.net', 'hologram', 'wireless.twilio.com'];

/** A new identifier for a phone: short enough to be typed, long enough not to be met again. */
export function newPhoneId(random = crypto.getRandomValues(new Uint8Array(5))): string {
  return 'phone-' + [...random].map((b) => 'abcdefghjkmnpqrstuvwxyz23456789'[b % 31]).join('');
}

export const ownTracksAddress = (host: string, port: string, id: string) => `http://${host}:${port}/?id=${encodeURIComponent(id)}`;

/** The address that OwnTracks takes its whole configuration from (mode 3 is HTTP). */
export function ownTracksConfig(host: string, port: string, id: string): string {
  const config = { _type: 'configuration', mode: 3, url: ownTracksAddress(host, port, id), deviceId: id, tid: id.slice(-2), monitoring: 1 };
  return `owntracks:///config?inline=${encodeURIComponent(btoa(JSON.stringify(config)))}`;
}

/** What OsmAnd fills in itself stands in braces. */
export const osmAndAddress = (host: string, port: string, id: string) =>
  `http://${host}:${port}/?id=${encodeURIComponent(id)}&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}&bearing={6}`;

/** Whether a host is of no use to what comes from a mobile network. */
export const isLocal = (host: string) => /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[?::1\]?$)/.test(host) || !/[.:]/.test(host);

/** Bytes as people read them: pairs, and the characters where most are some. */
export function readable(hex: string): { pairs: string; ascii: string } {
  const bytes = hex.match(/../g) ?? [];
  const chars = bytes.map((b) => { const c = parseInt(b, 16); return c >= 32 && c < 127 ? String.fromCharCode(c) : c === 13 || c === 10 ? ' ' : '·'; }).join('');
  const dots = chars.split('·').length - 1;
  return { pairs: bytes.join(' '), ascii: dots * 5 < bytes.length ? chars.trim() : '' };
}
