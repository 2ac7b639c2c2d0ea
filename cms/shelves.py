"""What a shelf on a page shows at this moment: only goods that can be bought."""

from collections.abc import Iterable

from oscar.core.loading import get_model

from shops.models import ProductSheet, Shop

ProductCategory = get_model("catalogue", "ProductCategory")


def goods(
    *, limit: int, shop: Shop | None = None, category=None, chosen: Iterable[ProductSheet | None] = ()
) -> list[ProductSheet]:
    """At most `limit` sheets on sale and in stock.

    `chosen` sheets come in the editor's order (a deleted one is None and is skipped); without them the newest of
    `shop` and of `category` with everything below it.
    """
    sheets = ProductSheet.objects.on_sale().in_stock().for_cards()
    wanted = [sheet.pk for sheet in chosen if sheet is not None]
    if wanted:
        found = sheets.in_bulk(wanted)
        return [found[pk] for pk in wanted if pk in found][:limit]
    if shop is not None:
        sheets = sheets.filter(shop=shop)
    if category is not None:
        below = category.get_descendants_and_self()
        sheets = sheets.filter(product__in=ProductCategory.objects.filter(category__in=below).values("product"))
    return list(sheets.one_per_family().order_by("-created_at", "-pk")[:limit])


def shops(*, chosen: Iterable[Shop | None] = ()) -> list[Shop]:
    """Open shops: the chosen ones in the editor's order, or all of them by name."""
    wanted = [shop.pk for shop in chosen if shop is not None]
    if not wanted:
        return list(Shop.objects.public().order_by("name"))
    found = Shop.objects.public().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]
