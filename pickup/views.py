"""Pages of the collection points: public list, the operators' wall, the counters."""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.foundation import ratelimits
from pickup import collections, wall
from pickup.errors import PickupError, WrongCode
from pickup.forms import BlockForm, CodeForm
from pickup.models import Collection, Compartment, Parcel, Point
from shops import hours
from shops.models import ShopOrder
from shops.opening import week

TRIES_PER_HOUR = 60


def operators_only(view):
    """Sign in first; for all but staff the page does not exist."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def points(request):
    """Every place where residents can collect, with its hours and how to get in."""
    now = timezone.now()
    found = Point.objects.active().with_doors_counted().select_related("host_shop")
    found = found.prefetch_related("host_shop__closures")
    rows = [
        {
            "point": point,
            "is_open": hours.is_open(point.opening_hours, now),
            "never_closes": point.opening_hours == "24/7",
            "week": week(point),
        }
        for point in found
    ]
    return render(request, "pickup/points.html", {"rows": rows})


@operators_only
@require_safe
def wall_page(request):
    """All banks as drawings and tables, and the counters."""
    context = {
        "banks": wall.views(timezone.now()),
        "counters": Point.objects.active().counters(),
        "block_form": BlockForm(),
    }
    return render(request, "pickup/wall.html", context)


@operators_only
@require_http_methods(["GET", "POST"])
def block(request, pk):
    """Take a compartment out of service, with a reason."""
    compartment = get_object_or_404(Compartment.objects.select_related("bank__point"), pk=pk)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wall.block(compartment, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, _("Compartment %(label)s is blocked.") % {"label": compartment.label})
        return redirect("pickup:wall")
    return render(request, "pickup/block.html", {"compartment": compartment, "form": form})


@operators_only
@require_POST
def unblock(request, pk):
    """Put a compartment back into service."""
    compartment = get_object_or_404(Compartment.objects.select_related("bank"), pk=pk)
    wall.unblock(compartment, by=request.user)
    messages.success(request, _("Compartment %(label)s is in service again.") % {"label": compartment.label})
    return redirect("pickup:wall")


@operators_only
@require_POST
def clear(request, pk):
    """Open the door of uncollected goods."""
    compartment = get_object_or_404(Compartment.objects.select_related("bank"), pk=pk)
    try:
        wall.clear(compartment, by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Compartment %(label)s opens within seconds.") % {"label": compartment.label})
    return redirect("pickup:wall")


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
    return Collection.objects.waiting().filter(point=point).select_related("order").order_by("ends_at")


def _expected(point: Point) -> list[ShopOrder]:
    """Shop orders that may be brought here now: paid, and with a parcel that has not come."""
    paid = Collection.objects.live().filter(point=point).captured()
    awaited = Parcel.objects.filter(leg__collection__in=paid, status=Parcel.Status.EXPECTED)
    return list(ShopOrder.objects.filter(parcels__in=awaited).select_related("shop").distinct().order_by("deposit_by"))
