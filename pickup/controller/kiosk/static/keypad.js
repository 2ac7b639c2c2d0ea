// The first screen: eight digits on big keys, shown as dots in two groups of four.

import { button, el } from "./elements.js";
import { say } from "./words.js";

const LENGTH = 8;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export class Keypad {
  constructor(submit) {
    this.submit = submit;
    this.pin = "";
  }

  press(digit) {
    if (this.pin.length < LENGTH) this.pin += digit;
    this.show();
  }

  erase() {
    this.pin = this.pin.slice(0, -1);
    this.show();
  }

  clear() {
    this.pin = "";
    this.show();
  }

  send() {
    const ready = this.pin.length === LENGTH && !this.blocked;
    if (ready) this.submit(this.pin);
    return ready;
  }

  element({ blocked }) {
    this.blocked = blocked;
    this.display = el("p", { class: "code", role: "status" });
    this.open = button(say("ok"), "key go", () => this.send());
    const keys = KEYS.map((digit) => this.key(digit));
    const erase = button("⌫", "key quiet", () => this.erase(), { "aria-label": say("delete"), disabled: blocked });
    const pad = el("div", { class: "keypad" }, ...keys, erase, this.key("0"), this.open);
    this.show();
    return el("div", { class: "entry" }, this.display, pad);
  }

  key(digit) {
    const name = say("key", { digit });
    return button(digit, "key", () => this.press(digit), { "aria-label": name, disabled: this.blocked });
  }

  show() {
    if (!this.display) return;
    const dots = Array.from({ length: LENGTH }, (_, place) =>
      el("span", { class: place < this.pin.length ? "dot full" : "dot", "aria-hidden": "true" }),
    );
    const spoken = el("span", { class: "spoken" }, say("digits", { count: this.pin.length }));
    this.display.replaceChildren(spoken, ...dots);
    this.open.disabled = this.blocked || this.pin.length < LENGTH;
  }
}
