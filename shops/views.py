"""What residents see of the shops: the list, a shop, the aisles, a product. Nothing here asks who is looking."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shops import aisles, choosing, opening
from shops.browsing import Wish, page_of
from shops.models import ProductSheet, Shop
from shops.structured import product_data, shop_data

MORE_OF_THE_SHOP = 4


@require_safe
def shop_list(request):
    """Every open shop by name, and whether its door is open; `metier` and `ouvert` in the address narrow the list."""
    now = timezone.now()
    rows = [(shop, opening.now_at(shop, now)) for shop in Shop.objects.public().prefetch_related("closures")]
    trade, open_only = request.GET.get("metier", ""), request.GET.get("ouvert") == "1"
    context = {
        "rows": [(shop, door) for shop, door in rows if trade in ("", shop.trade) and (door.open or not open_only)],
        "trades": sorted({(shop.trade, str(shop.get_trade_display())) for shop, _door in rows}, key=lambda row: row[1]),
        "trade": trade,
        "open_only": open_only,
    }
    return render(request, "shops/list.html", context)


@require_safe
def shop_detail(request, slug):
    """A shop with its story, hours, goods and legal identity."""
    shop = get_object_or_404(Shop.objects.public().prefetch_related("closures"), slug=slug)
    now = timezone.now()
    wish = Wish.of(request.GET)
    context = {
        "shop": shop,
        "opening": opening.now_at(shop, now),
        "pause": opening.pause_at(shop, now),
        "pictures": shop.pictures.all(),
        "cutoff": opening.cutoff(shop),
        "week": opening.week(shop),
        "closures": opening.coming_closures(shop, now),
        "page": page_of(wish.apply(shop.sheets.on_sale().for_cards()), request.GET.get("page")),
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
        "page": page_of(wish.apply(goods.for_cards()), request.GET.get("page")),
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
    more = sheet.shop.sheets.on_sale().in_stock().for_cards().exclude(pk=sheet.pk)
    if sheet.family_id:
        more = more.exclude(family=sheet.family_id)
    more = more.one_per_family().order_by("-created_at", "-pk")
    now = timezone.now()
    context = {
        "sheet": sheet,
        "opening": opening.now_at(sheet.shop, now),
        "pause": opening.pause_at(sheet.shop, now),
        "aisle": aisles.of_product(sheet.product),
        "options": choosing.options(sheet),
        "more": more[:MORE_OF_THE_SHOP],
        "structured": product_data(request, sheet),
    }
    return render(request, "shops/product.html", context)
