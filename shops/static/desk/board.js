// Keeps the board fresh, also when the phone wakes, and rings when an order arrives or one that was seen is cancelled.
// Without this module the page works and is reloaded by hand.

import * as sound from "./sound.js";
import * as tapping from "./tapping.js";

const EVERY_MS = 15_000;
const PATIENCE_MS = 10_000;
const board = document.querySelector("[data-board]");
const announce = document.querySelector("[data-announce]");
const offline = document.querySelector("[data-offline]");
const title = document.title.replace(/^\(\d+\) /, "");
const FOCUSABLE = "a, button, input, select, summary";

let shown = "";
let asked = 0;

const keysOf = (selector, name) => [...board.querySelectorAll(selector)].map((each) => each.dataset[name]);
const newOrders = () => keysOf("#new [data-order]", "order");

/** Whether somebody is typing into the board. */
const isBusy = () => board.querySelector("input:focus, select:focus") !== null;

/** The board without its form tokens, which differ in every answer. */
const content = (html) => html.replaceAll(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

function say(words) {
  announce.textContent = "";
  announce.textContent = words;
}

/** The focused element as its order and its place in the card, to find it again on the fresh board. */
function focused() {
  const element = document.activeElement;
  const card = board.contains(element) ? element.closest("[data-order]") : null;
  return card && { order: card.dataset.order, place: [...card.querySelectorAll(FOCUSABLE)].indexOf(element) };
}

/** The topmost card that can be seen, and where: it stays there, whatever comes in above it. */
function anchor() {
  const cards = [...board.querySelectorAll("[data-order]")];
  const card = cards.find((each) => each.getBoundingClientRect().bottom > 0);
  return card && { order: card.dataset.order, top: card.getBoundingClientRect().top };
}

const find = (order) => board.querySelector(`[data-order="${order}"]`);

function replace(html) {
  const unfolded = [...board.querySelectorAll("details")].map((each) => each.open);
  const [focus, seen] = [focused(), anchor()];
  board.innerHTML = html;
  shown = content(html);
  tapping.applyAll();
  board.querySelectorAll("details").forEach((each, index) => { each.open = Boolean(unfolded[index]); });
  if (focus) find(focus.order)?.querySelectorAll(FOCUSABLE)[focus.place]?.focus({ preventScroll: true });
  const card = seen && find(seen.order);
  if (card && scrollY > 0) scrollBy({ top: card.getBoundingClientRect().top - seen.top, behavior: "instant" });
}

function show(html) {
  const [before, cards, gone] = [newOrders(), keysOf("[data-order]", "order"), keysOf("[data-gone]", "gone")];
  replace(html);
  const came = newOrders().filter((pk) => !cards.includes(pk) && !before.includes(pk));
  const cancelled = [...board.querySelectorAll("[data-gone]")].filter(
    (each) => cards.includes(each.dataset.gone) && !gone.includes(each.dataset.gone),
  );
  if (came.length) {
    say(announce.dataset.text);
    sound.ring(came);
  }
  if (cancelled.length) {
    say(cancelled.map((each) => announce.dataset.cancelled.replace("NUMBER", each.querySelector("a").textContent)).join(" "));
    sound.warn();
  }
}

function tellCount() {
  const count = Number(board.querySelector("[data-unanswered]").dataset.unanswered);
  document.title = count ? `(${count}) ${title}` : title;
  sound.stillNew(newOrders());
}

async function refresh() {
  if (isBusy()) return;
  const turn = (asked += 1);
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(board.dataset.board, { credentials: "same-origin", redirect: "error", signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (turn !== asked || isBusy()) return; // a later answer is on its way
    if (content(html) !== shown) show(html);
    offline.hidden = !answer.headers.has("X-Kept");
  } catch {
    offline.hidden = false;
  }
  tellCount();
}

sound.begin();
tapping.begin(refresh);
tellCount();
document.addEventListener("submit", tellCount);
setInterval(refresh, EVERY_MS);
for (const moment of ["online", "pageshow", "focus"]) addEventListener(moment, refresh);
document.addEventListener("visibilitychange", refresh);
if ("serviceWorker" in navigator) navigator.serviceWorker.register(board.dataset.worker).catch(() => null);
