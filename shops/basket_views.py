"""The basket: its page, putting in, changing, taking out. Everything works without JavaScript.

Buttons that add to the basket stand on pages that are the same for everybody and set no cookie, so they carry no form
token. `only_from_here` stands in for it: browsers say where a request comes from, and no page can make them lie.
"""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shops import basket, opening
from shops.models import ProductSheet

WITH_LINK = "basket"  # tag of a message below which the page offers the way to the basket


def only_from_here(view):
    """Refuse (403) what another site makes a browser send, without a form token.

    Fetch Metadata first, then Origin against Host, as Go's `net/http.CrossOriginProtection` does. A client that sends
    neither is no browser of the last years, so it carries nobody's basket.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site is not None:
            ours = site in ("same-origin", "none")
        else:
            ours = origin is None or urlsplit(origin).netloc == request.get_host()
        if not ours:
            raise PermissionDenied(_("This form was sent from another site."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@never_cache
def summary(request):
    """The basket by shop, what has become unavailable, and the way on."""
    return _page(request)


def _page(request, *, wrong: dict | None = None, status: int = 200):
    """`wrong`: {line, typed, text} of a quantity that was refused; it is shown at its line with what was typed."""
    review = basket.review(request.basket)
    pauses = opening.pauses_at((group.shop for group in review.groups), timezone.now())
    context = {"review": review, "pauses": pauses, "wrong": wrong, "most": basket.MOST_OF_ONE}
    return render(request, "shops/basket.html", context, status=status)


@only_from_here
@require_POST
@never_cache
def add(request):
    """Put `quantity` pieces of `product` (Oscar's id) into the basket and go back to where the button was."""
    sheets = ProductSheet.objects.on_sale().with_all()
    sheet = get_object_or_404(sheets, product_id=_number(request.POST.get("product", "")))
    try:
        quantity = basket.read_quantity(request.POST.get("quantity", "1"))
        basket.add(request.basket, sheet, quantity)
    except basket.BasketError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("“%(product)s” is in your basket.", "%(count)s × “%(product)s” are in your basket.", quantity)
        messages.success(request, words % {"product": sheet.title, "count": quantity}, extra_tags=WITH_LINK)
    return redirect(_back(request) or sheet.get_absolute_url())


@only_from_here
@require_POST
@never_cache
def update(request):
    """Set the quantity of one's own `line`; 0 takes it out. A refused quantity is shown again with the reason."""
    line, typed = _number(request.POST.get("line", "")), request.POST.get("quantity", "")
    if typed.strip() == "0":
        if title := basket.remove(request.basket, line):
            messages.success(request, _("“%(product)s” was taken out of your basket.") % {"product": title})
        return redirect("basket:summary")
    try:
        basket.change(request.basket, line, basket.read_quantity(typed))
    except basket.BasketError as error:
        return _page(request, wrong={"line": line, "typed": typed[:10], "text": str(error)}, status=422)
    return redirect("basket:summary")


@only_from_here
@require_POST
@never_cache
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


def _number(text: str) -> int:
    """The natural number that `text` is, else 0, which is nobody's key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _back(request) -> str:
    """The page with the button, when the browser names one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""
