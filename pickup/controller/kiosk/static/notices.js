// What is heard of what happens: tones, and the screen read aloud when somebody wants it. Nothing is said by sound alone.

import { is } from "./settings.js";
import { cue } from "./sound.js";
import { read } from "./speech.js";
import { say } from "./words.js";

const REMIND_MS = 10_000;
const GOOD = ["taken", "deposited"];
const spoken = document.querySelector("[data-spoken]");
let reminded = 0;

function sound(name) {
  if (!is("quiet")) cue(name);
}

export function refused(why) {
  if (why === "right_bag") sound("good");
  else if (why !== "stale") sound("refused");
}

export function missed() {
  spoken.textContent = say("unreachable");
}

// Compare what was with what is now, and let it be heard.
export function moved(before, now) {
  if (now.warned) return sound("reminder");
  if (now.visit) {
    const step = now.visit.steps[now.visit.index];
    const was = before?.visit?.steps[before.visit.index];
    if (!step && was) sound(now.visit.steps.every((each) => GOOD.includes(each.result)) ? "good" : "open");
    else if (step && step.door !== (was?.compartment === step.compartment ? was?.door : null)) doorMoved(step);
  }
  const open = now.left_open?.length || now.visit?.steps.some((step) => step.left_open);
  if (open && performance.now() - reminded > REMIND_MS) {
    reminded = performance.now();
    sound("reminder");
  }
}

function doorMoved({ door }) {
  if (door === "open") sound("open");
  if (door === "stuck" || door === "no_room") sound("refused");
}

// For readers of the screen the heading has the focus; what was refused is said at once.
export function announce(place, notice) {
  spoken.textContent = notice;
  if (!is("aloud")) return;
  const texts = [...place.querySelectorAll("h1, .label, .place, .hint p, .notice, h2, .scan p")].map((each) => each.textContent);
  const names = [...place.querySelectorAll(".answers button")].map((each) => each.textContent);
  read([...texts, names.length ? say("choices", { names: names.join(", ") }) : ""].filter(Boolean).join(". "));
}
