// The button that lets this browser take push messages.

import { call } from './api.js';
import { t } from './text.js';

const bytes = (s) => Uint8Array.from(atob(s.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

export async function offerPush(button) {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return;
  const { key } = await call('GET', '/push/key');
  if (!key) return;
  const worker = await navigator.serviceWorker.register('/sw.js');
  const show = async () => {
    const denied = Notification.permission === 'denied', on = !denied && await worker.pushManager.getSubscription();
    button.textContent = t(denied ? 'pushDenied' : on ? 'pushOff' : 'pushOn');
    button.disabled = denied;
    button.setAttribute('aria-pressed', String(Boolean(on)));
    button.hidden = false;
    return on;
  };
  await show();
  button.addEventListener('click', async () => {
    try {
      const on = await worker.pushManager.getSubscription();
      if (on) {
        const mine = (await call('GET', '/push/subscriptions')).items.find((s) => s.endpoint === on.endpoint);
        await on.unsubscribe();
        if (mine) await call('DELETE', '/push/subscriptions/' + mine.id);
      } else {
        const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
        await call('POST', '/push/subscriptions', made.toJSON());
      }
    } catch (err) {
      button.title = String(err.message || err);
    }
    await show();
  });
}
