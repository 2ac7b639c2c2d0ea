// The number of articles in the basket, filled in apart from the page so that pages can be cached and carry no cookie.
const link = document.querySelector("[data-basket]");

if (link) {
  const answer = await fetch(link.dataset.basket, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const { count, label } = await answer.json();
    const badge = link.querySelector("[data-basket-count]");
    badge.textContent = count || "";
    if (count) badge.setAttribute("aria-label", label);
  }
}
