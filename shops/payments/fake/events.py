"""What the fake tells the site: events written with the fact, delivered after the commit by a signed HTTP POST."""

import json
import logging
import threading
from datetime import timedelta

import requests
import stripe
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from shops.payments.fake.models import Delivery, Event, Fault, new_id

logger = logging.getLogger(__name__)

API_SUFFIX = "/demo/stripe/api"
API_VERSION = "2026-10-28.endive"


def happened(kind: str, shown: dict) -> None:
    """Write a snapshot event of an object and owe its delivery."""
    event_id = new_id("evt")
    body = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(timezone.now().timestamp()),
        "livemode": False,
        "type": kind,
        "data": {"object": shown},
    }
    _write(Event(id=event_id, kind=kind, body=body))


def account_changed(account_id: str) -> None:
    """Write the thin event of a capability that changed."""
    event_id = new_id("evt")
    kind = "v2.core.account[configuration.recipient].capability_status_updated"
    related = {"id": account_id, "type": "v2.core.account", "url": f"/v2/core/accounts/{account_id}"}
    body = {
        "id": event_id,
        "object": "v2.core.event",
        "created": timezone.now().isoformat().replace("+00:00", "Z"),
        "livemode": False,
        "type": kind,
        "related_object": related,
    }
    _write(Event(id=event_id, kind=kind, body=body))


def _write(event: Event) -> None:
    event.save(force_insert=True)
    if Fault.strikes(Fault.Kind.WEBHOOK_DROPPED, event.kind):
        return
    late = Fault.strikes(Fault.Kind.WEBHOOK_LATE, event.kind)
    copies = 2 if Fault.strikes(Fault.Kind.WEBHOOK_TWICE, event.kind) else 1
    try_at = timezone.now() + timedelta(minutes=1) if late else timezone.now()
    Delivery.objects.bulk_create(Delivery(event=event, try_at=try_at) for _copy in range(copies))


def deliver_due(post=None) -> int:
    """Post every delivery that is due with `post(body, signature) -> status`; returns how many arrived.

    A site that does not answer gets the delivery again later. Never raises because of the other side.
    """
    post = post or _post_over_http
    arrived = 0
    for delivery in Delivery.objects.due().select_related("event"):
        wait = timedelta(seconds=5 * 4**delivery.attempts)
        claimed = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, delivered_at=None)
        if not claimed.update(attempts=delivery.attempts + 1, try_at=timezone.now() + wait):
            continue
        body = json.dumps(delivery.event.body)
        signature = stripe.WebhookSignature.generate_signature_header(body, settings.STRIPE_WEBHOOK_SECRETS[0])
        if 200 <= post(body, signature) < 300:
            Delivery.objects.filter(pk=delivery.pk).update(delivered_at=timezone.now())
            arrived += 1
    return arrived


def _post_over_http(body: str, signature: str) -> int:
    """The status of the site's answer; 0 when there was none."""
    address = settings.STRIPE_API_BASE.removesuffix(API_SUFFIX) + "/webhooks/stripe/"
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    try:
        return requests.post(address, data=body.encode(), headers=headers, timeout=(2, 10)).status_code
    except requests.RequestException as error:
        logger.info("A demonstration webhook did not arrive: %s", error)
        return 0


def deliver_soon() -> None:
    """After the commit, deliver from a thread of its own: the caller never waits for its own webhook."""

    def run():
        try:
            deliver_due()
        finally:
            connection.close()

    transaction.on_commit(threading.Thread(target=run, daemon=True).start, robust=True)
