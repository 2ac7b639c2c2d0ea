// A resident takes goods out, door after door: the answers, and what can be wrong.

import { answers, el, heading } from "./elements.js";
import { say } from "./words.js";

const REMARKS = ["missing", "damaged", "wrong", "not_empty"];

export function collectHints(step, values, view) {
  if (view.remarked) return [say("remark_sent")];
  if (step.reopened) return [say("reopened_hint")];
  return [say(`collect_${step.door}_hint`, values)];
}

export function collectAnswers(visit, step, actions, view) {
  const last = visit.index === visit.steps.length - 1;
  const onwards = last ? { text: say("leave"), act: actions.finish } : { text: say("next_door"), act: actions.skip };
  if (step.door === "stuck") return [{ text: say("try_again"), kind: "go", act: actions.reopen }, onwards];
  if (step.door !== "open" && step.door !== "closed") return [];
  return [
    { text: say("claim"), kind: "go", act: actions.claim },
    step.door === "closed" ? { text: say("reopen"), act: actions.reopen } : null,
    view.remarked || step.reopened ? onwards : { text: say("something_wrong"), act: actions.startRemark },
  ];
}

export function remarks(actions) {
  const choices = REMARKS.map((code) => ({ text: say(`remark_${code}`), act: () => actions.remark(code) }));
  return chooser(say("remark_title"), choices, actions);
}

export function forgotten(visit, actions) {
  const doors = visit.steps.map((step) => step.compartment).filter(Boolean);
  const choices = doors.map((door) => ({ text: say("door", { door }), act: () => actions.reopen(door) }));
  return chooser(say("forgotten_title"), choices, actions);
}

function chooser(title, choices, actions) {
  const back = { text: say("back"), kind: "quiet", act: actions.back };
  const story = el("div", { class: "story" }, heading(title), answers([...choices, back]));
  return el("section", { class: "visit" }, story);
}
