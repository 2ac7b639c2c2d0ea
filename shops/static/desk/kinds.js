// The kind of goods proposes VAT, keeping and units, and says which facts the law wants: those stand in sight, the others below.

const form = document.querySelector("[data-product]");
const kind = form.elements.kind;
const needed = form.querySelector("[data-needed]");
const more = form.querySelector("[data-more]");
const touched = new Set();

form.addEventListener("change", (event) => {
  if (event.isTrusted) touched.add(event.target.name);
});

/** What a kind usually is; a field that somebody has set stays as it is. */
function propose(preset) {
  for (const [name, value] of Object.entries(preset)) {
    if (!touched.has(name) && form.elements[name]) form.elements[name].value = value;
  }
}

/** Move each fact to where it belongs now; what is moved keeps its value. */
function sort(requires) {
  const wanted = requires.includes("net_quantity") ? [...requires, "net_unit"] : requires;
  for (const field of [...needed.children]) if (!wanted.includes(field.dataset.field)) more.prepend(field);
  for (const name of wanted) {
    const field = form.querySelector(`[data-field="${name}"]`);
    if (field) needed.append(field);
  }
}

kind.addEventListener("change", () => {
  const { preset, requires } = kind.selectedOptions[0].dataset;
  propose(JSON.parse(preset));
  sort(requires.split(" ").filter(Boolean));
});
