// What has been typed, photo included, kept in this browser until the server has it: a killed tab loses nothing.

const KEPT_MS = 30 * 24 * 3600 * 1000;

const wait = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const opened = (async () => {
  const request = indexedDB.open("halles-desk", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "place" });
  return wait(request);
})();

async function store(mode, action) {
  const db = await opened;
  return wait(action(db.transaction("drafts", mode).objectStore("drafts")));
}

/** {place, id, at, fields: [[name, value]], photo}: the draft of a page, or undefined. */
export const find = (place) => store("readonly", (drafts) => drafts.get(place));
export const keep = (draft) => store("readwrite", (drafts) => drafts.put({ ...draft, at: Date.now() }));
export const drop = (place) => store("readwrite", (drafts) => drafts.delete(place));

/** Forget what the server has saved (it says so in a cookie), and what is older than a month. */
export async function tidy() {
  const saved = document.cookie.match(/(?:^|; )product_saved=([\w-]+)/)?.[1];
  for (const draft of await store("readonly", (drafts) => drafts.getAll())) {
    if (draft.id === saved || draft.at < Date.now() - KEPT_MS) await drop(draft.place);
  }
}

/** What stands in a form now; the machinery of the page itself is no part of it. */
export function read(form) {
  const apart = ["csrfmiddlewaretoken", "seen", "draft", "photo_number"];
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !apart.includes(name));
}

/** Put it back. */
export function write(form, fields) {
  for (const field of form.elements) if (["checkbox", "radio"].includes(field.type)) field.checked = false;
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked ||= field.value === value;
      else if (field.type !== "submit") field.value = value;
    }
  }
  form.elements.kind?.dispatchEvent(new Event("change"));
}
