// Keeps the screen in step with the bank: asks for its state, draws only what has changed.

import { act, enter, finish, look, Refusal } from "./bank.js";
import { forgotten, remarks } from "./collect.js";
import { drawCountdown } from "./countdown.js";
import { Frame } from "./frame.js";
import { goodbye } from "./goodbye.js";
import { listenToKeys } from "./keys.js";
import { busy, closed, idle } from "./idle.js";
import { Keypad } from "./keypad.js";
import { announce, missed, moved, refused } from "./notices.js";
import { serve, serviceScreen } from "./service.js";
import { stay, turn } from "./settings.js";
import { tools } from "./tools.js";
import { screen } from "./visit.js";
import { current, helpAt, load, reason, say, speak, waiting } from "./words.js";

const POLL_MS = 700;
const GOODBYE_MS = 20_000;
const place = document.querySelector("[data-screen]");
const keypad = new Keypad((pin) => attempt(() => enter(pin)));
const frame = new Frame({ choose, openTools });
let compartments = [];
let state = null;
let drawn = "";
let notice = "";
let view = {};
let goodbyeTimer = null;
let acting = false;

const atHand = () => ({ compartment: state.visit?.steps[state.visit.index]?.compartment ?? undefined });
const actions = {
  deposit: (answer) => attempt(() => act("/api/deposit", { answer, ...atHand() })),
  claim: () => attempt(() => act("/api/claim", atHand())),
  skip: () => attempt(() => act("/api/skip", atHand())),
  reopen: (door) => attempt(() => act("/api/reopen", typeof door === "string" ? { compartment: door } : {})),
  remark: (code) => attempt(() => act("/api/remark", { code, ...atHand() }), { remarked: true }),
  finish: () => attempt(finish),
  service: (name, body) => attempt(() => serve(name, body), view),
  finishService: () => attempt(() => finish("/api/service/finish")),
  startRemark: () => show({ remarking: true }),
  startForgotten: () => show({ forgetting: true }),
  chooseDoor: (door) => show({ door }),
  turn: (name) => {
    turn(name);
    drawn = "";
    draw();
  },
  show,
  back: () => show(view.tools ? { ...view, tools: false } : {}),
};

// One thing at a time: the second tap of two does nothing. `next` is what to show when it went well.
async function attempt(action, next = {}) {
  if (acting) return;
  acting = true;
  stay(forget);
  notice = "";
  try {
    await action();
    view = next;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notice = error.why === "stale" || error.seconds ? "" : explain(error.why);
    refused(error.why);
  } finally {
    acting = false;
    keypad.clear();
    await refresh();
  }
}

function explain(why) {
  const door = atHand().compartment ?? "";
  return why === "unknown" && state.offline ? reason("unknown_offline") : reason(why, { door });
}

function garbage() {
  keypad.clear();
  notice = reason("scanner");
  refused("scanner");
  draw();
}

function show(next) {
  stay(forget);
  view = next;
  draw();
}

function openTools() {
  show({ ...view, tools: !view.tools });
}

function forget() {
  notice = "";
  view = {};
  keypad.forget();
  if (!state?.visit) speak(state.languages[0]);
  drawn = "";
  draw();
}

async function refresh() {
  try {
    const before = state;
    state = await look("/api/state");
    if ((before?.visit && !state.visit) || (before?.service && !state.service)) view = {};
    moved(before, state);
    draw();
  } catch {
    missed();
    place.replaceChildren(closed("unreachable"));
    drawn = "";
  }
}

function draw() {
  const going = state.visit ?? state.service;
  if (drawCountdown(frame.time, going, () => attempt(() => act("/api/extend"), view))) moved(null, { warned: true });
  const visit = state.visit && { ...state.visit, seconds_left: null };
  const service = state.service && { ...state.service, seconds_left: null };
  const { pin, offline, ...rest } = state;
  const picture = JSON.stringify([{ ...rest, visit, service }, pin.channel, current(), view, notice]);
  if (picture === drawn) return drawWaiting();
  drawn = picture;
  if (visit && visit.index < visit.steps.length) keypad.forget();
  place.replaceChildren(shown(visit, service));
  place.querySelector("h1")?.focus({ preventScroll: true });
  frame.draw(state);
  plan(visit);
  announce(place, notice);
}

function shown(visit, service) {
  const blocked = state.pin.channel !== "open";
  const phone = state.help_phone;
  const lost = state.out_of_order === "lost";
  if (view.tools) return tools(actions);
  if (service) return serviceScreen(service, { compartments, lost, actions, view, notice });
  if (visit && view.remarking) return remarks(actions);
  if (visit && view.forgetting) return forgotten(visit, actions);
  if (visit && visit.index >= visit.steps.length) return goodbye(visit, { actions, keypad, blocked, notice });
  if (visit) return screen(visit, { compartments, phone, actions, view, notice });
  if (state.out_of_order) return closed(lost ? "memory_lost" : "memory_failed");
  return state.busy ? busy() : idle(state, keypad, notice);
}

function drawWaiting() {
  const waits = place.querySelector("[data-waiting]");
  if (waits) waits.textContent = waiting(state.pin.seconds);
}

function choose(name) {
  stay(forget);
  speak(name);
  frame.time.replaceChildren();
  notice = "";
  draw();
}

function plan(visit) {
  clearTimeout(goodbyeTimer);
  if (visit && visit.index >= visit.steps.length && !view.tools) goodbyeTimer = setTimeout(actions.finish, GOODBYE_MS);
}

listenToKeys({
  place,
  keypad,
  warning: () => !frame.time.hidden,
  touched: () => stay(forget),
  back: actions.back,
  nextLanguage: () => choose(state.languages[(state.languages.indexOf(current()) + 1) % state.languages.length]),
  openTools,
  present: (code) => attempt(() => enter(code), view),
  garbage,
});

await load();
const wall = await look("/api/wall");
compartments = wall.compartments;
helpAt(wall.help_phone);
state = await look("/api/state");
speak(state.languages[0]);
document.addEventListener("pointerdown", () => stay(forget));
draw();
setInterval(() => !acting && refresh(), POLL_MS);
