"""The town that is measured: 10,000 products of 100 shops, its home page, lockers and counters, and a desk with work on it.

Usage: python -m tests.bench.town (migrates and fills the database of DATABASE_URL)
"""

import time

import django

PRODUCTS, SHOPS = 10_000, 100
COUNTERS, ORDERS_ON_DESK = 4, 12
LOCKERS = ["S"] * 12 + ["M"] * 8 + ["L low"] * 4 + ["S chilled"] * 8 + ["M chilled low"] * 4


def fill() -> None:
    """Everything that the pages and the orders need."""
    from marketplace.search import index
    from tests.bench import catalogue
    from tests.pickup.makers import make_bank, make_counter

    shops = catalogue.generate(PRODUCTS, SHOPS)
    for _number in range(COUNTERS):
        make_counter()
    for _number in range(2):
        make_bank(*LOCKERS)
    _publish(shops)
    index.rebuild()
    _give_work(shops[0])


def _publish(shops: list) -> None:
    """A home page as the demonstration's: steps, chosen goods, all shops, associations and their promotions."""
    from shops.models import ProductSheet
    from tests.cms.makers import make_association, make_home, make_image, make_promotion

    home = make_home()
    home.image = make_image()
    steps = [{"title": word, "text": "En une phrase ou deux."} for word in ("Choisir", "Payer", "Retirer")]
    chosen = [ProductSheet.objects.filter(shop=shop).earliest("pk") for shop in shops[:10]]
    shelf = {"title": "Ce soir", "products": chosen, "shop": None, "category": None, "limit": 10, "fallback": ""}
    home.body = [
        ("steps", {"title": "Comment ça marche ?", "steps": steps}),
        ("shelf", shelf),
        ("shop_list", {"title": "Vos commerçants", "shops": []}),
    ]
    home.save()
    for name in ("Vitrines", "Quais"):
        association = make_association(home, name)
        make_promotion(association, f"Braderie des {name}", summary="Trois jours de fête.", image=make_image())


def _give_work(shop) -> None:
    """Somebody at the desk of `shop`, and paid orders on it: half of them new, half accepted."""
    from shops import orders
    from tests.bench import buying
    from tests.bench.visitor import stripe_apart
    from tests.factories import make_staff

    make_staff(shop)
    sheets = list(shop.sheets.with_all().order_by("pk")[:2])
    window = buying.counter_windows(sheets)[0]
    with stripe_apart():
        for number in range(ORDERS_ON_DESK):
            placed = buying.buy(sheets, window)
            if number % 2:
                orders.accept_all(placed.shop_orders.get(), by=None)


def main() -> None:
    django.setup()
    from django.core.management import call_command

    begun = time.monotonic()
    call_command("migrate", verbosity=0, skip_checks=True)
    migrated = time.monotonic()
    fill()
    print(f"[bench] migrated in {migrated - begun:.0f} s, town of {PRODUCTS} products filled in", end=" ")
    print(f"{time.monotonic() - migrated:.0f} s", flush=True)


if __name__ == "__main__":
    main()
