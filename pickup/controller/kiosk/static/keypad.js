// The first screen: eight digits on big keys, in two groups of four: dots for who looks over a shoulder, digits on request.

import { button, el } from "./elements.js";
import { say } from "./words.js";

const LENGTH = 8;
const GONE_MS = 30_000;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export class Keypad {
  constructor(submit) {
    this.submit = submit;
    this.pin = "";
    this.legible = false;
  }

  press(digit) {
    if (this.blocked) return;
    if (this.pin.length < LENGTH) this.pin += digit;
    this.touched();
  }

  fill(digits) {
    if (this.blocked) return;
    this.pin = digits.slice(0, LENGTH);
    this.touched();
  }

  erase() {
    this.pin = this.pin.slice(0, -1);
    this.touched();
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
    this.open = button(say("ok"), "key word go", () => this.send());
    const keys = KEYS.map((digit) => this.key(digit));
    const erase = button(say("delete"), "key word", () => this.erase(), { disabled: blocked });
    this.look = button("", "quiet", () => this.turn(), { hidden: blocked });
    const pad = el("div", { class: "keypad" }, ...keys, erase, this.key("0"), this.open);
    this.show();
    return el("div", { class: "entry" }, this.display, this.look, pad);
  }

  key(digit) {
    const name = say("key", { digit });
    return button(digit, "key", () => this.press(digit), { "aria-label": name, disabled: this.blocked });
  }

  turn() {
    this.legible = !this.legible;
    this.touched();
  }

  touched() {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.forget(), GONE_MS);
    this.show();
  }

  forget() {
    this.legible = false;
    this.clear();
  }

  place(digit) {
    const kind = digit === undefined ? "dot" : this.legible ? "digit" : "dot full";
    return el("span", { class: kind, "aria-hidden": "true" }, kind === "digit" ? digit : null);
  }

  show() {
    if (!this.display) return;
    const dots = Array.from({ length: LENGTH }, (_, place) => this.place(this.pin[place]));
    const spoken = el("span", { class: "spoken" }, say("digits", { count: this.pin.length }));
    this.display.replaceChildren(spoken, ...dots);
    this.look.textContent = say(this.legible ? "hide_digits" : "show_digits");
    this.open.disabled = this.blocked || this.pin.length < LENGTH;
  }
}
