// The kiosk's sentences in the language that the person chose.

let table = {};
let language = "fr";
let phone = "";

export async function load() {
  table = await (await fetch("/words.json")).json();
}

export function helpAt(number) {
  phone = number;
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
  const sentence = phone ? table[language][key] : table[language][key].replace(/\s?: \{phone\}/, "");
  return sentence.replace(/\{(\w+)\}/g, (_, name) => (name === "phone" ? phone : values[name]));
}

// "1 bag", "2 bags"
export function sayCount(key, count) {
  return say(count === 1 ? `${key}_one` : key, { count });
}

export function ordinal(number) {
  return table[language].ordinals.split(" ")[number - 1] ?? say("place_number", { number });
}

export function reason(why, values = {}) {
  const key = `why_${why}`;
  return say(knows(key) ? key : "why_other", values);
}

export function waiting(seconds) {
  if (seconds === null) return say("channel_closed");
  if (seconds < 100) return say("wait_seconds", { seconds });
  return say("wait_minutes", { minutes: Math.ceil(seconds / 60) });
}

// "90 minutes", but "2 hours"
export function lasting(minutes) {
  return minutes % 60 ? sayCount("minutes", minutes) : sayCount("hours", minutes / 60);
}

export function timeOf(seconds) {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(seconds * 1000));
}
