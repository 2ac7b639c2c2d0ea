// What stands around every screen: whose bank it is, the languages, the help number, the way to display and sound.

import { button } from "./elements.js";
import { current, lasting, nameOf, say } from "./words.js";

export class Frame {
  constructor({ choose, openTools }) {
    this.choose = choose;
    this.time = document.querySelector("[data-time]");
    this.name = document.querySelector("[data-bank-name]");
    this.languages = document.querySelector("[data-languages]");
    this.help = document.querySelector("[data-help]");
    this.tools = document.querySelector("[data-tools]");
    this.simulator = document.querySelector("[data-simulator]");
    this.tools.addEventListener("click", openTools);
  }

  draw(state) {
    this.name.textContent = state.name;
    this.help.textContent = help(state);
    this.tools.textContent = say("tools");
    this.simulator.hidden = !state.simulator;
    this.simulator.textContent = say("simulator");
    const buttons = state.languages.map((name) =>
      button(nameOf(name), "language", () => this.choose(name), { lang: name, "aria-pressed": String(name === current()) }),
    );
    this.languages.replaceChildren(...buttons);
  }
}

function help({ help_phone, answer_minutes }) {
  if (!help_phone) return "";
  return answer_minutes ? say("help_answered", { time: lasting(answer_minutes) }) : say("help");
}
