"""Makers of rows with sensible values; every test names only what it is about."""

from decimal import Decimal
from itertools import count

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from shops.models import ProductSheet, Shop, ShopStaff

_numbers = count(1)


def make_user(email: str = "", **fields):
    """A person who can sign in with the password "secret"."""
    return get_user_model().objects.create_user(email or f"person{next(_numbers)}@example.org", "secret", **fields)


def make_shop(name: str = "", **fields) -> Shop:
    """An open shop that can be paid; of its goods the law asks for nothing beside name, price and seller."""
    number = next(_numbers)
    defaults = {
        "name": name or f"Boutique {number}",
        "slug": f"boutique-{number}",
        "trade": Shop.Trade.BOOKS,
        "status": Shop.Status.OPEN,
        "legal_name": f"Boutique {number} SARL",
        "siret": f"{number:014d}",
        "street": f"{number} rue des Halles",
        "postcode": "49000",
        "town": "Valmont",
        "email": f"shop{number}@example.org",
        "opening_hours": "Mo-Su 08:00-20:00",
        "stripe_account": f"acct_test_{number}",
        "transfers_active": True,
    }
    return Shop.objects.create(**defaults | fields)


def make_staff(shop: Shop, role: str = ShopStaff.Role.OWNER):
    """A person who works in `shop`."""
    return ShopStaff.objects.create(shop=shop, user=make_user(), role=role).user


def make_category(name: str = "Épicerie"):
    """A category at the top of the tree."""
    from oscar.apps.catalogue.categories import create_from_breadcrumbs

    return create_from_breadcrumbs(name)


def make_product(
    shop: Shop, title: str = "", *, price: str = "4.50", stock: int = 10, category=None, **fields
) -> ProductSheet:
    """A product on sale."""
    number = next(_numbers)
    product_class, _ = get_model("catalogue", "ProductClass").objects.get_or_create(
        name="Article", defaults={"requires_shipping": False, "track_stock": True}
    )
    product = get_model("catalogue", "Product").objects.create(
        title=title or f"Article {number}", product_class=product_class, structure="standalone"
    )
    if category is not None:
        product.categories.add(category)
    record = get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=shop.partner,
        partner_sku=f"R{number}",
        price=Decimal(price),
        price_currency="EUR",
        num_in_stock=stock,
    )
    return ProductSheet.objects.create(product=product, stock=record, shop=shop, reference=f"R{number}", **fields)


def make_basket(*wanted: tuple[ProductSheet, int], owner=None):
    """An open Oscar basket with the given sheets and quantities."""
    from shops.pricing import Selector

    basket = get_model("basket", "Basket").objects.create(owner=owner)
    basket.strategy = Selector().strategy()
    for sheet, quantity in wanted:
        basket.add_product(sheet.product, quantity)
    return basket
