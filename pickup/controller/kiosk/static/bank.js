// The kiosk's own API. The session of a visit lives in this tab only.

const SESSION = "visit";

export class Refusal extends Error {
  constructor(why, seconds) {
    super(why);
    this.why = why;
    this.seconds = seconds;
  }
}

function headers() {
  const session = sessionStorage.getItem(SESSION);
  return { "Content-Type": "application/json", ...(session ? { "X-Visit": session } : {}) };
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: "no-store", ...options, headers: headers() });
  const document = await answer.json();
  if (!answer.ok) throw new Refusal(document.why, document.seconds);
  return document;
}

export function look(path) {
  return ask(path);
}

export function act(path, body = {}) {
  return ask(path, { method: "POST", body: JSON.stringify(body) });
}

// The session of the visit before goes along: a shop's next order belongs to the same visit.
export async function enter(code) {
  const { session } = await act("/api/enter", { code });
  sessionStorage.setItem(SESSION, session);
}

export async function finish(path = "/api/finish") {
  try {
    await act(path);
  } finally {
    sessionStorage.removeItem(SESSION);
  }
}
