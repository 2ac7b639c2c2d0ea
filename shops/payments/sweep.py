"""What nobody told us: payments that hang, pages that nobody paid, webhooks that were lost."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shops.models import Operation, Payment, Shop
from shops.payments import charges, errors, gateway, onboarding, operations, standings, transfers, webhooks
from shops.payments.locks import lock_payment

logger = logging.getLogger(__name__)

Status = Payment.Status
HANGING = timedelta(minutes=3)
HELD = timedelta(minutes=15)
WARN_BEFORE = timedelta(hours=24)


def work() -> None:
    """One round of everything that payments owe. Runs every few seconds, may run twice at once, loses nothing if killed."""
    webhooks.process_due()
    operations.work_due()
    compare_hanging()
    abandon_unpaid()
    transfers.retry_blocked()


def compare_hanging(now=None) -> int:
    """Compare with Stripe each payment that has waited too long for a word; returns how many."""
    now = now or timezone.now()
    late = Q(status__in=[Status.SESSION_OPEN, Status.CAPTURING], checked_at__lte=now - HANGING)
    held = Q(status=Status.AUTHORISED, checked_at__lte=now - HELD)
    rows = list(Payment.objects.filter(late | held))
    for payment in rows:
        try:
            charges.sync(payment)
        except errors.GatewayError as error:
            logger.warning("Payment %s could not be compared with Stripe: %s", payment.uuid, error)
        if (
            payment.status == Status.AUTHORISED
            and payment.capture_before
            and payment.capture_before - now < WARN_BEFORE
        ):
            standings.alert(
                payment, f"the hold ends at {payment.capture_before:%Y-%m-%d %H:%M} UTC: debit or release it"
            )
    return len(rows)


def abandon_unpaid(now=None) -> int:
    """End every payment that was not made in time, after a last look at Stripe; the shops take their goods back.

    Without an answer from Stripe the attempt ends all the same: the owed closing of the page and the orphan rule see to
    it that money which arrives later goes back.
    """
    now = now or timezone.now()
    rows = list(Payment.objects.filter(status__in=[Status.NEW, Status.SESSION_OPEN], expires_at__lte=now))
    for payment in rows:
        try:
            charges.sync(payment)
        except errors.GatewayError as error:
            logger.warning("Payment %s ends without a last look at Stripe: %s", payment.uuid, error)
        with transaction.atomic():
            payment = lock_payment(payment)
            if payment.status not in (Status.NEW, Status.SESSION_OPEN):
                continue
            had_page = payment.status == Status.SESSION_OPEN
            standings.lose(payment, Status.ABANDONED, reason="not paid in time")
            if had_page:
                operations.owe(Operation.Kind.EXPIRE, payment=payment)
    return len(rows)


def catch_up(hours: int = 2) -> int:
    """Once an hour: store the events that Stripe could not deliver, ask again about shops that cannot be paid.

    Returns the number of lost events. Raises a `GatewayError` when Stripe gives no answer.
    """
    notices = gateway.undelivered(timezone.now() - timedelta(hours=hours))
    for notice in notices:
        webhooks.store(notice)
    for shop in Shop.objects.filter(transfers_active=False).exclude(stripe_account=""):
        onboarding.refresh(shop)
    return len(notices)
