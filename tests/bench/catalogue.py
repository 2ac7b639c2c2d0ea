"""A generated town: as many shops, categories and products as asked for, written in bulk."""

import random
from decimal import Decimal

from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from shops.models import ProductSheet, Shop
from tests.factories import make_shop

WORDS = [
    "pain",
    "miel",
    "fromage",
    "pomme",
    "poire",
    "tarte",
    "savon",
    "livre",
    "bougie",
    "confiture",
    "tisane",
    "couteau",
    "panier",
    "écharpe",
    "chapeau",
    "roman",
    "carnet",
    "vase",
    "rose",
    "cidre",
    "terrine",
    "saucisson",
    "moutarde",
    "huile",
    "olive",
    "noix",
    "biscuit",
    "chocolat",
    "caramel",
    "thé",
    "café",
    "sirop",
    "jus",
    "farine",
]
SEED = 20261124


def generate(products: int, shops: int, categories: int = 40) -> list[Shop]:
    """Write the catalogue; the shops, in order. The same numbers give the same catalogue."""
    chance = random.Random(SEED)
    Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    ProductCategory, ProductClass = get_model("catalogue", "ProductCategory"), get_model("catalogue", "ProductClass")
    goods, _ = ProductClass.objects.get_or_create(name="Article", defaults={"requires_shipping": False})
    sellers = [make_shop(f"Boutique {number}") for number in range(shops)]
    rayons = [create_from_breadcrumbs(f"Rayon {number // 8} > Étal {number}") for number in range(categories)]
    articles = Product.objects.bulk_create(
        [
            Product(
                title=" ".join(chance.sample(WORDS, 3)).capitalize() + f" {number}",
                slug=f"article-{number}",
                product_class=goods,
                structure="standalone",
                is_public=True,
            )
            for number in range(products)
        ],
        batch_size=2000,
    )
    stocks = StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=article,
                partner=sellers[number % shops].partner,
                partner_sku=f"B{number}",
                price=Decimal(chance.randint(100, 6000)) / 100,
                price_currency="EUR",
                num_in_stock=1000,
            )
            for number, article in enumerate(articles)
        ],
        batch_size=2000,
    )
    ProductCategory.objects.bulk_create(
        [ProductCategory(product=article, category=chance.choice(rayons)) for article in articles], batch_size=2000
    )
    ProductSheet.objects.bulk_create(
        [
            ProductSheet(
                product=article,
                stock=stock,
                shop=sellers[number % shops],
                reference=f"B{number}",
                vat_rate=Decimal("5.50"),
                net_quantity=250,
                net_unit="g",
                volume_l=Decimal("0.80"),
                temperature=chance.choice(["ambient", "ambient", "chilled"]),
            )
            for number, (article, stock) in enumerate(zip(articles, stocks, strict=True))
        ],
        batch_size=2000,
    )
    return sellers
