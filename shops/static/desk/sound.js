// Rings for orders that nobody has answered, until they are, or until somebody says that they have heard it.

const EVERY_MS = 5_000;
const WANTED = "desk sound";
const button = document.querySelector("[data-sound]");
let audio = null;
let ringing = new Set();

function tone(pitch) {
  if (audio === null) return;
  [0, 0.25].forEach((delay) => {
    const source = audio.createOscillator();
    const volume = audio.createGain();
    source.frequency.value = pitch;
    volume.gain.setValueAtTime(0.3, audio.currentTime + delay);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + delay + 0.2);
    source.connect(volume).connect(audio.destination);
    source.start(audio.currentTime + delay);
    source.stop(audio.currentTime + delay + 0.2);
  });
}

function show() {
  const words = { off: button.dataset.off, on: button.dataset.on, quiet: button.dataset.quiet };
  button.dataset.ringing = String(audio !== null && ringing.size > 0);
  button.setAttribute("aria-pressed", String(audio !== null));
  button.textContent = audio === null ? words.off : ringing.size ? words.quiet : words.on;
}

/** These orders (pks) are new: ring until each is answered. */
export function ring(orders) {
  orders.forEach((pk) => ringing.add(pk));
  tone(880);
  show();
}

/** Only these orders are still without an answer. */
export function stillNew(orders) {
  ringing = new Set([...ringing].filter((pk) => orders.includes(pk)));
  show();
}

/** Once, lower: something was cancelled. */
export const warn = () => tone(440);

function turnOn() {
  audio = new AudioContext();
  localStorage.setItem(WANTED, "yes");
  tone(880);
}

function toggle() {
  if (audio === null) turnOn();
  else if (ringing.size) ringing.clear();
  else {
    audio.close();
    audio = null;
    localStorage.removeItem(WANTED);
  }
  show();
}

/** Browsers let a page sound only after a tap on it: the first one anywhere, when it was on before. */
export function begin() {
  if (!("AudioContext" in window)) return;
  button.hidden = false;
  button.addEventListener("click", toggle);
  if (localStorage.getItem(WANTED)) {
    addEventListener("pointerdown", (event) => {
      if (audio === null && !button.contains(event.target)) turnOn();
      show();
    }, { once: true });
  }
  setInterval(() => ringing.size && tone(880), EVERY_MS);
}
