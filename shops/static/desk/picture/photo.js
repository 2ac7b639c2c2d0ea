// From the camera to the shelf: turned, cut square, cleaned, made small here, and sent while the name is being typed.

import { Frame } from "./frame.js";
import { clean } from "./light.js";
import { post } from "./sending.js";

const SIDE_PX = 1600, SETTLE_MS = 400;

/** The photo of `form`; `changed(blob)` is called with each finished square, null when it is taken away. */
export function photoOf(form, changed) {
  const panel = form.querySelector("[data-crop]");
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const input = form.elements.upload;
  const number = form.elements.photo_number;
  const csrf = form.elements.csrfmiddlewaretoken.value;
  let timer, underWay, waiting;
  const say = (words, progress) => {
    part("words").textContent = words;
    part("progress").hidden = progress === undefined;
    part("progress").value = progress ?? 0;
  };

  async function send(file) {
    underWay?.abort();
    underWay = new AbortController();
    const { signal } = underWay;
    number.value = "";
    input.name = "upload";
    waiting = file;
    say(panel.dataset.sending, 0);
    try {
      const answer = await post(panel.dataset.keep, file, { csrf, signal, progress: (part) => say(panel.dataset.sending, part) });
      number.value = answer.number;
      input.name = ""; // it is there already
      waiting = null;
      say(panel.dataset.sent);
    } catch (error) {
      if (!signal.aborted) say(error.message || panel.dataset.later);
    }
  }

  /** The square as a file of at most 1600 px; it takes the place of the original in the form too. */
  async function finish() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.min(SIDE_PX, Math.round(frame.side));
    const pen = frame.draw(canvas);
    if (part("light").checked) pen.putImageData(clean(pen.getImageData(0, 0, canvas.width, canvas.height)), 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.86));
    const name = blob.type === "image/webp" ? "photo.webp" : "photo.png";
    const file = new File([blob], name, { type: blob.type });
    attach(file);
    await changed(file);
    await send(file);
  }

  function attach(file) {
    const files = new DataTransfer();
    files.items.add(file);
    input.name = "upload";
    input.files = files.files;
  }

  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(finish, SETTLE_MS);
  };
  const frame = new Frame(part("frame"), part("zoom"), settle);
  part("light").addEventListener("change", () => frame.photo && settle());

  /** As the browser reads it, turned as the camera says; what it cannot read (HEIC) the server turns. */
  async function decode(file) {
    const upright = { imageOrientation: "from-image" };
    try {
      return await createImageBitmap(file, upright);
    } catch {
      say(panel.dataset.turning, 0);
      const turned = await post(panel.dataset.turn, file, { csrf, type: "blob", progress: (part) => say(panel.dataset.turning, part) });
      return createImageBitmap(turned, upright);
    }
  }

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    panel.hidden = false;
    number.value = "";
    try {
      frame.show(await decode(file));
      if (!form.elements.title.value) form.elements.title.focus();
    } catch (error) {
      say(error.message || panel.dataset.later);
    }
  });
  window.addEventListener("online", () => waiting && send(waiting));

  return {
    /** A finished square from a draft: shown and sent as it is. */
    async restore(file) {
      panel.hidden = false;
      part("light").checked = false; // it was cleaned when it was taken
      frame.show(await createImageBitmap(file));
    },
  };
}
