// What was typed into a long form survives a lock screen, a dead network and the back button, on this device only.
// `data-keep="name"` on a form keeps it; `data-kept="name"` on the page after it says that it was sent.

const keyOf = name => `halles:form:${name}`;

function typed(form) {
  const skip = ["csrfmiddlewaretoken"];
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => !skip.includes(name) && typeof value === "string"));
}

for (const page of document.querySelectorAll("[data-kept]")) localStorage.removeItem(keyOf(page.dataset.kept));

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = keyOf(form.dataset.keep);
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    localStorage.removeItem(key);
  }
  for (const [name, value] of Object.entries(kept)) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field && !field.value) field.value = value;
  }
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(typed(form))));
}
