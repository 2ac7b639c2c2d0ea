// Clean light: the darkest becomes dark and the brightest white, so that a photo under a shop's lamp looks like daylight.

const DARK = 0.005, BRIGHT = 0.985; // so much of the photo may fall outside
const DARKEST = 40, DIMMEST = 150; // never more than this: night stays night, and a black cat black
const COLOUR = 0.6; // how far the tint of the light is taken out

/** The value below which `part` of the counted pixels lie. */
function below(counts, total, part) {
  let seen = 0;
  for (let value = 0; value < 256; value += 1) {
    seen += counts[value];
    if (seen >= total * part) return value;
  }
  return 255;
}

/** For red, green and blue the values that become black and white. */
export function levels(pixels) {
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)];
  const grey = new Uint32Array(256);
  const step = Math.max(1, Math.floor(pixels.length / 4 / 60000)) * 4;
  let total = 0;
  for (let at = 0; at < pixels.length; at += step) {
    for (let channel = 0; channel < 3; channel += 1) counts[channel][pixels[at + channel]] += 1;
    grey[Math.round(0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2])] += 1;
    total += 1;
  }
  const low = Math.min(DARKEST, below(grey, total, DARK));
  const high = below(grey, total, BRIGHT);
  const white = counts.map((each) => Math.max(DIMMEST, COLOUR * below(each, total, BRIGHT) + (1 - COLOUR) * high));
  return { low, white };
}

/** Clean an ImageData in place. */
export function clean(image) {
  const { low, white } = levels(image.data);
  const tables = white.map((high) => Uint8ClampedArray.from({ length: 256 }, (_, value) => ((value - low) * 255) / (high - low)));
  for (let at = 0; at < image.data.length; at += 4) {
    for (let channel = 0; channel < 3; channel += 1) image.data[at + channel] = tables[channel][image.data[at + channel]];
  }
  return image;
}
