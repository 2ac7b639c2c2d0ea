// The number of articles in the basket, filled in apart from the page so that pages can be cached and carry no cookie.
const link = document.querySelector("[data-basket]");

async function ask() {
  const answer = await fetch(link.dataset.basket, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

if (link) {
  const basket = await ask().catch(() => null); // without network the page stays readable, without a number
  if (basket) {
    const { count, label } = basket;
    const badge = link.querySelector("[data-basket-count]");
    badge.textContent = count || "";
    if (count) badge.setAttribute("aria-label", label);
  }
}
