// On the page of one order a tap is kept, and the board, which opens at once, sends it. Without this module a plain form.

import * as taps from "./taps.js";

const page = document.querySelector("[data-taps]");

taps.begin(page.dataset.taps, page.dataset.desk);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-tap]");
  if (!form) return;
  event.preventDefault();
  const { order: pk, number } = form.dataset;
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  taps.add({ deed: form.dataset.tap, address: form.getAttribute("action"), fields, orders: [{ pk, number }] });
  location.assign(page.dataset.desk);
});
