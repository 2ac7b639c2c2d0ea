// Keeps the board fresh, and rings when an order arrives. Without this module the page works and is reloaded by hand.

const EVERY_MS = 15_000;
const board = document.querySelector("[data-board]");
const announce = document.querySelector("[data-announce]");
const offline = document.querySelector("[data-offline]");
const soundButton = document.querySelector("[data-sound]");

let audio = null;
let shown = "";

const newest = () => Number(board.querySelector("[data-newest]").dataset.newest);

/** Whether somebody is typing into the board. */
const isBusy = () => board.querySelector("input:focus") !== null;

/** The board without its form tokens, which differ in every answer. */
const content = (html) => html.replaceAll(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

function ring() {
  announce.textContent = "";
  announce.textContent = announce.dataset.text;
  if (audio === null) return;
  [0, 0.25].forEach((delay) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.3, audio.currentTime + delay);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + delay + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + delay);
    tone.stop(audio.currentTime + delay + 0.2);
  });
}

function show(html) {
  const unfolded = [...board.querySelectorAll("details")].map((each) => each.open);
  const before = newest();
  board.innerHTML = html;
  shown = content(html);
  board.querySelectorAll("details").forEach((each, index) => { each.open = Boolean(unfolded[index]); });
  if (newest() > before) ring();
}

async function refresh() {
  if (isBusy()) return;
  try {
    const answer = await fetch(board.dataset.board, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (!isBusy() && content(html) !== shown) show(html);
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
}

/** Browsers let a page sound only after a tap on it. */
function toggleSound() {
  if (audio === null) {
    audio = new AudioContext();
    ring();
  } else {
    audio.close();
    audio = null;
  }
  soundButton.setAttribute("aria-pressed", String(audio !== null));
  soundButton.textContent = audio === null ? soundButton.dataset.off : soundButton.dataset.on;
}

if ("AudioContext" in window) {
  soundButton.hidden = false;
  soundButton.addEventListener("click", toggleSound);
}
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
