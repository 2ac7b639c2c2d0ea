// Locks a shared tablet that nobody touches; the server does so too, at the next request. Without this module, only then.

const bar = document.querySelector("[data-idle-minutes]");
const patience = Number(bar.dataset.idleMinutes) * 60_000;
const touches = ["pointerdown", "keydown", "scroll"];
let timer;

function again() {
  clearTimeout(timer);
  timer = setTimeout(() => location.assign(bar.dataset.lock), patience);
}

touches.forEach((name) => addEventListener(name, again, { passive: true }));
again();
