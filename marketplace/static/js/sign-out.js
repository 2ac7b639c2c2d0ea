// Who signs out leaves no page of a shop's desk on the device. Taps that wait are kept: only their person can send them.

document.querySelector("[data-sign-out]")?.addEventListener("submit", async (event) => {
  if (!("caches" in window)) return;
  event.preventDefault();
  const form = event.target;
  navigator.serviceWorker?.controller?.postMessage("forget");
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("desk ")).map((name) => caches.delete(name)));
  form.submit();
});
