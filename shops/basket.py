"""The basket page and the three things that can be done to it. The rows are Oscar's; stock is promised at placing only.

Forms that add to the basket stand on pages that are the same for everybody and set no cookie, so they carry no form
token. `from_here` stands in for it: browsers say where a request comes from, and no page can make them lie.
"""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shops.directory import attach_sheets, group_by_shop
from shops.models import ProductSheet

MOST_OF_A_LINE = 99


class QuantityError(Exception):
    """This many pieces cannot be had; the text says why. The basket is as it was."""


def from_here(request) -> bool:
    """Whether a request was made by a page of this site.

    Fetch Metadata first, then Origin against Host, as Go's `net/http.CrossOriginProtection` does. A client that sends
    neither is no browser of the last years, so it carries nobody's basket.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def only_from_here(view):
    """Refuse (403) what another site makes a browser send, without a form token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not from_here(request):
            raise PermissionDenied(_("This form was sent from another site."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@never_cache
def summary(request):
    """Lines by shop with sub-totals; what cannot be had at the moment stands apart and costs nothing."""
    kept, aside = [], []
    for line in attach_sheets(request.basket.all_lines()):
        sentence = _trouble(line.stockrecord.sheet, line.quantity)
        (aside if sentence else kept).append((line, sentence))
    groups = group_by_shop([line for line, _sentence in kept])
    context = {"groups": groups, "aside": aside, "total": sum(group.subtotal for group in groups)}
    return render(request, "shops/basket.html", context)


@require_POST
@only_from_here
def add(request):
    """Put `quantity` pieces of `product` (Oscar's id) into the basket, on top of those already there."""
    sheet = get_object_or_404(ProductSheet.objects.on_sale().with_all(), product_id=_whole(request.POST.get("product")))
    try:
        quantity = _quantity(request.POST.get("quantity", "1"), least=1)
        _check(sheet, quantity + request.basket.product_quantity(sheet.product))
    except QuantityError as refusal:
        messages.error(request, str(refusal))
        return redirect(sheet)
    request.basket.add_product(sheet.product, quantity)
    messages.success(request, _("“%(title)s” is in your basket.") % {"title": sheet.title})
    return redirect("basket:summary")


@require_POST
@only_from_here
def update(request):
    """Set the quantity of one's own `line`; 0 takes it out."""
    lines = attach_sheets(request.basket.all_lines().filter(pk=_whole(request.POST.get("line"))))
    if not lines:
        return redirect("basket:summary")
    line, sheet = lines[0], lines[0].stockrecord.sheet
    try:
        quantity = _quantity(request.POST.get("quantity"), least=0)
        if quantity:
            _check(sheet, quantity)
    except QuantityError as refusal:
        messages.error(request, str(refusal))
        return redirect("basket:summary")
    if quantity:
        line.quantity = quantity
        line.save(update_fields=["quantity", "date_updated"])
    else:
        line.delete()
        messages.success(request, _("“%(title)s” was taken out of your basket.") % {"title": sheet.title})
    return redirect("basket:summary")


@require_safe
@never_cache
def badge(request):
    """How many pieces are in the basket, for the link at the top of every page."""
    count = request.basket.num_items
    label = ngettext("%(count)d article in the basket", "%(count)d articles in the basket", count) % {"count": count}
    return JsonResponse({"count": count, "label": label})


def _whole(text: str | None) -> int:
    """The natural number that `text` is, else 0, which is nobody's key."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _quantity(text: str | None, *, least: int) -> int:
    """A quantity as typed. Raises `QuantityError`."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= MOST_OF_A_LINE:
        raise QuantityError(
            _("Please give a quantity from %(least)d to %(most)d.") % {"least": least, "most": MOST_OF_A_LINE}
        )
    return int(text)


def _check(sheet: ProductSheet, quantity: int) -> None:
    """Raise `QuantityError` when `quantity` pieces cannot be had now."""
    if sentence := _trouble(sheet, quantity):
        raise QuantityError(sentence)


def _trouble(sheet: ProductSheet, quantity: int) -> str:
    """Why `quantity` pieces cannot be had now; empty when they can."""
    if not (sheet.product.is_public and sheet.shop.is_selling):
        return _("“%(title)s” is no longer on sale.") % {"title": sheet.title}
    if not sheet.left:
        return _("“%(title)s” is sold out.") % {"title": sheet.title}
    if quantity > MOST_OF_A_LINE:
        return _("At most %(most)d pieces of one product fit into an order.") % {"most": MOST_OF_A_LINE}
    if quantity > sheet.left:
        return ngettext(
            "Only %(left)d piece of “%(title)s” is left.", "Only %(left)d pieces of “%(title)s” are left.", sheet.left
        ) % {"left": sheet.left, "title": sheet.title}
    return ""
