// The simulated wall, for the demo: shows every door, closes them, breaks them.

import { act, look } from "./bank.js";
import { button, el } from "./elements.js";
import { columns } from "./wall.js";

const POLL_MS = 1000;
const wall = document.querySelector("[data-wall]");
const zones = document.querySelector("[data-zones]");
const status = document.querySelector("[data-status]");
let drawn = "";

const FAULTS = {
  jam: "bloquée, jammed",
  cut: "capteur coupé, sensor cut",
  silent: "muette et morte, dead",
  mute: "s’ouvre sans répondre, opens without an answer",
  busy: "occupée, busy",
  flap: "capteur fou, sensor flaps",
};

function label(box) {
  const words = [box.open ? "ouverte, open" : "fermée, closed"];
  if (box.taken) words.push("réservée, taken");
  if (box.presence) words.push(`capteur intérieur, inside: ${box.presence}`);
  words.push(...box.faults.map((kind) => FAULTS[kind]));
  if (box.service !== "in_service") words.push("hors service, out of service");
  return words;
}

function door(box) {
  const marks = [...["open", "taken"].filter((name) => box[name]), ...(box.faults.length ? ["faulty"] : [])].join(" ");
  const kind = `door size-${box.size} ${box.temperature} ${marks}`;
  return button("", kind, () => touch(box.id), { "data-door": box.id });
}

function fill(box) {
  const element = door(box);
  element.append(el("b", {}, box.id), ...label(box).map((text) => el("small", {}, text)));
  return element;
}

async function touch(id) {
  const tool = document.querySelector("input[name=tool]:checked").value;
  if (tool === "close" || tool === "force") await act(`/api/simulator/${tool}`, { compartment: id });
  else await act("/api/simulator/fault", { compartment: id, kind: tool });
  status.textContent = `${id} : ${tool}`;
  await refresh();
}

async function warm(zone, input) {
  const c = input.value === "" ? null : Number(input.value);
  await act("/api/simulator/temperature", { zone, c });
  status.textContent = `${zone} : ${c ?? "…"} °C`;
}

function thermometer(zone, degrees) {
  const input = el("input", { type: "number", step: "0.5", min: "-40", max: "40", value: degrees });
  input.addEventListener("change", () => warm(zone, input));
  const label = el("label", {}, `${zone} `);
  label.append(input);
  return label;
}

async function refresh() {
  const state = await look("/api/simulator");
  if (!zones.childElementCount) {
    zones.append(...Object.entries(state.temperatures).map(([zone, degrees]) => thermometer(zone, degrees)));
  }
  const picture = JSON.stringify(state);
  if (picture === drawn) return;
  drawn = picture;
  document.querySelector("[data-name]").textContent = state.name;
  const focused = document.activeElement?.dataset.door;
  wall.replaceChildren(
    ...columns(state.compartments).map((column) => el("div", { class: "column" }, ...column.boxes.map(fill))),
  );
  if (focused) wall.querySelector(`[data-door="${CSS.escape(focused)}"]`)?.focus();
}

await refresh();
setInterval(() => refresh().catch(() => (status.textContent = "…")), POLL_MS);
