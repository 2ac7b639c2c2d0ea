// Keeps the screen in step with the bank: asks for its state, draws only what has changed.

import { act, enter, finish, look, Refusal } from "./bank.js";
import { drawCountdown } from "./countdown.js";
import { button, el } from "./elements.js";
import { Keypad } from "./keypad.js";
import { listen } from "./typing.js";
import { screen } from "./visit.js";
import { current, load, nameOf, reason, say, speak, waiting } from "./words.js";

const POLL_MS = 700;
const GOODBYE_MS = 20_000;
const parts = Object.fromEntries(
  ["screen", "time", "spoken", "help", "languages", "bank-name", "simulator"].map((name) => [
    name,
    document.querySelector(`[data-${name}]`),
  ]),
);
const keypad = new Keypad((pin) => attempt(() => enter(pin)));
let compartments = [];
let state = null;
let drawn = "";
let notice = "";
let view = {};
let goodbyeTimer = null;

const actions = {
  deposit: (answer) => attempt(() => act("/api/deposit", { answer })),
  claim: () => attempt(() => act("/api/claim")),
  skip: () => attempt(() => act("/api/skip")),
  reopen: () => attempt(() => act("/api/reopen")),
  finish: () => attempt(finish),
  startRemark: () => show({ remarking: true }),
  stopRemark: () => show({}),
  remark: (code) => attempt(() => act("/api/remark", { code })).then(() => show({ remarked: true })),
};

async function attempt(action) {
  notice = "";
  view = {};
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notice = error.seconds ? "" : reason(error.why);
  } finally {
    keypad.clear();
    await refresh();
  }
}

function show(next) {
  view = next;
  draw();
}

async function refresh() {
  try {
    const before = state;
    state = await look("/api/state");
    if (before?.visit && !state.visit) speak(state.languages[0]);
    draw();
  } catch {
    parts.screen.replaceChildren(el("h1", { tabindex: "-1" }, say("unreachable")));
    parts.spoken.textContent = say("unreachable");
    drawn = "";
  }
}

function draw() {
  drawCountdown(parts.time, state.visit, () => attempt(() => act("/api/extend")));
  const visit = state.visit && { ...state.visit, seconds_left: null };
  const picture = JSON.stringify([visit, state.busy, state.pin.channel, current(), view, notice]);
  if (picture === drawn) return drawWaiting();
  drawn = picture;
  if (visit) keypad.forget();
  else view = {};
  const shown = visit ? [screen(visit, compartments, actions, view), alertOf(notice)] : idle();
  parts.screen.replaceChildren(...shown.filter(Boolean));
  parts.screen.querySelector("h1")?.focus();
  parts.spoken.textContent = notice;
  drawFrame();
  plan(visit);
}

function idle() {
  const blocked = state.pin.channel !== "open";
  const title = el("h1", { tabindex: "-1" }, say("enter_title"));
  if (state.busy) return [el("section", { class: "visit" }, el("h1", { tabindex: "-1" }, say("busy")))];
  const message = blocked ? alertOf(waiting(state.pin.seconds), "data-waiting") : alertOf(notice);
  return [
    el(
      "section",
      { class: "idle" },
      el("div", { class: "welcome" }, title, el("p", { class: "hint" }, say("enter_hint")), message),
      keypad.element({ blocked }),
    ),
  ];
}

function alertOf(text, mark = "data-notice") {
  return text ? el("p", { class: "notice", [mark]: true }, text) : null;
}

function drawWaiting() {
  const place = parts.screen.querySelector("[data-waiting]");
  if (place) place.textContent = waiting(state.pin.seconds);
}

function drawFrame() {
  parts["bank-name"].textContent = state.name;
  parts.help.textContent = state.help_phone ? say("help", { phone: state.help_phone }) : "";
  parts.simulator.hidden = !state.simulator;
  parts.simulator.textContent = say("simulator");
  const buttons = state.languages.map((name) =>
    button(nameOf(name), "language", () => choose(name), { lang: name, "aria-pressed": String(name === current()) }),
  );
  parts.languages.replaceChildren(...buttons);
}

function choose(name) {
  speak(name);
  parts.time.replaceChildren();
  notice = "";
  draw();
}

function plan(visit) {
  clearTimeout(goodbyeTimer);
  if (visit && visit.index >= visit.steps.length) goodbyeTimer = setTimeout(actions.finish, GOODBYE_MS);
}

listen({
  digit: (digit) => !state?.visit && keypad.press(digit),
  erase: () => keypad.erase(),
  submit: () => !state?.visit && keypad.send(),
  scanned: (code) => attempt(() => enter(code)),
});
await load();
compartments = (await look("/api/wall")).compartments;
state = await look("/api/state");
speak(state.languages[0]);
draw();
setInterval(refresh, POLL_MS);
