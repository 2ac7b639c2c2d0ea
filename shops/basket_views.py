"""The basket: its page, putting in, changing, taking out. Everything works without JavaScript."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shops import basket
from shops.models import ProductSheet

WITH_LINK = "basket"  # tag of a message below which the page offers the way to the basket


@require_safe
@never_cache
def summary(request):
    """The basket by shop, what has become unavailable, and the way on."""
    return _page(request)


def _page(request, *, wrong: dict | None = None, status: int = 200):
    """`wrong`: {line, typed, text} of a quantity that was refused; it is shown at its line with what was typed."""
    context = {"review": basket.review(request.basket), "wrong": wrong, "most": basket.MOST_OF_ONE}
    return render(request, "shops/basket.html", context, status=status)


@csrf_exempt
@require_POST
@never_cache
def add(request):
    """Put a product into the visitor's basket and go back to where the button was.

    Without a form token on purpose: a token needs a cookie, and pages with an "add" button must stay the same for all.
    Instead the browser's own word is asked where a form comes from (Sec-Fetch-Site, Origin); an old browser that says
    nothing is let through, because a stranger can at most put goods into a basket, which its owner sees before paying.
    """
    if not _from_own_page(request):
        return HttpResponseForbidden(_("This form comes from another site."))
    sheets = ProductSheet.objects.on_sale().with_all()
    sheet = get_object_or_404(sheets, pk=_number(request.POST.get("product", "")))
    try:
        quantity = basket.read_quantity(request.POST.get("quantity", "1"))
        basket.add(request.basket, sheet, quantity)
    except basket.BasketError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("“%(product)s” is in your basket.", "%(count)s × “%(product)s” are in your basket.", quantity)
        messages.success(request, words % {"product": sheet.title, "count": quantity}, extra_tags=WITH_LINK)
    return redirect(_back(request) or sheet.get_absolute_url())


@require_POST
def change(request, pk):
    """Set the quantity of a line; a refused quantity is shown again with the reason."""
    typed = request.POST.get("quantity", "")
    try:
        basket.change(request.basket, pk, basket.read_quantity(typed))
    except basket.BasketError as error:
        return _page(request, wrong={"line": pk, "typed": typed[:10], "text": str(error)}, status=422)
    return redirect("basket:summary")


@require_POST
def remove(request, pk):
    """Take a line out."""
    if title := basket.remove(request.basket, pk):
        messages.success(request, _("“%(product)s” was taken out of your basket.") % {"product": title})
    return redirect("basket:summary")


@require_POST
def settle(request):
    """Take out or reduce what cannot be had as it is, then go on."""
    basket.settle(request.basket)
    return redirect("basket:summary" if request.basket.is_empty else "checkout:choice")


@require_safe
@never_cache
def badge(request):
    """How many articles are in the basket: {"count", "label"}; fetched apart from the page."""
    count = request.basket.num_items
    label = ngettext("%(count)s article in your basket", "%(count)s articles in your basket", count)
    return JsonResponse({"count": count, "label": label % {"count": count}})


def _from_own_page(request) -> bool:
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _back(request) -> str:
    """The page with the button, when the browser names one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""
