// The screens of a visit: what the door does, and the answers a person can give.

import { button, el } from "./elements.js";
import { draw } from "./wall.js";
import { say } from "./words.js";

const REMARKS = ["missing", "damaged", "wrong", "not_empty"];

export function screen(visit, compartments, actions, view) {
  const step = visit.steps[visit.index];
  if (!step) return goodbye(visit, actions);
  if (view.remarking) return remarks(actions);
  const values = { door: step.compartment ?? "", old: step.carry_from[0] ?? "" };
  const names = [step.compartment, step.carry_from[0]].filter(Boolean);
  const answers = visit.purpose === "deposit" ? depositAnswers(step, actions) : collectAnswers(visit, step, actions, view);
  return el(
    "section",
    { class: "visit" },
    el(
      "div",
      { class: "story" },
      visit.steps.length > 1 ? count(visit) : null,
      el("h1", { tabindex: "-1", class: `door-${step.door}` }, say(step.door === "waiting" ? "opening" : step.door, values)),
      el("p", { class: "hint" }, hint(visit, step, values, view)),
      el("div", { class: "answers" }, ...answers),
    ),
    names.length ? draw(compartments, { marked: names, label: say("wall", values) }) : null,
  );
}

function count(visit) {
  return el("p", { class: "count" }, say("step", { number: visit.index + 1, total: visit.steps.length }));
}

function hint(visit, step, values, view) {
  if (step.door === "stuck") return say("stuck_hint");
  if (step.door === "no_room") return say("no_room_hint");
  if (step.door !== "open" && step.door !== "closed") return "";
  if (view.remarked) return say("remark_sent");
  if (step.carry_from[0]) return say("deposit_moved_hint", values);
  return say(`${visit.purpose}_${step.door}_hint`, values);
}

function depositAnswers(step, actions) {
  if (step.door === "open" || step.door === "closed") {
    return [
      button(say("deposited"), "big go", () => actions.deposit("deposited")),
      button(say("larger"), "big", () => actions.deposit("larger")),
      button(say("declined"), "big", () => actions.deposit("declined")),
      step.door === "closed" ? button(say("reopen"), "big", actions.reopen) : null,
    ];
  }
  if (step.door === "stuck") {
    return [
      button(say("try_again"), "big go", actions.reopen),
      button(say("declined"), "big", () => actions.deposit("declined")),
    ];
  }
  return step.door === "no_room" ? [button(say("declined"), "big go", () => actions.deposit("declined"))] : [];
}

function collectAnswers(visit, step, actions, view) {
  const last = visit.index === visit.steps.length - 1;
  const onwards = last ? button(say("leave"), "big", actions.finish) : button(say("next_door"), "big", actions.skip);
  if (step.door === "stuck") return [button(say("try_again"), "big go", actions.reopen), onwards];
  if (step.door !== "open" && step.door !== "closed") return [];
  return [
    button(say("claim"), "big go", actions.claim),
    step.door === "closed" ? button(say("reopen"), "big", actions.reopen) : null,
    view.remarked || step.reopened ? onwards : button(say("something_wrong"), "big", actions.startRemark),
  ];
}

function remarks(actions) {
  const choices = REMARKS.map((code) => button(say(`remark_${code}`), "big", () => actions.remark(code)));
  return el(
    "section",
    { class: "visit" },
    el(
      "div",
      { class: "story" },
      el("h1", { tabindex: "-1" }, say("remark_title")),
      el("div", { class: "answers" }, ...choices, button(say("back"), "big quiet", actions.stopRemark)),
    ),
  );
}

function goodbye(visit, actions) {
  const results = visit.steps.map((step) => step.result);
  const whole = results.every((result) => result === "taken" || result === "deposited");
  const key = whole ? `done_${visit.purpose}` : "done_left";
  return el(
    "section",
    { class: "visit" },
    el(
      "div",
      { class: "story" },
      el("h1", { tabindex: "-1" }, say(key)),
      el("p", { class: "hint" }, say(visit.purpose === "deposit" ? "done_deposit_hint" : `${key}_hint`)),
      el(
        "div",
        { class: "answers" },
        button(say("leave"), "big go", actions.finish),
        whole ? button(say("reopen"), "big", actions.reopen) : null,
      ),
    ),
  );
}
