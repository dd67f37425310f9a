// Settings to begin with, for providers that many use, after their own
// documents: Twilio's Messages resource, Infobip's SMS API v2, SMPP 3.4.
import type { Schemas } from '@/api/client';

export type Settings = Omit<Schemas['ChannelInput'], 'version'>;
export type Channel = 'email' | 'sms' | 'push';

export const samples: { channel: Channel; name: string; headers?: string; settings: Settings }[] = [
  { channel: 'sms', name: 'Twilio', settings: { kind: 'twilio', from: '+15550001111' } },
  {
    channel: 'sms', name: 'Infobip', headers: 'Authorization: App ',
    settings: {
      kind: 'template', method: 'POST', url: 'https://YOURS.api.infobip.com/sms/2/text/advanced', type: 'application/json', from: 'VIGIA',
      body: '{"messages":[{"from":"{from}","destinations":[{"to":"{to}","messageId":"{key}"}],"text":"{text}"}]}', idFrom: '"messageId":"([^"]+)"',
    },
  },
  { channel: 'sms', name: 'SMPP 3.4', settings: { kind: 'smpp', host: 'smpp.example.com', port: 3550, tls: 'tls', from: 'VIGIA' } },
  { channel: 'sms', name: 'HTTP GET', settings: { kind: 'template', method: 'GET', url: 'https://sms.example.com/send?to={to}&text={text}&ref={key}', success: '^OK', idFrom: 'id=([0-9]+)' } },
  { channel: 'sms', name: 'HTTP POST (JSON)', headers: 'Authorization: Bearer ', settings: { kind: 'template', method: 'POST', url: 'https://sms.example.com/v1/messages', type: 'application/json', from: 'VIGIA', body: '{"to":"{to}","from":"{from}","text":"{text}","reference":"{key}"}' } },
  { channel: 'email', name: 'STARTTLS, 587', settings: { kind: 'smtp', host: 'smtp.example.com', port: 587, tls: 'starttls' } },
  { channel: 'email', name: 'TLS, 465', settings: { kind: 'smtp', host: 'smtp.example.com', port: 465, tls: 'tls' } },
  { channel: 'push', name: 'Web Push', settings: { kind: 'webpush', subject: 'mailto:' } },
];

/** headersOf reads one header a line; undefined where there is none, which leaves the stored ones as they are. */
export function headersOf(text: string): Record<string, string> | undefined {
  const found = text.split('\n').map((line) => /^\s*([^:\s]+)\s*:\s*(.*\S)\s*$/.exec(line)).filter((m) => m !== null).map((m) => [m[1]!, m[2]!] as const);
  return found.length ? Object.fromEntries(found) : undefined;
}
