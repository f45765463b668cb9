// Opens the walk without a network: keeps the page and its parts. The sound is not its business, nor is the API.

const cacheName = 'tutti-walk';
const page = '/walk';
const usual = ['/walk.webmanifest', '/assets/favicon.svg'];

/** The page, and all that it names. Parts of an older one go. */
async function keepPage(response) {
  const text = await response.clone().text();
  const parts = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  const cache = await caches.open(cacheName);
  const wanted = [...new Set([...parts, ...usual])];
  for (const path of wanted) {
    if (await cache.match(path)) continue;
    const part = await fetch(path);
    if (!part.ok) throw new Error(`${path}: ${part.status}`);
    await cache.put(path, part);
  }
  await cache.put(page, response);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== page && !wanted.includes(pathname)) await cache.delete(request);
  }
}

async function freshPage(event) {
  try {
    const response = await fetch(event.request, { signal: AbortSignal.timeout(4000) });
    if (!response.ok) throw new Error(String(response.status));
    event.waitUntil(keepPage(response.clone()).catch(() => {}));
    return response;
  } catch (error) {
    const kept = await caches.match(page);
    if (kept) return kept;
    throw error;
  }
}

addEventListener('install', (event) => {
  event.waitUntil(fetch(page).then(keepPage).then(() => skipWaiting()));
});

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { method, url, mode } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (mode === 'navigate' && pathname.replace(/\/$/, '') === page) event.respondWith(freshPage(event));
  else if (pathname.startsWith('/assets/') || pathname === '/walk.webmanifest') {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
