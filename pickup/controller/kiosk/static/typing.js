// Digits from a keyboard, whole codes from a scanner ("L1:" … Enter).

const SCAN_PAUSE_MS = 1000;

export function listen({ digit, erase, submit, scanned }) {
  let scan = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = performance.now();
    if (now - last > SCAN_PAUSE_MS) scan = "";
    last = now;
    if (event.key === "Enter" && scan) {
      event.preventDefault();
      scanned(scan);
      scan = "";
    } else if (event.key.length === 1 && (scan || event.key.toUpperCase() === "L")) {
      event.preventDefault();
      scan += event.key;
    } else if (/^[0-9]$/.test(event.key)) digit(event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter" && submit()) event.preventDefault();
  });
}
