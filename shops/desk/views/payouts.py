"""The shop's own Stripe account: opened and completed by an owner on Stripe's pages. Until then nothing can be sold."""

import logging

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shops.payments import onboarding
from shops.payments.errors import GatewayError, PaymentUnavailable
from shops.permissions import Role, shop_staff

logger = logging.getLogger(__name__)


@shop_staff(Role.OWNER)
@require_GET
def state(request, shop):
    """Whether the shop can be paid, and the way to Stripe."""
    return render(request, "shops/desk/payouts.html", {"shop": shop, "section": "shop"})


@shop_staff(Role.OWNER)
@require_POST
def begin(request, shop):
    """Open the account if there is none yet, and go to Stripe's pages."""
    return _to_stripe(request, shop)


@shop_staff(Role.OWNER)
@require_GET
def resume(request, shop):
    """Stripe sends people here when a link is spent: the next one, as long as there is an account to complete."""
    return _to_stripe(request, shop) if shop.stripe_account else redirect("desk:payouts", shop.slug)


@shop_staff(Role.OWNER)
@require_GET
def come_back(request, shop):
    """From Stripe's pages. Whether it worked is asked there, never taken from the address."""
    try:
        payable = onboarding.refresh(shop)
    except GatewayError:
        logger.exception("Stripe did not say whether %s can be paid", shop.name)
        messages.error(request, _("Stripe does not answer at the moment. Please look again in some minutes."))
    else:
        if payable:
            messages.success(request, _("Your shop can be paid: your goods are on sale."))
        else:
            messages.warning(request, _("Stripe still misses something, or is checking it."))
    return redirect("desk:payouts", shop.slug)


def _to_stripe(request, shop):
    def at(name):
        return settings.SITE_URL + reverse(f"desk:{name}", args=[shop.slug])

    try:
        address = onboarding.start(shop, return_url=at("payouts_return"), refresh_url=at("payouts_resume"))
    except PaymentUnavailable:
        logger.exception("No onboarding page for %s", shop.name)
        messages.error(request, _("Stripe does not answer at the moment. Please look again in some minutes."))
        return redirect("desk:payouts", shop.slug)
    return redirect(address)
