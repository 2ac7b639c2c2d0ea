// Where a door is, in words: for who does not see the drawing, and for who looks from the drawing to the wall.

import { columns } from "./wall.js";
import { ordinal, say } from "./words.js";

export function placeOf(compartments, id) {
  const all = columns(compartments);
  const column = all.findIndex(({ boxes }) => boxes.some((box) => box.id === id));
  if (column < 0) return "";
  const { boxes } = all[column];
  const box = boxes.find((each) => each.id === id);
  const words = [
    all.length > 1 ? one("place_column", column, all.length) : null,
    boxes.length > 1 ? one("place_row", boxes.indexOf(box), boxes.length) : null,
    box.low ? say("place_low") : null,
  ];
  return words.filter(Boolean).join(", ");
}

function one(key, index, length) {
  if (index === 0) return say(`${key}_first`);
  if (index === length - 1) return say(`${key}_last`);
  return say(key, { ordinal: ordinal(index + 1) });
}
