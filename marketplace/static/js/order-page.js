// The order page follows the order, and stays readable without network while goods wait for the resident.
const CACHE = "orders"; // the name is also in offline-orders.js
const LOOK_EVERY_MS = 20_000;
const page = document.querySelector("[data-order]");
const offline = document.querySelector("[data-offline]");

const isKept = () => page.dataset.keep === "yes";

const addresses = () => [location.pathname, page.dataset.code];

async function keep() {
  const cache = await caches.open(CACHE);
  const assets = [...document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src]')];
  const wanted = [...addresses(), ...assets.map((each) => each.href ?? each.src)];
  await Promise.all(wanted.map((address) => cache.add(address).catch(() => null)));
}

async function forget() {
  const cache = await caches.open(CACHE);
  await Promise.all(addresses().map((address) => cache.delete(address, { ignoreVary: true })));
}

// Rejects when nobody answers, or only half of it arrives.
async function ask() {
  const answer = await fetch(location.pathname, { headers: { "X-Fresh": "yes" } });
  return answer.ok ? answer.text() : null;
}

async function look() {
  if (document.visibilityState !== "visible" || page.contains(document.activeElement?.closest("form"))) return;
  const text = await ask().catch(() => null);
  offline.hidden = Boolean(text);
  if (!text) return;
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-order]");
  if (fresh && fresh.dataset.state !== page.dataset.state) location.reload();
}

offline.hidden = navigator.onLine;
addEventListener("offline", () => (offline.hidden = false));
addEventListener("online", look);
setInterval(look, LOOK_EVERY_MS);
if (isKept()) look(); // the page may be a kept one

if ("serviceWorker" in navigator && "caches" in window) {
  await navigator.serviceWorker.register(page.dataset.worker, { scope: "../" }).catch(() => null);
  await (isKept() ? keep() : forget());
  const button = page.querySelector("[data-forget]");
  button?.closest("[hidden]").removeAttribute("hidden");
  button?.addEventListener("click", async () => {
    await forget();
    button.closest("p").textContent = button.dataset.forget;
  });
}

// Phones that can send a link to a person do; elsewhere the link opens the page, whose address can be copied.
const link = page.querySelector("[data-share]");
link?.addEventListener("click", (event) => {
  if (!navigator.share) return;
  event.preventDefault();
  navigator.share({ title: link.dataset.share, url: link.href }).catch(() => null);
});
