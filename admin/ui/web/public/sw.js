// Shows push messages, and opens what they are about at a click.

self.addEventListener('push', (e) => {
  const m = e.data ? e.data.json() : { title: 'Vigia' };
  e.waitUntil(self.registration.showNotification(m.title, {
    body: m.body, tag: m.tag, lang: m.lang, icon: '/icon.svg', data: { url: m.url || '/' },
  }));
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil((async () => {
    const url = e.notification.data.url;
    for (const page of await self.clients.matchAll({ type: 'window' })) {
      if (page.url === new URL(url, self.location.href).href) return page.focus();
    }
    return self.clients.openWindow(url);
  })());
});
