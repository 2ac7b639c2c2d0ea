"""What a shop may offer instead of goods that it lacks: proposed in a list, or named by reference or barcode."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shops.models import ProductSheet, ShopOrderLine
from shops.orders import replacing

PROPOSED = 40  # a list on a phone; whatever is not in it is named by its reference
LOOKED_AT = 120


def proposals(line: ShopOrderLine) -> list[ProductSheet]:
    """Goods on the shelf that may stand in for `line`: first those of its own categories, the nearest price first."""
    categories = get_model("catalogue", "Product").categories.through.objects
    own = categories.filter(product__sheet=line.sheet_id).values("category")
    alike = categories.filter(product=OuterRef("product"), category__in=own)
    found = (
        _of_shop(line)
        .in_stock()
        .filter(
            product__is_public=True,
            stock__price__lte=line.unit_price,
            temperature=line.temperature,
            volume_l__lte=line.volume_l,
        )
    )
    nearest = found.annotate(alike=Exists(alike)).order_by("-alike", "-stock__price", "pk")[:LOOKED_AT]
    return [sheet for sheet in nearest if not replacing.hindrance(line, sheet)][:PROPOSED]


def named(line: ShopOrderLine, code: str) -> ProductSheet | None:
    """The shop's product with this reference or barcode."""
    return _of_shop(line).filter(Q(reference__iexact=code) | (Q(ean=code) & ~Q(ean=""))).first()


def in_words(sheet: ProductSheet) -> str:
    """One entry of the list."""
    words = {"title": sheet.title, "price": f"{number_format(sheet.price, 2)}\u00a0€", "left": sheet.left}
    if sheet.by_weight:
        return _("%(title)s, at most %(price)s a piece (%(left)s left)") % words
    return _("%(title)s, %(price)s (%(left)s left)") % words


def _of_shop(line: ShopOrderLine) -> QuerySet[ProductSheet]:
    return ProductSheet.objects.with_all().filter(shop=line.shop_order.shop_id).exclude(pk=line.sheet_id)
