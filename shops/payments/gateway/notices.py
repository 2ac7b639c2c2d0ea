"""Webhooks: verified, and reduced to ids."""

import json
from datetime import datetime

import stripe
from django.conf import settings

from shops.payments import errors
from shops.payments.answers import Notice
from shops.payments.gateway.connection import client, translated


def read_notice(body: bytes, signature: str) -> Notice:
    """Verify `body` against each of our secrets and take the ids out of it; raises `BadSignature`."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, IndexError, UnicodeDecodeError):  # a header or a body that is not even well formed
            break
        return _notice(body)
    raise errors.BadSignature("No secret of ours signed this.")


def _notice(body: bytes | str) -> Notice:
    event = json.loads(body)
    livemode = bool(event.get("livemode"))
    if event.get("object") == "v2.core.event":
        related = event.get("related_object") or {}
        return Notice(event["id"], event["type"], related.get("id", ""), livemode)
    thing = event["data"]["object"]
    return Notice(
        id=event["id"],
        kind=event["type"],
        object_id=thing.get("id", ""),
        livemode=livemode,
        intent_id=thing["id"] if thing["object"] == "payment_intent" else thing.get("payment_intent") or "",
        op_id=(thing.get("metadata") or {}).get("op_id", ""),
    )


def undelivered(since: datetime) -> list[Notice]:
    """Events that Stripe could not deliver since a moment: the lost webhooks."""
    wanted = {"delivery_success": False, "created": {"gte": int(since.timestamp())}, "limit": 100}
    with translated():
        return [_notice(json.dumps(each.to_dict())) for each in client().v1.events.list(wanted).auto_paging_iter()]
