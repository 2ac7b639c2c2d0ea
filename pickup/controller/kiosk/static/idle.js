// The first screen: two ways to open a door. And the screens on which nobody can.

import { el, heading, hint, svg } from "./elements.js";
import { say, waiting } from "./words.js";

export function idle(state, keypad, notice) {
  const blocked = state.pin.channel !== "open";
  const open = state.left_open.length ? say("left_open", { doors: state.left_open.join(", ") }) : null;
  return el(
    "section",
    { class: "idle" },
    el(
      "div",
      { class: "welcome" },
      heading(say("enter_title")),
      hint(say("enter_hint")),
      state.blind ? warning(say("trouble_doors"), say("trouble_doors_hint")) : null,
      open ? warning(open) : null,
      blocked ? alertOf(waiting(state.pin.seconds), "data-waiting") : alertOf(notice),
    ),
    keypad.element({ blocked }),
    scanWay(),
  );
}

export function closed(key) {
  return el("section", { class: "visit" }, el("div", { class: "story" }, heading(say(key), "stop"), hint(say(`${key}_hint`))));
}

export function busy() {
  return el("section", { class: "visit" }, el("div", { class: "story" }, heading(say("busy"))));
}

export function alertOf(text, mark = "data-notice") {
  return text ? el("p", { class: "notice", [mark]: true }, text) : null;
}

function warning(...sentences) {
  return el("div", { class: "notice" }, ...sentences.map((text) => el("p", {}, text)));
}

function scanWay() {
  const words = el("div", {}, el("h2", {}, say("scan_title")), el("p", {}, say("scan_hint")));
  return el("div", { class: "scan" }, picture(), words);
}

// A phone with a square code, held before a beam of light.
function picture() {
  const squares = ["3 3", "9 3", "3 9", "7 7", "9 10", "11 8"].map((place) => {
    const [x, y] = place.split(" ");
    return svg("rect", { x: Number(x) + 3, y: Number(y) + 6, width: 2.4, height: 2.4 });
  });
  return svg(
    "svg",
    { class: "scan-picture", viewBox: "0 0 34 28", "aria-hidden": "true" },
    svg("rect", { class: "phone", x: 3, y: 2, width: 17, height: 24, rx: 2 }),
    ...squares,
    svg("path", { class: "beam", d: "M32 14 L22 6 M32 14 L22 22 M32 14 L22 14" }),
  );
}

