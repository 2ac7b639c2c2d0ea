// Taps that wait for the network: kept on this device, sent in their order, each with a key by which the server does it once.

const STORE = "desk taps";
const PATIENCE_MS = 15_000;
const AGAIN_MS = 4_000;
const listeners = [];

export const SLOW_MS = 2_000;
let person = "";
let desk = "";
let isSending = false;
let needsSignIn = false;

const all = () => {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
};
const isOurs = (tap) => tap.person === person && tap.desk === desk;

function write(taps) {
  localStorage.setItem(STORE, JSON.stringify(taps));
  tell();
}

function tell(outcome = null) {
  listeners.forEach((listener) => listener(outcome));
}

export const waiting = () => all().filter((tap) => isOurs(tap) && !tap.words);
export const refused = () => all().filter((tap) => isOurs(tap) && tap.words);
export const others = () => all().filter((tap) => tap.desk === desk && tap.person !== person && !tap.words);
export const mustSignIn = () => needsSignIn;
export const onChange = (listener) => listeners.push(listener);

/** The person and the board's address; only this person's taps of this desk are sent. */
export function begin(who, address) {
  [person, desk] = [who, address];
  addEventListener("online", send);
  addEventListener("storage", (event) => event.key === STORE && tell());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(send, AGAIN_MS);
  send();
}

/** Keep one tap: the address, the fields and the orders (pk and number) that it is about. */
export function add(tap) {
  write([...all(), { key: newKey(), person, desk, at: Date.now(), ...tap }]);
  send();
}

/** Refusals that were read are forgotten. */
export const forgetRefused = () => write(all().filter((tap) => !(isOurs(tap) && tap.words)));

/** A version 4 UUID; `crypto.randomUUID` is missing on pages without HTTPS. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The token that belongs to the present session, whatever page this is and however old. */
const formToken = () => document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";

async function send() {
  if (isSending) return;
  isSending = true;
  try {
    for (let [tap] = waiting(); tap; [tap] = waiting()) if (!(await sent(tap))) break;
  } finally {
    isSending = false;
  }
}

/** Whether the server has answered for this tap, so that the next one can go. */
async function sent(tap) {
  const headers = { "X-Tap": tap.key, "X-Person": person, "X-CSRFToken": formToken(), Accept: "application/json" };
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(tap.address, {
      method: "POST", headers, body: new URLSearchParams(tap.fields), redirect: "manual", keepalive: true, signal: patience,
    });
  } catch {
    tell();
    return false; // no network, or hardly any: again in a while, with the same key
  }
  needsSignIn = answer.type === "opaqueredirect" || answer.status === 403;
  if (needsSignIn || answer.status >= 500 || answer.status === 429) {
    tell();
    return false;
  }
  const outcome = answer.ok ? await answer.json().catch(() => null) : { done: false, words: "", gone: true };
  if (outcome === null) return false; // the answer was torn: the same key asks for it again
  const rest = all().filter((each) => each.key !== tap.key);
  write(outcome.done ? rest : [...rest, { ...tap, gone: outcome.gone, words: outcome.words || "?" }]);
  tell({ tap, ...outcome });
  return true;
}
