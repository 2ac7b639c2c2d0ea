"""A small town to order in: shops, a counter, and snapshots that prove that nothing changed."""

from django.apps import apps
from django.utils import timezone

from marketplace.checkout import placing
from pickup import windows
from pickup.models import Point

RESIDENT = placing.Contact(name="Camille Essai", email="camille@example.org")
COUNTED = [
    "order.Order",
    "order.Line",
    "shops.ShopOrder",
    "shops.Payment",
    "pickup.Collection",
    "pickup.Leg",
    "marketplace_checkout.OrderDetails",
    "foundation.Message",
]


def make_counter(**fields) -> Point:
    """A counter that is open every day."""
    defaults = {
        "kind": Point.Kind.COUNTER,
        "name": "Office de tourisme",
        "slug": f"comptoir-{Point.objects.count()}",
        "street": "1 place du Marché",
        "postcode": "49000",
        "town": "Valmont",
        "opening_hours": "Mo-Su 08:00-20:00",
    }
    return Point.objects.create(**defaults | fields)


def first_window(basket) -> windows.Window:
    """The first window that is offered for `basket`."""
    return windows.offers(placing.goods_of(basket), now=timezone.now())[0].windows[0]


def place(basket, **changes):
    """Place `basket` at the first window."""
    wanted = {
        "contact": RESIDENT,
        "window": changes.pop("window", None) or first_window(basket),
        "language": "fr",
        "shown_total": basket.total_incl_tax,
    }
    return placing.place(basket, **wanted | changes)


def rows() -> dict[str, int]:
    """How many rows the tables of an order hold."""
    return {name: apps.get_model(name).objects.count() for name in COUNTED}
