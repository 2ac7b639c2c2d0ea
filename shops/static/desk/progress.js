// How far a file is, without loading the page anew; when it is done the page is loaded once.

const EVERY_MS = 2_000;
const bar = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const state = await answer.json();
    if (state.status !== bar.dataset.status || (state.all && !bar.querySelector("progress").hasAttribute("value"))) {
      location.reload();
      return;
    }
    if (state.all) show(state);
  } catch {
    // no network: again in a while
  }
  setTimeout(look, EVERY_MS);
}

function show({ done, all }) {
  const meter = bar.querySelector("progress");
  [meter.max, meter.value] = [all, done];
  bar.querySelector("[data-progress-done]").textContent = done;
  bar.querySelector("[data-progress-all]").textContent = all;
}

if (bar) setTimeout(look, EVERY_MS);
