// Half a minute before a visit ends: says so (aloud once, not each second), and offers the full time again.

import { button, el } from "./elements.js";
import { say } from "./words.js";

const WARN_SECONDS = 30;

export function drawCountdown(place, visit, extend) {
  const seconds = visit && visit.index < visit.steps.length ? visit.seconds_left : Infinity;
  place.hidden = seconds > WARN_SECONDS;
  if (place.hidden) place.replaceChildren();
  else if (!place.firstChild) {
    const sentence = el("p", { role: "alert" }, say("time_left", { seconds }));
    place.replaceChildren(sentence, button(say("more_time"), "big go", extend));
  } else if (place.firstChild.textContent !== say("time_left", { seconds })) {
    place.firstChild.removeAttribute("role");
    place.firstChild.textContent = say("time_left", { seconds });
  }
}
