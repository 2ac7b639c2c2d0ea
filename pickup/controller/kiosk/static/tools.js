// How the screen looks and sounds: large switches, also by the keys 1 to 5.

import { answers, el, heading, hint } from "./elements.js";
import { choices, is } from "./settings.js";
import { say } from "./words.js";

export function tools(actions) {
  const switches = choices().map((name) => ({
    text: say("tool_state", { name: say(`tool_${name}`), state: say(is(name) ? "tool_on" : "tool_off") }),
    act: () => actions.turn(name),
    pressed: String(is(name)),
  }));
  const story = el(
    "div",
    { class: "story" },
    heading(say("tools")),
    hint(say("tools_hint")),
    answers([...switches, { text: say("back"), kind: "go", act: actions.back }]),
  );
  return el("section", { class: "visit" }, story);
}
