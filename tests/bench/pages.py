"""SQL queries and CPU milliseconds of each page, through the whole WSGI application, beside a floor of the same run.

Every round is one resident's visit from the home page to the private order page, and one look of a shop at its desk.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import django

WARM_ROUNDS, ROUNDS = 3, 25


class WrongPage(Exception):
    """A page did not answer as it should: its time would mean nothing."""


def visit(visitor, keeper) -> Iterator[tuple[str, int, object]]:
    """(page, expected status, answer) of one round: `visitor` is somebody new, `keeper` works in shop number 0."""
    from shops.models import Payment, ProductSheet, Shop
    from tests.bench import buying, floor

    shops = list(Shop.objects.order_by("pk")[:4])
    sheets = [ProductSheet.objects.with_all().filter(shop=shop).earliest("pk") for shop in shops[1:]]
    aisle = sheets[0].product.categories.get().get_parent()

    yield "floor: 24 rows", 200, visitor.get(floor.ADDRESS)
    yield "home", 200, visitor.get("/")
    yield "shops", 200, visitor.get("/boutiques/")
    yield "shop", 200, visitor.get(shops[1].get_absolute_url())
    yield "category", 200, visitor.get(f"/rayons/{aisle.slug}/")
    yield "product", 200, visitor.get(sheets[0].get_absolute_url())
    yield "search", 200, visitor.get("/recherche/?q=fromage")
    for sheet in sheets:
        put = visitor.post("/panier/ajouter/", product=sheet.product_id, quantity=2)
    yield "put into the basket", 302, put
    yield "basket", 200, visitor.get("/panier/")
    page = visitor.get("/commande/retrait/")
    yield "choice", 200, page
    window = buying.counter_windows(sheets)[0]
    contact = {"name": "Camille Essai", "email": "camille@example.org", "phone": "", "window": window.key}
    yield "choice, sent", 302, visitor.post("/commande/retrait/", page.text, **contact)
    page = visitor.get("/commande/verification/")
    yield "review", 200, page
    placed = visitor.post("/commande/verification/", page.text, **_hidden(page.text))
    yield "order button", 302, placed
    payment = Payment.objects.latest("pk")
    buying.pay(payment)
    back = visitor.get(f"/commande/paiement/retour/?p={payment.uuid}")
    yield "back from Stripe", 302, back
    yield "order", 200, visitor.get(back.location)
    yield "desk board", 200, keeper.get(f"/espace-boutique/{shops[0].slug}/")


def _hidden(text: str) -> dict[str, str]:
    """The total that the resident has seen and the mark of the form, as they stand in the review page."""
    return dict(re.findall(r'type="hidden" name="(total|attempt)" value="([^"]*)"', text))


def check(page: str, expected: int, answer) -> None:
    """Raise `WrongPage` unless the answer is the expected one; the order button must lead to Stripe's page."""
    if answer.status != expected or (page == "order button" and "/pay/" not in answer.location):
        raise WrongPage(f"{page}: {answer.status} {answer.location} {answer.text[:500]}")


def measure() -> list[dict]:
    """One row a page."""
    from django.core.wsgi import get_wsgi_application

    from shops.models import ShopStaff
    from tests.bench.report import spread
    from tests.bench.visitor import Visitor, stripe_apart

    application = get_wsgi_application()
    user = ShopStaff.objects.earliest("pk").user
    samples, queries = defaultdict(list), {}
    with stripe_apart() as border:
        for number in range(WARM_ROUNDS + 1 + ROUNDS):
            counting, timing = number == WARM_ROUNDS, number > WARM_ROUNDS
            visitor = Visitor(application, border, counting=counting)
            keeper = Visitor(application, border, counting=counting, user=user)
            for page, expected, answer in visit(visitor, keeper):
                check(page, expected, answer)
                if counting:
                    queries[page] = answer.queries
                if timing:
                    samples[page].append(answer.cpu_ms)
    floor = spread(samples["floor: 24 rows"])["median_ms"]
    rows = []
    for page, measured in samples.items():
        found = spread(measured)
        rows.append({"page": page, "queries": queries[page], **found, "floors": round(found["median_ms"] / floor, 1)})
    return rows


def main() -> None:
    django.setup()
    from tests.bench import report, town

    report.write("pages", measure(), products=town.PRODUCTS, shops=town.SHOPS, rounds=ROUNDS)


if __name__ == "__main__":
    main()
