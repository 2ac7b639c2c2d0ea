"""What a basket leads to: when and where goods can be collected, only places with room now, and the order not paid yet."""

from django import template
from django.utils import timezone

from marketplace.checkout import attempts, placing
from pickup import windows
from shops import opening
from shops.models import ProductSheet

register = template.Library()


@register.inclusion_tag("components/collection_chip.html")
def collection_chip(wanted):
    """The earliest window of a product (one piece) or basket; without one, why not. A fixed number of queries."""
    goods = [placing.pieces(wanted)] if isinstance(wanted, ProductSheet) else placing.goods_of(wanted)
    now = timezone.now()
    offers = windows.offers(goods, now=now) if goods else []
    found = [(window, offer.point) for offer in offers for window in offer.windows[:1]]
    window, point = min(found, key=lambda pair: pair[0].starts_at, default=(None, None))
    day = opening.day_name(timezone.localtime(window.starts_at), now=now) if window else ""
    return {"window": window, "day": day, "point": point, "reason": offers[0].reason if offers and not found else ""}


@register.simple_tag(takes_context=True)
def unpaid_order(context):
    """The order that this browser has made and not paid yet, or None."""
    return attempts.unpaid(context["request"])
