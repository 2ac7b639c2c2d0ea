// The kiosk's sentences in the language that the person chose.

let table = {};
let language = "fr";

export async function load() {
  table = await (await fetch("/words.json")).json();
}

export function speak(name) {
  language = name;
  document.documentElement.lang = name;
  document.title = say("page_title");
}

export function current() {
  return language;
}

export function nameOf(name) {
  return table[name].language;
}

export function knows(key) {
  return key in table[language];
}

export function say(key, values = {}) {
  return table[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function reason(why) {
  const key = `why_${why}`;
  return say(knows(key) ? key : "why_other");
}

export function waiting(seconds) {
  if (seconds === null) return say("channel_closed");
  if (seconds < 100) return say("wait_seconds", { seconds });
  return say("wait_minutes", { minutes: Math.ceil(seconds / 60) });
}
