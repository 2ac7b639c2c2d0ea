"""A generated catalogue: as many shops, aisles and products as asked for, written in bulk. The same numbers, the same goods."""

import random
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model
from PIL import Image

from shops import photos
from shops.models import ProductSheet, Shop
from shops.payments.fake.models import Account
from tests.factories import make_shop

WORDS = (
    "pain miel fromage pomme poire tarte savon livre bougie confiture tisane couteau panier écharpe chapeau roman carnet "
    "vase rose cidre terrine saucisson moutarde huile olive noix biscuit chocolat caramel thé café sirop jus farine"
)
DESCRIPTION = (
    "Choisi et préparé par la boutique, à emporter le soir même. Des artisans de la ville, une adresse, un nom."
)
HOURS = "Mo-Sa 09:00-12:30,14:00-19:00; PH off"
SEED = 20261124
PIECES = 1_000_000  # nothing sells out before the run is over
AISLES_BELOW_ONE = 8
AT_ONCE = 2000

Product, ProductClass, ProductCategory = (
    get_model("catalogue", name) for name in ("Product", "ProductClass", "ProductCategory")
)
StockRecord = get_model("partner", "StockRecord")


def generate(products: int, shops: int, aisles: int = 40) -> list[Shop]:
    """Write the catalogue; the shops, in order. Product number n belongs to shop n modulo `shops`."""
    chance = random.Random(SEED)
    sellers = [_open(number) for number in range(shops)]
    articles = _articles(products, chance)
    _file_away(articles, aisles, chance)
    stocks = StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=article,
                partner=sellers[number % shops].partner,
                partner_sku=f"B{number}",
                price=Decimal(chance.randint(100, 6000)) / 100,
                price_currency="EUR",
                num_in_stock=PIECES,
            )
            for number, article in enumerate(articles)
        ],
        batch_size=AT_ONCE,
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
        batch_size=AT_ONCE,
    )
    _photograph()
    return sellers


def _open(number: int) -> Shop:
    """A shop that sells and whose account at the fake can be paid."""
    account = Account.objects.create(display_name=f"Boutique {number}", capability="active")
    return make_shop(f"Boutique {number}", opening_hours=HOURS, stripe_account=account.id, story=DESCRIPTION)


def _articles(products: int, chance: random.Random) -> list:
    goods, _created = ProductClass.objects.get_or_create(name="Article", defaults={"requires_shipping": False})
    return Product.objects.bulk_create(
        [
            Product(
                title=f"{' '.join(chance.sample(WORDS.split(), 3)).capitalize()} {number}",
                slug=f"article-{number}",
                description=DESCRIPTION,
                product_class=goods,
                structure="standalone",
                is_public=True,
            )
            for number in range(products)
        ],
        batch_size=AT_ONCE,
    )


def _file_away(articles: list, aisles: int, chance: random.Random) -> None:
    below = [create_from_breadcrumbs(f"Rayon {number // AISLES_BELOW_ONE} > Étal {number}") for number in range(aisles)]
    rows = [ProductCategory(product=article, category=chance.choice(below)) for article in articles]
    ProductCategory.objects.bulk_create(rows, batch_size=AT_ONCE)


def _photograph() -> None:
    """One photo, taken in as a shopkeeper's would be, for all: the pages write the same markup whatever it shows."""
    written = BytesIO()
    Image.new("RGB", (1600, 1200), "peru").save(written, "JPEG")
    first = ProductSheet.objects.earliest("pk")
    photos.store(first, SimpleUploadedFile("photo.jpg", written.getvalue()))
    ProductSheet.objects.update(photo=first.photo.name)
    Shop.objects.update(photo=first.photo.name)
