"""What residents see of the shops: the list, a shop, the aisles, a product. Nothing here asks who is looking."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shops import aisles
from shops.browsing import Wish, page_of
from shops.models import ProductSheet, Shop
from shops.opening import coming_closures, opening, week
from shops.structured import product_data, shop_data

MORE_OF_THE_SHOP = 4


@require_safe
def shop_list(request):
    """Every open shop by name; `metier` and `ouvert` in the address narrow it."""
    now = timezone.now()
    shops = [_with_opening(shop, now) for shop in Shop.objects.public().prefetch_related("closures")]
    trade, open_only = request.GET.get("metier", ""), request.GET.get("ouvert") == "1"
    context = {
        "shops": [
            row for row in shops if trade in ("", row["shop"].trade) and (row["opening"].is_open or not open_only)
        ],
        "trades": sorted({(row["shop"].trade, row["shop"].get_trade_display()) for row in shops}, key=lambda t: t[1]),
        "trade": trade,
        "open_only": open_only,
    }
    return render(request, "shops/list.html", context)


def _with_opening(shop: Shop, now: datetime) -> dict:
    return {"shop": shop, "opening": opening(shop, now)}


@require_safe
def shop_detail(request, slug):
    """A shop with its story, hours, goods and legal identity."""
    shop = get_object_or_404(Shop.objects.public().prefetch_related("closures"), slug=slug)
    now = timezone.now()
    wish = Wish.of(request.GET)
    page = page_of(wish.apply(shop.sheets.on_sale().with_all()), request.GET.get("page"))
    context = {
        "shop": shop,
        "opening": opening(shop, now),
        "week": week(shop, now),
        "closures": coming_closures(shop, now),
        "page": page,
        "page_query": wish.query,
        "wish": wish,
        "structured": shop_data(request, shop),
    }
    return render(request, "shops/detail.html", context)


@require_safe
def categories(request):
    """All aisles at a glance."""
    return render(request, "shops/categories.html", {"aisles": aisles.top(aisles.tree())})


@require_safe
def category(request, slug):
    """The goods of an aisle and of all aisles below it."""
    found = aisles.named(aisles.tree(), slug)
    if not found:
        raise Http404
    goods = ProductSheet.objects.on_sale().filter(product_id__in=aisles.products_of(found))
    wish = Wish.of(request.GET)
    context = {
        "aisle": found[0],
        "children": [child for aisle in found for child in aisle.children],
        "shops": Shop.objects.filter(pk__in=goods.values("shop_id")),
        "page": page_of(wish.apply(goods.with_all()), request.GET.get("page")),
        "page_query": wish.query,
        "wish": wish,
    }
    return render(request, "shops/category.html", context)


@require_safe
def product(request, slug, pk):
    """A product with all that must be known before buying it."""
    sheet = get_object_or_404(ProductSheet.objects.on_sale().with_all(), product_id=pk)
    if request.path != sheet.get_absolute_url():
        return redirect(sheet, permanent=True)
    tree = aisles.tree()
    own = sheet.product.categories.order_by("-depth", "path").first()
    more = sheet.shop.sheets.on_sale().in_stock().with_all().exclude(pk=sheet.pk).order_by("-created_at", "-pk")
    context = {
        "sheet": sheet,
        "opening": opening(sheet.shop, timezone.now()),
        "aisle": next((aisle for aisle in tree if own and aisle.category.pk == own.pk), None),
        "more": more[:MORE_OF_THE_SHOP],
        "structured": product_data(request, sheet),
    }
    return render(request, "shops/product.html", context)
