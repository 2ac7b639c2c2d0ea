"""What was promised to the resident of a shop order, as far as a bag label says it."""

from marketplace.checkout.models import OrderDetails
from pickup.models import Collection
from shops.desk.hooks import Promise
from shops.models import ShopOrder


def promise(shop_order: ShopOrder) -> Promise | None:
    """The resident's initials, the place and the window; None for an order that our checkout did not write."""
    details = OrderDetails.objects.filter(order=shop_order.order_id).first()
    collection = Collection.objects.select_related("point").filter(order=shop_order.order_id).first()
    if details is None or collection is None:
        return None
    return Promise(initials(details.name), collection.point.name, collection.starts_at, collection.ends_at)


def initials(name: str) -> str:
    """The first letters of a name's first and last word: "Anne-Marie de la Tour" is "A. T."."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in [*letters[:1], *letters[1:][-1:]])
