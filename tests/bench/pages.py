"""SQL queries and server CPU milliseconds of each page, on 10,000 products over 100 shops."""

import time
from unittest.mock import patch

import django

PRODUCTS, SHOPS, ROUNDS = 10_000, 100, 20


def measure(client, name: str, address: str) -> dict:
    """One page: the queries of a warm request, and the CPU time of `ROUNDS` more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.bench.report import spread

    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status = client.get(address).status_code
    samples = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        client.get(address)
        samples.append((time.process_time() - begun) * 1000)
    return {"page": name, "status": status, "queries": len(queries), **spread(samples)}


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from marketplace.search import index
    from tests.bench import catalogue, report
    from tests.checkout.town import make_counter

    setup_test_environment()
    with patch("builtins.print"):
        call_command("migrate", verbosity=0)
    shop = catalogue.generate(PRODUCTS, SHOPS)[0]
    index.rebuild()
    make_counter()
    client = Client()
    sheet = shop.sheets.select_related("product").first()
    category = sheet.product.categories.get()
    pages = {
        "shops": "/boutiques/",
        "shop": shop.get_absolute_url(),
        "category": f"/rayons/{category.slug}/",
        "product": sheet.get_absolute_url(),
        "search": "/recherche/?q=fromage",
        "basket, empty": "/panier/",
    }
    rows = [measure(client, name, address) for name, address in pages.items()]
    client.post("/panier/ajouter/", {"product": sheet.product_id, "quantity": 2}, HTTP_SEC_FETCH_SITE="same-origin")
    rows.append(measure(client, "basket, one line", "/panier/"))
    rows.append(measure(client, "checkout: choice", "/commande/retrait/"))
    report.write("pages", rows, products=PRODUCTS, shops=SHOPS)


if __name__ == "__main__":
    main()
