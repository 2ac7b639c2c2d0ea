// The print button of the label page; without it the browser's own menu prints.

const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
