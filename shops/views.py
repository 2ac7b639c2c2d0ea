"""The pages of the storefront. They read, set no cookie, and show the same to everybody."""

from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from oscar.core.loading import get_model

from shops import opening
from shops.models import ProductSheet, Shop
from shops.structured_data import product_data

Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")

PRODUCTS_A_PAGE = 24
MORE_OF_THE_SHOP = 6


@require_safe
def shop_list(request):
    """Every open shop by name, and whether its door is open now."""
    now = timezone.now()
    rows = [(shop, opening.now_at(shop, now)) for shop in Shop.objects.public().prefetch_related("closures")]
    return render(request, "shops/list.html", {"rows": rows})


@require_safe
def shop_detail(request, slug):
    """A shop: its story, hours, goods, and who the trader is (code de la consommation, art. L111-1)."""
    shop = get_object_or_404(Shop.objects.public().prefetch_related("closures"), slug=slug)
    now = timezone.now()
    context = {
        "shop": shop,
        "opening": opening.now_at(shop, now),
        "week": opening.week(shop),
        "closures": opening.coming_closures(shop, now),
        "page": _page_of(request, ProductSheet.objects.filter(shop=shop)),
    }
    return render(request, "shops/detail.html", context)


@require_safe
def category_list(request):
    """The aisles at the top of the tree with what is right below them."""
    rows: list[tuple] = []
    for category in _public_categories().filter(depth__lte=2).order_by("path"):
        if category.depth == 1:
            rows.append((category, []))
        elif rows:
            rows[-1][1].append(category)
    return render(request, "shops/categories.html", {"rows": rows})


@require_safe
def category_detail(request, slug):
    """An aisle with all that lies below it. Branches of the tree that share a name share the page."""
    branches = list(_public_categories().filter(slug=slug).order_by("path"))
    if not branches:
        raise Http404
    below = _public_categories().filter(reduce(or_, (Q(path__startswith=branch.path) for branch in branches)))
    placed = Product.categories.through.objects.filter(category__in=below)
    context = {
        "category": branches[0],
        "above": branches[0].get_ancestors(),
        "children": below.filter(depth__in={branch.depth + 1 for branch in branches}).order_by("path"),
        "page": _page_of(request, ProductSheet.objects.filter(product_id__in=placed.values("product_id"))),
    }
    return render(request, "shops/category.html", context)


@require_safe
def product_detail(request, slug, pk):
    """A product as the law wants it shown before it is bought; an old name in the address leads to the new one."""
    sheet = get_object_or_404(ProductSheet.objects.on_sale().with_all(), product_id=pk)
    if request.path != sheet.get_absolute_url():
        return redirect(sheet, permanent=True)
    others = ProductSheet.objects.on_sale().in_stock().with_all().filter(shop=sheet.shop).exclude(pk=sheet.pk)
    context = {
        "sheet": sheet,
        "category": _public_categories().filter(product=sheet.product_id).order_by("path").first(),
        "others": others.order_by("-created_at", "-pk")[:MORE_OF_THE_SHOP],
        "structured_data": product_data(sheet, site=request.build_absolute_uri("/")),
    }
    return render(request, "shops/product.html", context)


def _public_categories():
    return Category.objects.filter(is_public=True, ancestors_are_public=True)


def _page_of(request, sheets):
    """One page of the goods on sale, in the order of the alphabet: nobody can pay for a better place."""
    shown = sheets.on_sale().with_all().order_by("product__title", "pk")
    return Paginator(shown, PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
