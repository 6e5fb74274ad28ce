// Serves the page without a network: newest where there is one, else as it was stored at the last
// visit. index.html stores its files itself.
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  const {request} = event;
  if (request.method !== 'GET') return;
  event.respondWith(request.mode === 'navigate'
    ? fetch(request).catch(() => caches.match(registration.scope).then(stored => stored ?? Response.error()))
    : caches.match(request).then(stored => stored ?? fetch(request)));
});
