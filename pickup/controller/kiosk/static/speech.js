// Reads the screen aloud with a voice of this computer; a voice that would need the network is never used.

import { current } from "./words.js";

function voice() {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.find((each) => each.localService && each.lang.toLowerCase().startsWith(current()));
}

export function hasVoice() {
  return voice() !== undefined;
}

export function read(text) {
  const chosen = voice();
  if (!chosen || !text) return;
  hush();
  const words = new SpeechSynthesisUtterance(text);
  words.voice = chosen;
  words.lang = chosen.lang;
  words.rate = 0.95;
  window.speechSynthesis.speak(words);
}

export function hush() {
  window.speechSynthesis?.cancel();
}
