// Half a minute before a visit ends: says so (aloud once, not each second), and offers the full time again.

import { button, el } from "./elements.js";
import { say } from "./words.js";

const WARN_SECONDS = 30;

// Returns whether the warning has just begun.
export function drawCountdown(place, visit, extend) {
  const going = visit && (visit.steps ? visit.index < visit.steps.length : true);
  const seconds = going ? visit.seconds_left : Infinity;
  place.hidden = seconds > WARN_SECONDS;
  if (place.hidden) {
    place.replaceChildren();
    return false;
  }
  const text = say("time_left", { seconds });
  if (!place.firstChild) {
    place.replaceChildren(el("p", { role: "alert" }, text), button(say("more_time"), "big go", extend, { "data-more-time": true }));
    return true;
  }
  if (place.firstChild.textContent !== text) {
    place.firstChild.removeAttribute("role");
    place.firstChild.textContent = text;
  }
  return false;
}
