// Makes elements without markup in strings.

export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(text, kind, onclick, more = {}) {
  return el("button", { type: "button", class: kind, onclick, ...more }, text);
}

export function heading(text, kind = null) {
  return el("h1", { tabindex: "-1", class: kind, "aria-describedby": "hint" }, text);
}

export function hint(...sentences) {
  return el("div", { class: "hint", id: "hint" }, ...sentences.filter(Boolean).map((text) => el("p", {}, text)));
}

// The answers that a person can give: big, and each with the digit that gives it on a keypad without a screen.
export function answers(choices) {
  const buttons = choices.filter(Boolean).map(({ text, act, kind = "", pressed }, place) => {
    const key = el("span", { class: "digit-key", "aria-hidden": "true" }, String(place + 1));
    const attributes = { type: "button", class: `big ${kind}`, onclick: act, "data-key": place + 1, "aria-pressed": pressed };
    return el("button", attributes, key, el("span", {}, text));
  });
  return el("div", { class: "answers" }, ...buttons);
}
