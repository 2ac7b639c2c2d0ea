// Price and stock are saved when a field is left; without network they wait and are sent again by themselves, once.

const list = document.querySelector("[data-shelves]");
const status = document.querySelector("[data-shelf-status]");
const AGAIN_MS = 4_000;
const PATIENCE_MS = 15_000;
const waiting = new Map(); // form -> the key of what is being sent; a changed field gets a new one
const sending = new Set();

/** A version 4 UUID; `crypto.randomUUID` is missing on pages without HTTPS. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const fields = (form) => [...form.querySelectorAll("[data-shelf-field]")];
const part = (form, name) => form.closest("li").querySelector(`[data-shelf-${name}]`);

function say(form, words, isWrong) {
  const line = part(form, "errors");
  line.hidden = !words || !isWrong;
  line.textContent = isWrong ? words : "";
  status.textContent = words;
}

/** Show how the product stands now; a field that was typed in meanwhile keeps what is being typed. */
function show(form, answer, sent) {
  form.querySelector('input[type="hidden"][name$="-seen"]').value = answer.seen;
  for (const field of fields(form)) {
    const name = field.dataset.shelfField;
    const isWrong = name in answer.errors;
    const untouched = field.value === sent.get(field.name);
    if (untouched && !isWrong) field.value = field.defaultValue = answer.values[name];
    field.setAttribute("aria-invalid", String(isWrong));
  }
  part(form, "soldout").hidden = !answer.soldOut;
  part(form, "last").hidden = !answer.last;
  part(form, "words").textContent = answer.last;
  part(form, "undo").hidden = !answer.deed;
  part(form, "undo").elements.deed.value = answer.deed;
  say(form, answer.done ? list.dataset.saved : Object.values(answer.errors).join(" "), !answer.done);
}

async function send(form) {
  if (sending.has(form)) return;
  sending.add(form);
  const key = waiting.get(form);
  const sent = new FormData(form);
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      headers: { "X-Tap": key, "X-Person": list.dataset.shelves, Accept: "application/json" },
      body: new URLSearchParams(sent),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) {
      const told = await answer.json();
      if (waiting.get(form) === key) waiting.delete(form);
      show(form, told, sent);
    } else if (answer.type === "opaqueredirect" || answer.status === 403) say(form, list.dataset.signedOut, true);
    else say(form, list.dataset.sending, true);
  } catch {
    say(form, list.dataset.sending, true);
  } finally {
    sending.delete(form);
    form.classList.toggle("desk-waiting", waiting.has(form));
  }
  if (waiting.has(form) && waiting.get(form) !== key) send(form); // typed on while the first was on its way
}

function save(form) {
  waiting.set(form, newKey());
  send(form);
}

list?.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-shelf]");
  if (form) save(form);
});
list?.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-shelf]")) return;
  event.preventDefault();
  save(event.target);
});
list?.querySelectorAll("[data-shelf-save]").forEach((button) => { button.hidden = true; });

const again = () => waiting.forEach((_key, form) => send(form));
addEventListener("online", again);
setInterval(again, AGAIN_MS);
addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
