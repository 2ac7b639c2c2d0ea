// Counts a pause down and says when it is over. Without this module the page says until when.

const EVERY_MS = 5_000;
const LONGEST_COUNTDOWN_MINUTES = 90;
const banner = document.querySelector("[data-pause-until]");
const left = banner.querySelector("[data-pause-left]");
const over = banner.querySelector("[data-pause-over]");
const until = Number(banner.dataset.pauseUntil) * 1000;

function show() {
  const minutes = Math.ceil((until - Date.now()) / 60_000);
  left.textContent = minutes <= LONGEST_COUNTDOWN_MINUTES ? left.dataset.text.replace("MINUTES", minutes) : "";
  if (minutes > 0) return;
  banner.querySelector("strong").hidden = true;
  left.hidden = true;
  over.hidden = false;
  banner.querySelector("form").hidden = true;
  clearInterval(timer);
}

const timer = setInterval(show, EVERY_MS);
show();
