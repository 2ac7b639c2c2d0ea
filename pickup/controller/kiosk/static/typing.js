// Keys: digits of a keypad, and whole codes of a scanner, which types much faster than people do.

import { codeOf, digitOf } from "./layouts.js";

const PERSON_MS = 80; // a key that follows sooner comes from a scanner
const SCAN_PAUSE_MS = 1000;
const SCAN_END_MS = 400; // a scanner that sends no Enter has ended
const LEAST_CODE = 100;
const LEAST_SCAN = 9;
const LONGEST = 400;

export function listen({ digit, erase, enter, star, hash, scanned, garbage, pasted }) {
  let keys = [];
  let last = 0;
  let pressing = null;
  let ending = null;

  const begins = () => keys[0]?.code === "KeyL" || keys[0]?.key.toUpperCase() === "L";
  const isScan = () => (begins() && keys.length > 3) || keys.length >= LEAST_SCAN;

  function take() {
    clearTimeout(ending);
    const code = codeOf(keys);
    keys = [];
    if (code) scanned(code);
    else garbage();
  }

  function press(action) {
    pressing = setTimeout(() => action(), PERSON_MS);
  }

  function note(event, now) {
    const pause = begins() ? SCAN_PAUSE_MS : PERSON_MS;
    if (now - last > pause) keys = [];
    if (keys.length < LONGEST) keys.push({ key: event.key, code: event.code, shift: event.shiftKey });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const now = performance.now();
    const fast = now - last < PERSON_MS;
    clearTimeout(ending);
    if (event.key === "Enter") {
      last = now;
      if (fast) clearTimeout(pressing);
      if (isScan()) {
        event.preventDefault();
        return take();
      }
      keys = [];
      if (enter()) event.preventDefault();
      return;
    }
    if (event.key === "Backspace") return erase();
    const number = "*#".includes(event.key) ? null : digitOf(event);
    if (event.key.length !== 1 && number === null) return;
    note(event, now);
    last = now;
    if (fast) clearTimeout(pressing);
    if (begins() || (number === null && fast)) {
      event.preventDefault();
      if (keys.length >= LEAST_CODE) ending = setTimeout(take, SCAN_END_MS);
    } else if (number !== null) digit(number, press);
    else if (event.key === "*") press(star);
    else if (event.key === "#") press(hash);
  });

  document.addEventListener("paste", (event) => {
    event.preventDefault();
    pasted((event.clipboardData?.getData("text") ?? "").slice(0, LONGEST + 1).trim());
  });
}
