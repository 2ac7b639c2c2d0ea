// How the screen looks and sounds for the person in front of it. Forgotten when they have gone, for the next one starts anew.

import { hasVoice, hush } from "./speech.js";

const FORGET_MS = 120_000;
const LOOKS = ["large", "contrast", "low"];
const chosen = { large: false, contrast: false, low: false, aloud: false, quiet: false };
let leaving = null;

export function choices() {
  return hasVoice() ? ["large", "contrast", "low", "aloud", "quiet"] : ["large", "contrast", "low", "quiet"];
}

export function is(name) {
  return chosen[name];
}

export function turn(name) {
  chosen[name] = !chosen[name];
  if (name === "aloud" && !chosen.aloud) hush();
  apply();
}

// Called with every touch: the settings stay while somebody is there.
export function stay(forgotten) {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    for (const name of Object.keys(chosen)) chosen[name] = false;
    hush();
    apply();
    forgotten();
  }, FORGET_MS);
}

function apply() {
  for (const name of LOOKS) document.documentElement.classList.toggle(name, chosen[name]);
}
