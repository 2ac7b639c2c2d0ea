"""Stripe's word that something happened. Stored first and answered at once; worked off later by reading the object again."""

import logging
from datetime import timedelta

from celery import signature
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.foundation.nudges import nudge
from shops.models import Operation, Payment, Shop, WebhookEvent
from shops.payments import charges, disputes, errors, gateway, onboarding, refunds, standings

logger = logging.getLogger(__name__)

LARGEST_BODY = 512 * 1024
MAX_ATTEMPTS = 12
ACCOUNT_EVENTS = ("v2.core.account", "account.")
PAYMENT_EVENTS = ("checkout.session.", "payment_intent.", "charge.", "refund.")


@csrf_exempt
@require_POST
def stripe_webhook(request):
    """Verify, store once, answer 200 (also to kinds that we do not know: refusals make Stripe disable the endpoint)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        notice = gateway.read_notice(request.body, request.headers.get("Stripe-Signature", ""))
    except (errors.BadSignature, KeyError, TypeError, ValueError):
        return HttpResponseBadRequest("Not signed by Stripe.")
    store(notice)
    return HttpResponse(status=200)


def store(notice: gateway.Notice) -> None:
    """Keep the event's ids once. A word from the other world (live to a demo, or the reverse) is not kept at all."""
    if notice.livemode != standings.moves_real_money():
        logger.error("Webhook %s has the wrong livemode and was dropped", notice.id)
        return
    with transaction.atomic():
        WebhookEvent.objects.bulk_create(
            [
                WebhookEvent(
                    event_id=notice.id,
                    kind=notice.kind,
                    object_id=notice.object_id,
                    intent_id=notice.intent_id,
                    op_id=notice.op_id,
                )
            ],
            ignore_conflicts=True,
        )
        nudge(signature("shops.tasks.work_payments"))


def process_due() -> int:
    """Work off every stored event that is due; returns how many were tried."""
    due = list(WebhookEvent.objects.due())
    for event in due:
        process(event)
    return len(due)


def process(event: WebhookEvent) -> None:
    """Read again what the event speaks of. Tried again later when Stripe is silent or the object is not known here yet."""
    wait = timedelta(seconds=min(5 * 2**event.attempts, 3600))
    claimed = WebhookEvent.objects.filter(pk=event.pk, done_at=None, attempts=event.attempts)
    if not claimed.update(attempts=event.attempts + 1, try_at=timezone.now() + wait):
        return
    rows = WebhookEvent.objects.filter(pk=event.pk)
    try:
        known = _follow(event)
    except errors.GatewayError as error:
        rows.update(error=str(error)[:300])
        return
    if known:
        rows.update(done_at=timezone.now(), error="")
    elif event.attempts + 1 >= MAX_ATTEMPTS:
        logger.error("Webhook %s (%s) speaks of %s, which is not ours", event.event_id, event.kind, event.object_id)
        rows.update(done_at=timezone.now(), error="not ours")


def _follow(event: WebhookEvent) -> bool:
    """False when the object should be ours but is not known (yet)."""
    if event.kind.startswith(ACCOUNT_EVENTS):
        shop = Shop.objects.filter(stripe_account=event.object_id).exclude(stripe_account="").first()
        if shop is None:
            return False
        onboarding.refresh(shop)
    elif event.kind.startswith(PAYMENT_EVENTS):
        payment = payment_of(event)
        if payment is None:
            return False
        charges.sync(payment)
        if event.kind.startswith(("refund.", "charge.refund")):
            refunds.reconcile(payment)
        if event.kind.startswith("charge.dispute."):
            disputes.follow(payment, event.object_id)
    elif event.kind.startswith("transfer."):
        return Operation.objects.filter(uuid=event.op_id).exists() if event.op_id else False
    return True


def payment_of(event: WebhookEvent) -> Payment | None:
    """The payment an event speaks of: by its page, its intent, or the operation that made it."""
    query = Q(session_id=event.object_id)
    if event.intent_id:
        query |= Q(intent_id=event.intent_id)
    if event.op_id:
        query |= Q(operations__uuid=event.op_id)
    return Payment.objects.filter(query).exclude(session_id="").first()
