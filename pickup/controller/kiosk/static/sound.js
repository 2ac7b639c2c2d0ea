// Short, calm tones made here, no file. Each says only what the screen also shows.

const TONES = {
  good: [523, 659, 784],
  open: [587, 880],
  refused: [262, 208],
  reminder: [698, 698],
};
const TONE_SECONDS = 0.16;
const VOLUME = 0.18;
let context = null;

export function cue(name) {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume().catch(() => {});
    TONES[name].forEach((frequency, place) => tone(frequency, context.currentTime + place * TONE_SECONDS * 1.25));
  } catch {
    context = null; // a computer without sound: the screen says it all
  }
}

function tone(frequency, start) {
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
  volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
  source.connect(volume).connect(context.destination);
  source.start(start);
  source.stop(start + TONE_SECONDS);
}
