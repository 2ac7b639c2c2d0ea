"""The shop itself: choice of shop, profile, weekly hours, pause."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shops import deeds, hours, mandates, tablets
from shops.desk import closing
from shops.desk.forms import ShopForm
from shops.desk.week import WeekForm
from shops.models import Deed, Shop
from shops.permissions import Role, shop_staff

PAUSES_MINUTES = (15, 30, 60)  # as in desk/pause.html


@never_cache
@require_GET
def home(request):
    """The only shop of a person, or the choice among several; at a shared tablet the shop that it stands in."""
    if not request.user.is_authenticated:
        return redirect("desk:tablet") if tablets.of(request) else redirect_to_login(request.get_full_path())
    shops, acting = list(Shop.objects.of(request.user)), mandates.shops_of(request.user)
    if len(shops) == 1 and not acting:
        joins = shops[0].status in (Shop.Status.DRAFT, Shop.Status.WAITING)
        return redirect("desk:start" if joins else "desk:board", shops[0].slug)
    request.session["several_shops"] = len(shops) + len(acting) > 1
    return render(request, "shops/desk/home.html", {"shops": shops, "acting": acting})


@shop_staff(Role.HELPER)
@require_GET
def start(request, shop):
    """Where a person of this shop begins: the list of what is missing before its opening, the orders afterwards."""
    if request.staff.mandate:
        return redirect("desk:products", shop.slug)
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
            with transaction.atomic():
                form.instance.save(update_fields=list(form.fields))
                deeds.note(shop, Deed.Kind.PROFILE, by=request.user)
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
        pressed = closing.pressed_by(shop, form.osm())
        with transaction.atomic():
            Shop.objects.filter(pk=shop.pk).update(opening_hours=form.osm(), hours_confirmed_at=timezone.now())
            deeds.note(shop, Deed.Kind.HOURS, by=request.user, detail=form.osm())
        messages.success(request, _("Your opening hours are saved."))
        if pressed:
            text = _("You are open too little for these promised orders, please prepare them all the same: %(orders)s")
            messages.warning(request, text % {"orders": ", ".join(each.number for each in pressed)})
        return redirect("desk:week", shop.slug)
    return render(request, "shops/desk/week.html", {"shop": shop, "section": "shop", "form": form})


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
    with transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(paused_until=until)
        kind = Deed.Kind.RESUME if until is None else Deed.Kind.PAUSE
        end = date_format(timezone.localtime(until), "H:i") if until else ""
        deeds.note(shop, kind, by=request.user, detail=end and _("until %(time)s") % {"time": end})
    return redirect(back, shop.slug)
