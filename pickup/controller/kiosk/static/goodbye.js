// The end of a visit: thanks, one more look, and for a shop the next order at once.

import { answers, button, el, heading, hint, svg } from "./elements.js";
import { alertOf } from "./idle.js";
import { say, sayCount } from "./words.js";

export function goodbye(visit, { actions, keypad, blocked, notice }) {
  return visit.purpose === "deposit" ? afterDeposit(visit, actions, keypad, blocked, notice) : afterCollection(visit, actions, notice);
}

function afterCollection(visit, actions, notice) {
  const all = visit.steps.every((step) => step.result === "taken");
  const opened = visit.steps.filter((step) => step.result === "taken" || step.result === "left");
  const look = opened.length > 1 ? actions.startForgotten : () => actions.reopen(opened[0].compartment);
  const story = el(
    "div",
    { class: "story" },
    all ? check() : null,
    heading(say(all ? "done_collect" : "done_left")),
    hint(say(all ? "done_collect_hint" : "done_left_hint")),
    alertOf(notice),
    answers([
      { text: say("leave"), kind: "go", act: actions.finish },
      opened.length ? { text: say("forgotten"), act: look } : null,
    ]),
  );
  return el("section", { class: "visit" }, story);
}

function afterDeposit(visit, actions, keypad, blocked, notice) {
  const done = visit.steps.some((step) => step.result === "deposited");
  const words = el(
    "div",
    { class: "welcome" },
    done ? check() : null,
    visit.orders_done ? el("p", { class: "count" }, sayCount("orders_done", visit.orders_done)) : null,
    heading(say(done ? "done_deposit" : "done_left")),
    hint(say("done_deposit_hint"), say("next_order")),
    alertOf(notice),
  );
  const ways = el(
    "div",
    { class: "answers" },
    button(say("leave"), "big go", actions.finish, { "data-enter": true }),
    done ? button(say("reopen"), "big", () => actions.reopen()) : null,
  );
  return el("section", { class: "idle" }, words, keypad.element({ blocked }), ways);
}

function check() {
  const shapes = [svg("circle", { cx: 12, cy: 12, r: 10 }), svg("path", { d: "M7.5 12.5 L11 16 L17 9" })];
  return svg("svg", { class: "check", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...shapes);
}
