"""As much of a resident as a bag label, or a list on paper, says."""

import re
from collections.abc import Iterable

from django.urls import reverse

from marketplace.checkout.models import OrderDetails
from pickup.hooks import Person
from pickup.models import Collection, Point
from shops.desk.hooks import Counter, Promise
from shops.models import Shop, ShopOrder


def promise(shop_order: ShopOrder) -> Promise | None:
    """The resident's initials, the place and the window; None for an order that our checkout did not write."""
    details = OrderDetails.objects.filter(order=shop_order.order_id).first()
    collection = Collection.objects.select_related("point").filter(order=shop_order.order_id).first()
    if details is None or collection is None:
        return None
    return Promise(initials(details.name), collection.point.name, collection.starts_at, collection.ends_at)


def people(orders: Iterable[int]) -> dict[int, Person]:
    """By pk of the order: initials and the end of the phone number. One query."""
    known = OrderDetails.objects.filter(order__in=orders).values_list("order", "name", "phone")
    return {order: Person(initials(name), re.sub(r"\D", "", phone)[-4:]) for order, name, phone in known}


def counters(shop: Shop) -> list[Counter]:
    """The counters in this shop, with the addresses of their pages."""
    points = Point.objects.active().counters().filter(host_shop=shop)
    return [Counter(point.name, reverse("pickup:counter", args=[point.slug])) for point in points]


def initials(name: str) -> str:
    """The first letters of a name's first and last word: "Anne-Marie de la Tour" is "A. T."."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in [*letters[:1], *letters[1:][-1:]])
