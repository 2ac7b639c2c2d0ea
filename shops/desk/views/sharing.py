"""Shared tablets, PINs, the mandate of the association, and the shop's book of deeds."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shops import deeds, mandates, tablets
from shops.desk.people_forms import MandateForm, PinForm, TabletForm, WhoForm
from shops.models import ShopOrder
from shops.permissions import Role, shop_staff

DEEDS_A_PAGE = 50


@shop_staff(Role.OWNER)
def list_tablets(request, shop):
    """The tablets of the shop. Adding one makes the browser that asks for it the tablet, and signs the owner out of it."""
    form = TabletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _tablet, secret = tablets.add(shop, **form.cleaned_data, by=request.user)
        logout(request)
        answer = redirect("desk:tablet")
        answer.set_cookie(
            tablets.COOKIE,
            secret,
            max_age=tablets.COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer
    context = {
        "shop": shop,
        "section": "people",
        "form": form,
        "tablets": shop.tablets.filter(ended_at=None).select_related("by"),
        "without_pin": not shop.staff.filter(is_active=True).exclude(pin="").exists(),
    }
    return render(request, "shops/desk/tablets.html", context)


@shop_staff(Role.OWNER)
@require_POST
def end_tablet(request, shop, pk):
    """Stolen, broken or sold: nobody taps there any more."""
    tablet = get_object_or_404(shop.tablets.select_related("shop"), pk=pk)
    if tablets.end(tablet, by=request.user):
        messages.success(request, _("This tablet is signed out."))
    return redirect("desk:tablets", shop.slug)


@never_cache
def tablet(request):
    """The lock screen: who are you? Only on a shared tablet."""
    device = tablets.of(request)
    if device is None:
        return redirect_to_login(request.get_full_path())
    if request.user.is_authenticated:
        return redirect("desk:board", device.shop.slug)
    form = WhoForm(request.POST or None, people=tablets.people(device))
    if request.method == "POST" and form.is_valid():
        try:
            tablets.switch(request, device, staff_pk=form.cleaned_data["who"], pin=form.cleaned_data["pin"])
        except tablets.TabletError as error:
            form.add_error("pin", str(error))
        else:
            return redirect(_following(request, device))
    elif request.method == "GET":
        tablets.lock(request)
    context = {
        "tablet": device,
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "unanswered": ShopOrder.objects.of(device.shop).unanswered().count(),
    }
    return render(request, "shops/desk/tablet.html", context)


def _following(request, device) -> str:
    """The page of this shop's desk that was asked for, else the board."""
    wanted = request.POST.get("next", "")
    board = redirect("desk:board", device.shop.slug).url
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith(board) else board


@shop_staff(Role.HELPER)
def pin(request, shop):
    """The person's own PIN: chosen where they are signed in with their password, never at the tablet."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tablets.choose_pin(request.staff, form.cleaned_data["pin"])
        except tablets.WeakPin as error:
            form.add_error("pin", str(error))
        else:
            messages.success(request, _("Your PIN is saved."))
            return redirect("desk:pin", shop.slug)
    context = {"shop": shop, "section": "people", "form": form, "has_pin": bool(request.staff.pin)}
    return render(request, "shops/desk/pin.html", context)


@shop_staff(Role.OWNER)
def mandate(request, shop):
    """What the association may do for the shop: the words, until when, and the end of it."""
    form = MandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mandates.give(shop, until_on=form.cleaned_data["until_on"], by=request.user)
        except mandates.MandateError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The association can act for your shop from now on."))
            return redirect("desk:mandate", shop.slug)
    context = {
        "shop": shop,
        "section": "people",
        "form": form,
        "text": mandates.text_for(shop),
        "running": shop.mandates.running().first(),
        "past": shop.mandates.all()[:10],
    }
    return render(request, "shops/desk/mandate.html", context)


@shop_staff(Role.OWNER)
@require_POST
def end_mandate(request, shop):
    """At once."""
    if mandates.end(shop, by=request.user):
        messages.success(request, _("The mandate is ended: nobody of the association acts for your shop any more."))
    return redirect("desk:mandate", shop.slug)


@shop_staff(Role.MANAGER)
@require_GET
def activity(request, shop):
    """Who did what, the newest first."""
    if request.staff.mandate:
        raise Http404
    page = Paginator(deeds.of(shop), DEEDS_A_PAGE).get_page(request.GET.get("page"))
    context = {"shop": shop, "section": "people", "page": page, "entries": deeds.entries(shop, page.object_list)}
    return render(request, "shops/desk/activity.html", context)
