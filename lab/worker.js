// Keeps the page's own files, so that it opens without a network after the first visit. Which these
// are, and of which version, `make laboratory` writes into built/files.js; a new version replaces the
// old one whole.

importScripts("built/files.js");

// Two courses may stand on one server, and neither may take the other's copy away.
const MINE = `laboratory-${self.registration.scope}-`;
const NAME = `${MINE}${self.VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await cache.addAll(["./", ...self.FILES].map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(MINE) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith((async () => {
    const kept = await (await caches.open(NAME)).match(event.request, { ignoreSearch: true });
    return kept ?? fetch(event.request);
  })());
});
