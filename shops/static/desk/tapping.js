// A tap shows what it does at once; what waits, and what was refused afterwards, stands above the board in words.

import * as taps from "./taps.js";

const panel = document.querySelector("[data-taps]");
const part = (name) => panel.querySelector(`[data-taps-${name}]`);
const board = document.querySelector("[data-board]");
const NEXT_COLUMN = { accept: "preparing", ready: "deposit" };

/** The orders (pk, number) that a form is about: its own, or all that it names. */
function ordersOf(form) {
  const named = [...form.querySelectorAll('input[name="order"]')].map((field) => field.value);
  if (!named.length) named.push(form.closest("[data-order]").dataset.order);
  return named.map((pk) => ({ pk, number: document.querySelector(`[data-order="${pk}"]`)?.dataset.number ?? pk }));
}

/** Of the tap as it is kept: a new form field would not be sent twice the same. */
function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  taps.add({ deed: form.dataset.tap, address: form.getAttribute("action"), fields, orders: ordersOf(form) });
}

/** A new card gets the form of the next step, so that packing can go on without network. */
function nextStep(card, deed) {
  const step = card.querySelector("[data-step]");
  step.replaceChildren();
  if (deed !== "accept") return;
  const own = card.querySelector("template[data-pack]"); // of goods that are weighed
  step.append((own ?? document.querySelector("[data-pack-usual]")).content.cloneNode(true));
  if (own) return;
  const form = step.querySelector("form");
  form.setAttribute("action", form.getAttribute("action").replace("/0/", `/${card.dataset.order}/`));
  form.querySelectorAll("[id], [for]").forEach((each) => {
    for (const name of ["id", "for"]) if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(/0$/, card.dataset.order));
  });
}

function count() {
  const unanswered = board.querySelector("[data-unanswered]");
  for (const column of board.querySelectorAll(".desk-column")) {
    const shown = column.querySelectorAll("[data-order]").length + Number(column.dataset.hidden);
    board.querySelectorAll(`[data-count="${column.id}"]`).forEach((each) => { each.textContent = shown; });
    if (column.id === "new") unanswered.dataset.unanswered = shown;
    const all = column.querySelector(':scope > form[data-tap="accept"]');
    if (all && column.querySelectorAll("[data-order]").length < 2) all.remove();
  }
}

/** Show on the board what the tap will have done; nothing where the server's board says so already. */
function apply(tap) {
  for (const { pk } of tap.orders) {
    const card = board.querySelector(`[data-order="${pk}"]`);
    const from = tap.deed === "ready" ? "preparing" : "new";
    if (!card || card.closest(".desk-column").id !== from) continue;
    nextStep(card, tap.deed);
    card.querySelectorAll(".desk-sending").forEach((each) => each.remove());
    const words = document.createElement("p");
    words.className = "desk-sending small";
    words.textContent = `${panel.dataset[tap.deed]} · ${panel.dataset.sending}`;
    card.querySelector("[data-step]").before(words);
    board.querySelectorAll(`form[data-tap="accept"] > input[value="${pk}"]`).forEach((each) => each.remove());
    const column = document.getElementById(NEXT_COLUMN[tap.deed] ?? from);
    if (column.id !== from) column.querySelector("h2").after(card);
    column.querySelector(":scope > p.soft")?.remove();
  }
  count();
}

/** Show the effect of every tap that still waits; after each fresh board. */
export const applyAll = () => taps.waiting().forEach(apply);

function refusal(tap) {
  const item = document.createElement("li");
  const text = tap.gone ? panel.dataset.gone.replace("NUMBER", tap.orders.map((each) => each.number).join(", ")) : tap.words;
  item.textContent = text;
  return item;
}

function show() {
  const [waiting, refused] = [taps.waiting(), taps.refused()];
  const slow = waiting.filter((tap) => Date.now() - tap.at > taps.SLOW_MS);
  const words = slow.length === 1 ? panel.dataset.one : panel.dataset.many.replace("NUMBER", slow.length);
  const lines = slow.length ? [words, panel.dataset.safe] : [];
  if (taps.others().length) lines.push(panel.dataset.others);
  if (part("waiting").textContent !== lines.join(" ")) part("waiting").textContent = lines.join(" ");
  part("login").hidden = !(taps.mustSignIn() && waiting.length);
  part("refused").replaceChildren(...refused.map(refusal));
  part("seen").hidden = refused.length === 0;
  panel.classList.toggle("notice-error", refused.length > 0);
  panel.hidden = !(lines.length || refused.length);
}

/** Take over the forms of the board; `refresh` brings the server's board after each answer. */
export function begin(refresh) {
  taps.onChange((outcome) => {
    show();
    if (outcome) refresh();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-tap]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const heading = form.closest("[data-order]")?.querySelector("h3 a");
    keep(form);
    applyAll();
    heading?.focus({ preventScroll: true });
    setTimeout(show, taps.SLOW_MS + 50);
  });
  part("seen").addEventListener("click", taps.forgetRefused);
  taps.begin(panel.dataset.taps, board.dataset.desk);
  applyAll();
  show();
}
