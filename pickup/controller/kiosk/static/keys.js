// What the keys of a keypad do on each screen, so that nobody has to touch the glass: digits type the code or give the
// answer of that number, * changes the language, # opens display and sound, Backspace goes back.

import { listen } from "./typing.js";

const PIN = /^[0-9]{1,8}$/;

export function listenToKeys({ place, keypad, warning, touched, back, nextLanguage, openTools, present, garbage }) {
  const typable = () => place.querySelector(".keypad") !== null;
  const press = (selector) => document.querySelector(selector)?.click();
  const onButton = () => document.activeElement?.tagName === "BUTTON";

  // Enter where no button has the focus: more time when that is asked, the typed code, or "finish" after a deposit.
  function enter() {
    if (onButton()) return typable() && keypad.send();
    if (warning()) press("[data-more-time]");
    else if (typable() && !keypad.send() && !keypad.pin) press("[data-enter]");
    return true;
  }

  listen({
    digit(digit, later) {
      touched();
      if (typable()) keypad.press(digit);
      else later(() => press(`[data-key="${digit}"]`));
    },
    erase: () => (typable() ? keypad.erase() : back()),
    enter,
    star: nextLanguage,
    hash: openTools,
    scanned: present,
    garbage,
    pasted(text) {
      const digits = text.replace(/\s/g, "");
      if (PIN.test(digits) && typable()) keypad.fill(digits);
      else if (text.startsWith("L1:")) present(text);
    },
  });
}
