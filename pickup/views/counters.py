"""The counters: hand over to residents, take in from shops."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.foundation import ratelimits
from pickup import collections
from pickup.errors import PickupError, WrongCode
from pickup.forms import CodeForm
from pickup.models import Collection, Parcel, Point
from shops.models import ShopOrder

TRIES_PER_HOUR = 60


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def counter(request, slug):
    """Hand over at a counter: type or scan the resident's code."""
    point = _served(request, slug)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            collection = _hand_over(request, point, form.cleaned_data["code"])
        except PickupError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("Order %(number)s is handed over.") % {"number": collection.order.number})
            return redirect("pickup:counter", slug=slug)
    context = {"point": point, "form": form, "waiting": _waiting(point), "expected": _expected(point)}
    return render(request, "pickup/counter.html", context)


@never_cache
@login_required
@require_POST
def counter_deposit(request, slug, pk):
    """A shop has brought its goods to the counter."""
    point = _served(request, slug)
    shop_order = get_object_or_404(ShopOrder, pk=pk, order__collection__point=point)
    try:
        collections.deposit_at_counter(shop_order, by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The goods of %(shop)s are here.") % {"shop": shop_order.shop.name})
    return redirect("pickup:counter", slug=slug)


def _served(request, slug: str) -> Point:
    return get_object_or_404(Point.objects.served_by(request.user).distinct(), slug=slug)


def _hand_over(request, point: Point, code: str) -> Collection:
    key = f"counter:{point.pk}:{request.user.pk}"
    if not ratelimits.allow(key, limit=TRIES_PER_HOUR, per=timedelta(hours=1)):
        raise WrongCode(_("Too many codes were tried. Please wait an hour or call the help line."))
    return collections.hand_over(point, code, by=request.user)


def _waiting(point: Point):
    return Collection.objects.waiting_at(point).select_related("order").order_by("ends_at")


def _expected(point: Point) -> list[ShopOrder]:
    """Shop orders that may be brought here now: paid, and with a parcel that has not come."""
    paid = Collection.objects.live().filter(point=point).captured()
    awaited = Parcel.objects.filter(leg__collection__in=paid, status=Parcel.Status.EXPECTED)
    return list(ShopOrder.objects.filter(parcels__in=awaited).select_related("shop").distinct().order_by("deposit_by"))
