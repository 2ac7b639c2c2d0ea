// The square that is cut out of a photo: dragged with the finger, moved with the arrow keys, made smaller with the slider.

const STEP = 0.04; // of the frame, for one press of a key
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Frame {
  /** `changed` is called after each move. */
  constructor(canvas, zoom, changed) {
    Object.assign(this, { canvas, zoom, changed, photo: null });
    canvas.addEventListener("pointerdown", (event) => this.grip(event));
    canvas.addEventListener("keydown", (event) => this.press(event));
    zoom.addEventListener("input", () => this.moveBy(0, 0));
  }

  /** Begin with the middle of `photo`, an ImageBitmap. */
  show(photo) {
    this.photo?.close();
    this.photo = photo;
    this.x = photo.width / 2;
    this.y = photo.height / 2;
    this.zoom.value = 1;
    this.moveBy(0, 0);
  }

  /** The length of a side of the frame, in pixels of the photo. */
  get side() {
    return Math.min(this.photo.width, this.photo.height) / Number(this.zoom.value);
  }

  /** By parts of the frame; it never leaves the photo. */
  moveBy(right, down) {
    if (!this.photo) return;
    const half = this.side / 2;
    const within = (value, length) => Math.min(Math.max(value, half), length - half);
    this.x = within(this.x + right * this.side, this.photo.width);
    this.y = within(this.y + down * this.side, this.photo.height);
    this.draw(this.canvas);
    this.changed();
  }

  /** What the frame shows, on a canvas of any size. */
  draw(canvas) {
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.photo, this.x - this.side / 2, this.y - this.side / 2, this.side, this.side, 0, 0, canvas.width, canvas.height);
    return pen;
  }

  grip(down) {
    if (!this.photo) return;
    this.canvas.setPointerCapture(down.pointerId);
    let [left, top] = [down.clientX, down.clientY];
    const drag = (move) => {
      const width = this.canvas.clientWidth;
      this.moveBy((left - move.clientX) / width, (top - move.clientY) / width);
      [left, top] = [move.clientX, move.clientY];
    };
    this.canvas.addEventListener("pointermove", drag);
    const leave = () => this.canvas.removeEventListener("pointermove", drag);
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, leave, { once: true });
  }

  press(event) {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    this.moveBy(move[0] * STEP, move[1] * STEP);
  }
}
