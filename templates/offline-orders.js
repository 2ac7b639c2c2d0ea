// Answers for the pages of an order when there is no network, or hardly any, in front of the lockers.
// What is kept is put there by the order page itself (js/order-page.js) while goods are waiting.
const CACHE = "orders";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true, ignoreSearch: true });
  const fresh = fetch(request);
  if (!kept) return fresh.catch(() => Response.error());
  const patience = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([fresh.catch(() => kept), patience]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("X-Fresh")) return; // the page asks whether the server answers
  if (new URL(request.url).origin === location.origin) event.respondWith(answer(request));
});
