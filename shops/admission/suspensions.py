"""Suspending, deciding on an answer, reopening."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shops import suspending
from shops.admission.forms import DecisionForm, ReopeningForm, SuspensionForm
from shops.admission.views import do, page_of, shop_of
from shops.permissions import opens_shops


@opens_shops
@require_POST
def suspend(request, slug):
    """Take the shop off the site, with reasons."""
    shop, form = shop_of(slug), SuspensionForm(request.POST)
    if not form.is_valid():
        return page_of(request, shop, status=422, suspending=form)
    fields = {
        "ground": form.cleaned_data["ground"],
        "reasons": form.cleaned_data["reasons"],
        "starts_at": form.starts_at(),
    }
    done = _("%(shop)s has your statement of reasons by mail.")
    return do(request, shop, lambda: suspending.suspend(shop, **fields, by=request.user), done)


@opens_shops
@require_POST
def decide(request, slug):
    """Decide on what the shop has answered."""
    shop, form = shop_of(slug), DecisionForm(request.POST)
    if not form.is_valid():
        return page_of(request, shop, status=422, deciding=form)
    current = get_object_or_404(shop.suspensions, ended_at=None)
    done = _("%(shop)s has the decision by mail.")
    return do(request, shop, lambda: suspending.decide(current, **form.cleaned_data, by=request.user), done)


@opens_shops
@require_POST
def reopen(request, slug):
    """End the suspension."""
    shop, form = shop_of(slug), ReopeningForm(request.POST)
    if not form.is_valid():
        return page_of(request, shop, status=422, reopening=form)
    done = _("The suspension of %(shop)s has ended.")
    return do(request, shop, lambda: suspending.reopen(shop, **form.cleaned_data, by=request.user), done)
