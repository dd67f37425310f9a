// This browser as a place that alerts come to.
import { http } from '@/api/client';

export type Blocked = 'unsupported' | 'insecure' | 'ios' | 'off' | 'denied';

/** What keeps this browser from taking push messages; undefined: nothing. */
export function blocked(key: string | undefined): Blocked | undefined {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return /iPhone|iPad/.test(navigator.userAgent) ? 'ios' : 'unsupported';
  if (key === '') return 'off';
  return Notification.permission === 'denied' ? 'denied' : undefined;
}

/** bytesOf reads base64url, as VAPID keys are written. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

const worker = async () => (await navigator.serviceWorker.register('/sw.js')) && navigator.serviceWorker.ready;

/** The subscription that this browser has, if it has one. */
export async function current(): Promise<PushSubscription | null> {
  const at = await navigator.serviceWorker?.getRegistration('/');
  return (await at?.pushManager?.getSubscription()) ?? null;
}

/** subscribe asks the person, then the browser, then tells the server. False: the person said no. */
export async function subscribe(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const at = await worker();
  const wanted = bytesOf(key), old = await at.pushManager.getSubscription();
  const has = old?.options.applicationServerKey;
  // One that was made for another key of the server takes nothing any more.
  if (old && (!has || new Uint8Array(has).join() !== wanted.join())) await old.unsubscribe();
  const made = await at.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
  const { endpoint, expirationTime, keys } = made.toJSON();
  await http.POST('/api/v1/push/subscriptions', { body: { endpoint: endpoint!, expirationTime: expirationTime ?? undefined, keys: keys as { p256dh: string; auth: string } } });
  return true;
}
