"""The shop itself: choice of shop, profile, weekly hours, closures, pause."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shops import hours
from shops.desk.forms import ClosureForm, ShopForm
from shops.desk.week import WeekForm
from shops.models import Shop, ShopOrder
from shops.permissions import Role, shop_staff

PAUSES_MINUTES = (15, 30, 60)  # as in desk/pause.html
HOLIDAYS_AHEAD_DAYS = 120


@never_cache
@login_required
@require_GET
def home(request):
    """The only shop of a person, or the choice among several."""
    shops = list(Shop.objects.of(request.user))
    if len(shops) == 1:
        joins = shops[0].status in (Shop.Status.DRAFT, Shop.Status.WAITING)
        return redirect("desk:start" if joins else "desk:board", shops[0].slug)
    return render(request, "shops/desk/home.html", {"shops": shops})


@shop_staff(Role.HELPER)
@require_GET
def start(request, shop):
    """Where a person of this shop begins: the list of what is missing before its opening, the orders afterwards."""
    joins = shop.status in (Shop.Status.DRAFT, Shop.Status.WAITING) and request.staff.role == Role.OWNER
    return redirect("desk:joining" if joins else "desk:board", shop.slug)


@shop_staff(Role.HELPER)
def profile(request, shop):
    """What residents read, and the way to hours and pause."""
    form = ShopForm(request.POST or None, instance=shop)
    if request.method == "POST":
        if not _is_manager(request):
            messages.error(request, _("Only owners and managers can change this."))
            return redirect("desk:shop", shop.slug)
        if form.is_valid():
            form.save()
            messages.success(request, _("Your shop page is saved."))
            return redirect("desk:shop", shop.slug)
        shop.refresh_from_db()
    now = timezone.now()
    context = {
        "shop": shop,
        "section": "shop",
        "form": form if _is_manager(request) else None,
        "is_open": hours.is_open(shop, now),
        "next_open": hours.next_open(shop, now),
    }
    return render(request, "shops/desk/shop.html", context)


def _is_manager(request) -> bool:
    return request.staff.role in (Role.MANAGER, Role.OWNER)


@shop_staff(Role.MANAGER)
def week(request, shop):
    """The ordinary week."""
    form = WeekForm(request.POST or None, osm=shop.opening_hours)
    if request.method == "POST" and form.is_valid():
        Shop.objects.filter(pk=shop.pk).update(opening_hours=form.osm(), hours_confirmed_at=timezone.now())
        messages.success(request, _("Your opening hours are saved."))
        return redirect("desk:week", shop.slug)
    return render(request, "shops/desk/week.html", {"shop": shop, "section": "shop", "form": form})


@shop_staff(Role.MANAGER)
def closures(request, shop):
    """Days off: the list, and a new one. Orders already taken for these days are named."""
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        closure = form.save(commit=False)
        closure.shop = shop
        closure.save()
        messages.success(request, _("The closure is saved."))
        taken = _orders_during(shop, closure)
        if taken:
            text = ngettext(
                "%(count)s order is already taken for these days.",
                "%(count)s orders are already taken for these days.",
                taken,
            )
            messages.warning(request, text % {"count": taken})
        return redirect("desk:closures", shop.slug)
    today = timezone.localdate()
    context = {
        "shop": shop,
        "section": "shop",
        "form": form,
        "closures": shop.closures.filter(last_on__gte=today),
        "holidays": _holidays_ahead(shop, today),
    }
    return render(request, "shops/desk/closures.html", context)


def _orders_during(shop, closure) -> int:
    zone = timezone.get_current_timezone()
    begin = datetime.combine(closure.first_on, datetime.min.time(), zone)
    end = datetime.combine(closure.last_on, datetime.max.time(), zone)
    taken = ShopOrder.objects.of(shop).paid().filter(deposit_by__range=(begin, end))
    return taken.exclude(status__in=ShopOrder.ENDED).count()


def _holidays_ahead(shop, today):
    """(day, name, is the shop closed?) of the next months."""
    last = today + timedelta(days=HOLIDAYS_AHEAD_DAYS)
    coming = {**hours.public_holidays(today.year), **hours.public_holidays(today.year + 1)}
    return [
        (day, name, not hours.opening_intervals(shop.opening_hours, day, 1))
        for day, name in sorted(coming.items())
        if today <= day <= last
    ]


@shop_staff(Role.MANAGER)
@require_POST
def remove_closure(request, shop, pk):
    """Open after all."""
    get_object_or_404(shop.closures, pk=pk).delete()
    messages.success(request, _("The closure is removed."))
    return redirect("desk:closures", shop.slug)


@shop_staff(Role.HELPER)
@require_POST
def pause(request, shop):
    """Take no new orders for some minutes, for the rest of the day, or take them again; back to where the button was."""
    wanted = request.POST.get("minutes", "")
    back = "desk:board" if request.POST.get("back") == "board" else "desk:shop"
    lengths = {"day": None} | {str(minutes): minutes for minutes in PAUSES_MINUTES}
    if wanted == "0":
        until = None
        messages.success(request, _("You take orders again."))
    elif wanted in lengths:
        until = hours.end_of_pause(timezone.now(), lengths[wanted])
    else:
        messages.error(request, _("Please choose how long the pause lasts."))
        return redirect(back, shop.slug)
    Shop.objects.filter(pk=shop.pk).update(paused_until=until)
    return redirect(back, shop.slug)
