// The form of a product loses nothing: every keystroke is kept in this browser until the server has saved it.

import * as drafts from "./drafts.js";
import { photoOf } from "./photo.js";

const PAUSE_MS = 250;
const form = document.querySelector("[data-product]");
const offer = document.querySelector("[data-offer]");
const place = location.pathname;
let file = null, timer, offered = false;

const photo = photoOf(form, (square) => {
  file = square;
  return keep();
});

/** A draft that waits for an answer is not written over. */
const keep = () => (offered ? undefined : drafts.keep({ place, id: form.elements.draft.value, fields: drafts.read(form), photo: file }));

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE_MS);
});
form.addEventListener("submit", () => {
  clearTimeout(timer);
  keep();
});

async function takeUp(draft) {
  offered = false;
  offer.hidden = true;
  form.elements.draft.value = draft.id;
  drafts.write(form, draft.fields);
  if (draft.photo) await photo.restore(draft.photo);
}

function propose(draft) {
  offered = true;
  const title = draft.fields.find(([name]) => name === "title")?.[1] || offer.dataset.nameless;
  offer.querySelector("[data-offer-words]").textContent = offer.dataset.words.replace("TITLE", title);
  offer.querySelector("[data-offer-yes]").addEventListener("click", () => takeUp(draft));
  offer.querySelector("[data-offer-no]").addEventListener("click", async () => {
    offered = false;
    offer.hidden = true;
    await drafts.drop(place);
    await keep();
  });
  offer.hidden = false;
}

async function begin() {
  await drafts.tidy();
  const draft = await drafts.find(place);
  if (draft && "bound" in form.dataset) {
    file = draft.photo;
    if (file) await photo.restore(file);
  } else if (draft) propose(draft);
}

// Where the browser keeps nothing (private windows) the form works all the same.
begin().catch(() => {}).finally(() => { form.dataset.ready = ""; });
