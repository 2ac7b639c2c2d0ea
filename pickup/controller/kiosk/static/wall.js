// Draws the wall as it stands in front of the person.

import { svg } from "./elements.js";

const HEIGHT = { S: 3, M: 5, L: 9 };
const WIDTH = 10;
const GAP = 0.8;
const SIDE_GAP = 4;

export function columns(compartments) {
  const found = new Map();
  for (const box of compartments) {
    const key = `${box.side}/${box.column}`;
    if (!found.has(key)) found.set(key, { side: box.side, column: box.column, boxes: [] });
    found.get(key).boxes.push(box);
  }
  const sorted = [...found.values()].sort((a, b) => a.side - b.side || a.column - b.column);
  for (const column of sorted) column.boxes.sort((a, b) => a.row - b.row);
  return sorted;
}

export function place(compartments) {
  const placed = [];
  let x = 0;
  let side = null;
  let height = 0;
  for (const column of columns(compartments)) {
    if (side !== null && side !== column.side) x += SIDE_GAP;
    side = column.side;
    let y = 0;
    for (const box of column.boxes) {
      placed.push({ box, x, y, width: WIDTH, height: HEIGHT[box.size] });
      y += HEIGHT[box.size] + GAP;
    }
    height = Math.max(height, y - GAP);
    x += WIDTH + GAP;
  }
  return { placed, width: x - GAP, height };
}

export function draw(compartments, { marked = [], beside = [], label }) {
  const { placed, width, height } = place(compartments);
  const mark = (id) => (marked.includes(id) ? "marked" : beside.includes(id) ? "beside" : null);
  const doors = placed.map(({ box, ...where }) => door(box, where, mark(box.id)));
  return svg(
    "svg",
    { class: "wall", viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: "img", "aria-label": label },
    ...doors,
  );
}

function door(box, { x, y, width, height }, mark) {
  const rect = svg("rect", { x, y, width, height, rx: 0.6, class: `door ${box.temperature} ${mark ?? ""}` });
  const handle = svg("circle", { cx: x + width - 1.3, cy: y + height / 2, r: 0.45, class: "handle" });
  if (!mark) return svg("g", {}, rect, handle);
  const text = svg("text", { x: x + width / 2, y: y + height / 2, class: "door-name" }, box.id);
  return svg("g", {}, rect, text);
}
