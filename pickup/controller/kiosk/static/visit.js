// The screens of a visit: what the door does, where it is, and the answers a person can give.

import { depositAnswers, depositHints, depositLabel } from "./deposit.js";
import { collectAnswers, collectHints } from "./collect.js";
import { answers, el, heading, hint } from "./elements.js";
import { alertOf } from "./idle.js";
import { placeOf } from "./place.js";
import { draw } from "./wall.js";
import { say, timeOf } from "./words.js";

export function screen(visit, { compartments, phone, actions, view, notice }) {
  const step = visit.steps[visit.index];
  const deposit = visit.purpose === "deposit";
  const values = { door: step.compartment ?? "", old: [...step.carry_from, ...step.beside].join(", ") };
  const key = step.door === "waiting" ? "opening" : step.door;
  const choices = deposit ? depositAnswers(step, actions, values) : collectAnswers(visit, step, actions, view);
  const story = el(
    "div",
    { class: `story is-${key}` },
    deposit ? depositLabel(visit) : null,
    visit.steps.length > 1 ? count(visit, step) : null,
    heading(say(key, values), `door-${key}`),
    step.compartment ? el("p", { class: "place" }, placeOf(compartments, step.compartment)) : null,
    hint(...hints(visit, step, values, view, phone)),
    alertOf(notice),
    answers(choices),
  );
  return el("section", { class: "visit" }, story, step.compartment ? wall(compartments, step, values) : null);
}

function wall(compartments, step, values) {
  const beside = [...step.carry_from, ...step.beside];
  return draw(compartments, { marked: [step.compartment], beside, label: say("wall", values) });
}

function count(visit, step) {
  const text = say("step", { number: visit.index + 1, total: visit.steps.length });
  return el("p", { class: "count" }, step.temperature === "frozen" ? `${text} · ${say("step_frozen")}` : text);
}

function hints(visit, step, values, view, phone) {
  if (step.door === "stuck") return [say("stuck_hint"), help(step, phone)];
  if (step.door === "no_room") return [say(step.low ? "no_low_room_hint" : "no_room_hint")];
  if (step.door !== "open" && step.door !== "closed") return [];
  const left = step.left_open ? [say("left_open_hint", values)] : [];
  return [...left, ...(visit.purpose === "deposit" ? depositHints(step, values) : collectHints(step, values, view))];
}

function help(step, phone) {
  if (!phone) return say("stuck_alone");
  return step.answer_by ? say("stuck_answer", { time: timeOf(step.answer_by) }) : say("stuck_phone");
}
