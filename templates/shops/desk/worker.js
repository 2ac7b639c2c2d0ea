// Keeps the last board of this desk readable without network: the page, its refresh and its assets, nothing else.
// Forgotten at sign-out, here and in js/sign-out.js, and as soon as the server asks somebody to sign in.
const CACHE = "desk {{ shop.slug|escapejs }}";
const PAGES = ["{% url 'desk:board' shop.slug %}", "{% url 'desk:board_fragment' shop.slug %}"];
const PATIENCE_MS = 4000;
let isForgotten = false; // somebody has just signed out: an answer that still comes is not kept

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("message", (event) => { if (event.data === "forget") isForgotten = true; });
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(request, answer, isPage) {
  if (isPage && (answer.type === "opaqueredirect" || answer.redirected || answer.status === 404)) await caches.delete(CACHE);
  else if (answer.ok && !answer.redirected && !isForgotten) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

async function kept(request) {
  const found = await caches.match(request, { cacheName: CACHE, ignoreVary: true, ignoreSearch: true });
  if (!found) return null;
  const headers = new Headers(found.headers);
  headers.set("X-Kept", found.headers.get("Date") ?? "yes");
  return new Response(found.body, { status: found.status, headers });
}

async function answer(request, isPage) {
  const fresh = fetch(request).then((found) => keep(request, found, isPage));
  const before = await kept(request);
  if (!before) return fresh.catch(() => Response.error());
  const patience = new Promise((resolve) => setTimeout(() => resolve(before), PATIENCE_MS));
  return Promise.race([fresh.catch(() => before), patience]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  const isPage = PAGES.includes(address.pathname);
  if (request.mode === "navigate") isForgotten = false;
  const isAsset = ["style", "script", "image"].includes(request.destination) && address.pathname.startsWith("{% load static %}{% get_static_prefix %}");
  if (isPage || isAsset) event.respondWith(answer(request, isPage));
});
