// Keeps the wall of a bank fresh and says politely what has changed. Without this module the page is reloaded by hand.

const EVERY_MS = 4_000;
const SAID_AT_MOST = 3;
const live = document.querySelector("[data-live]");
const announce = document.querySelector("[data-announce]");
const offline = document.querySelector("[data-offline]");
const pauseButton = document.querySelector("[data-pause]");

let etag = `"${live.dataset.etag}"`;
let paused = false;
let asking = false;

/** What is said of each door now: label → words. */
const doors = () => new Map([...live.querySelectorAll("[data-door]")].map((row) => [row.dataset.door, row.dataset.said]));

function say(before, after) {
  const changed = [...after].filter(([label, words]) => before.has(label) && before.get(label) !== words);
  if (changed.length === 0) return;
  const sentences = changed.map(([label, words]) => `${label}: ${words}`);
  announce.textContent =
    changed.length > SAID_AT_MOST
      ? announce.dataset.many.replace("NUMBER", String(changed.length))
      : `${announce.dataset.changed} ${sentences.join(" · ")}`;
}

/** Put the new state in, and leave the reader where they were: the same link keeps the focus. */
function show(html) {
  const before = doors();
  const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  live.innerHTML = html;
  if (focused) live.querySelector(`table a[href="${CSS.escape(focused)}"], a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  say(before, doors());
}

async function refresh() {
  if (paused || asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(live.dataset.live, {
      credentials: "same-origin",
      redirect: "error",
      cache: "no-store",
      headers: { "If-None-Match": etag },
    });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(answer.statusText);
      show(await answer.text());
      etag = answer.headers.get("ETag") ?? "";
    }
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  } finally {
    asking = false;
  }
}

pauseButton.hidden = false;
pauseButton.addEventListener("click", () => {
  paused = !paused;
  pauseButton.textContent = paused ? pauseButton.dataset.off : pauseButton.dataset.on;
  refresh();
});
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
