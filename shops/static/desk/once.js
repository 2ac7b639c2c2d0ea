// A form is sent once, however often its button is tapped. Without this module the server tells what the second tap found.

const PATIENCE_MS = 8_000; // a lost request can be sent again
const sentAt = new Map();

document.addEventListener("submit", (event) => {
  const before = sentAt.get(event.target);
  if (before && Date.now() - before < PATIENCE_MS) event.preventDefault();
  else sentAt.set(event.target, Date.now());
});

// Shown again by the browser's back button: everything can be sent again.
window.addEventListener("pageshow", () => sentAt.clear());
