// The wall for somebody with a service token: every door with its state, one open at a time.

import { act } from "./bank.js";
import { answers, button, el, heading, hint } from "./elements.js";
import { alertOf } from "./idle.js";
import { placeOf } from "./place.js";
import { draw } from "./wall.js";
import { knows, say } from "./words.js";

export function serviceScreen(service, { compartments, lost, actions, view, notice }) {
  const chosen = service.doors.find((door) => door.compartment === view.door) ?? (service.one_leg ? service.doors[0] : null);
  return chosen ? doorScreen(chosen, service, compartments, actions, notice) : overview(service, lost, actions, view, notice);
}

function overview(service, lost, actions, view, notice) {
  const doors = service.doors.map((door) =>
    el(
      "button",
      { type: "button", class: `service-door ${door.svc} ${door.door}`, onclick: () => actions.chooseDoor(door.compartment) },
      el("b", {}, door.compartment),
      el("span", {}, stateOf(door).join(" · ")),
    ),
  );
  return el(
    "section",
    { class: "service" },
    heading(say("service_title")),
    hint(say("service_hint"), view.raised ? say("service_budget_done") : null),
    alertOf(notice),
    el("div", { class: "service-doors" }, ...doors),
    el(
      "div",
      { class: "answers" },
      button(say("leave"), "big go", actions.finishService),
      lost ? button(say("service_accept"), "big", () => actions.service("accept")) : null,
      button(say("service_budget"), "big", () => actions.service("budget").then(() => actions.show({ raised: true }))),
    ),
  );
}

function doorScreen(door, service, compartments, actions, notice) {
  const { compartment } = door;
  const send = (name, more = {}) => () => actions.service(name, { compartment, ...more });
  const choices = [
    service.one_leg ? null : { text: say("service_look"), kind: "go", act: send("open", { purpose: "service" }) },
    door.occupied ? { text: say("service_clear"), kind: service.one_leg ? "go" : "", act: send("open", { purpose: "clear" }) } : null,
    door.occupied && door.door === "unknown" ? { text: say("service_cleared"), act: send("cleared") } : null,
    door.inspectable ? { text: say("service_inspected"), act: send("inspected") } : null,
    service.one_leg || door.svc !== "in_service" ? null : { text: say("service_take_out"), act: send("take_out") },
    service.one_leg
      ? { text: say("leave"), act: actions.finishService }
      : { text: say("back"), kind: "quiet", act: actions.back },
  ];
  const story = el(
    "div",
    { class: "story" },
    heading(say("door", { door: compartment })),
    el("p", { class: "place" }, placeOf(compartments, compartment)),
    hint(service.one_leg ? say("service_one_hint") : null, stateOf(door).join(" · ")),
    alertOf(notice),
    answers(choices),
  );
  const drawing = draw(compartments, { marked: [compartment], label: say("wall", { door: compartment }) });
  return el("section", { class: "visit" }, story, drawing);
}

function stateOf(door) {
  const cause = door.why && knows(`cause_${door.why}`) ? say(`cause_${door.why}`) : door.why;
  return [
    say(`sensor_${door.door}`),
    door.svc === "in_service" ? null : [say(`svc_${door.svc}`), cause].filter(Boolean).join(" : "),
    say(door.occupied ? "service_occupied" : "service_free"),
    door.opening ? say("service_opening") : null,
    door.stuck ? say("service_stuck") : null,
    door.inspectable ? say("service_inspectable") : null,
  ].filter(Boolean);
}

export function serve(name, body) {
  return act(`/api/service/${name}`, body);
}
