"""The fake's payment side: sessions, intents, charges, and what a resident does on the hosted page."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from shops.payments.fake import shapes
from shops.payments.fake.errors import invalid, missing, refused
from shops.payments.fake.events import happened
from shops.payments.fake.models import BalanceTransaction, Charge, Intent, Refund, Session

HOLD = timedelta(days=7)
SETTLEMENT = timedelta(days=3)
SHORTEST_PAGE, LONGEST_PAGE = timedelta(minutes=30), timedelta(hours=24)


def get(model, wanted: str):
    """The locked row of an id from a URL; raises 404."""
    row = model.objects.select_for_update().filter(pk=wanted).first()
    if row is None:
        raise missing(model.__name__.lower(), wanted)
    return row


def fee(cents: int) -> int:
    """European standard cards: 1.5 % + 25 c, half up."""
    return int((Decimal(cents) * 15 / 1000).quantize(Decimal(1), ROUND_HALF_UP)) + 25


def create_session(sent: dict) -> dict:
    """POST /v1/checkout/sessions, in the one way that the site uses: a hosted page with manual capture."""
    if sent.get("mode") != "payment" or sent.get("ui_mode") != "hosted_page":
        raise invalid("Only hosted pages in payment mode exist here.", param="mode")
    data = sent.get("payment_intent_data", {})
    if data.get("capture_method") != "manual":
        raise invalid("Only manual capture exists here.", param="payment_intent_data[capture_method]")
    if "success_url" not in sent:
        raise invalid("Missing required param: success_url.", code="parameter_missing", param="success_url")
    amount = sum(line["price_data"]["unit_amount"] * line.get("quantity", 1) for line in sent.get("line_items", []))
    if amount < 50:
        raise invalid("The amount must be at least 0.50 eur.", code="amount_too_small", param="line_items")
    now = timezone.now()
    expires_at = datetime.fromtimestamp(sent["expires_at"], UTC) if "expires_at" in sent else now + LONGEST_PAGE
    if not SHORTEST_PAGE <= expires_at - now + timedelta(seconds=1) <= LONGEST_PAGE + timedelta(seconds=2):
        raise invalid("expires_at must be between 30 minutes and 24 hours ahead.", param="expires_at")
    intent = Intent.objects.create(
        amount=amount, transfer_group=data.get("transfer_group", ""), metadata=data.get("metadata", {})
    )
    row = Session.objects.create(
        intent=intent,
        lines=[
            {
                "name": line["price_data"]["product_data"]["name"],
                "unit_amount": line["price_data"]["unit_amount"],
                "quantity": line.get("quantity", 1),
            }
            for line in sent["line_items"]
        ],
        success_url=sent["success_url"],
        cancel_url=sent.get("cancel_url", ""),
        customer_email=sent.get("customer_email", ""),
        client_reference_id=sent.get("client_reference_id", ""),
        locale=sent.get("locale", "auto"),
        expires_at=expires_at,
        metadata=sent.get("metadata", {}),
    )
    return shapes.session(row)


def retrieve_session(wanted: str) -> dict:
    row = get(Session, wanted)
    return shapes.session(row)


def expire_session(sent: dict, wanted: str) -> dict:
    """POST /v1/checkout/sessions/{id}/expire: only an open page can be closed."""
    row = get(Session, wanted)
    if row.status != "open":
        raise refused("", f'Only Checkout Sessions with a status in ["open"] can be expired. It is {row.status}.')
    _close(row)
    return shapes.session(row)


def let_time_pass() -> None:
    """What happens by itself at Stripe: pages that nobody paid are closed, holds that nobody debited are released."""
    now = timezone.now()
    if not (_overdue_pages(now).exists() or _overdue_holds(now).exists()):
        return
    with transaction.atomic():
        for row in _overdue_pages(now).select_for_update():
            _close(row)
        for row in _overdue_holds(now).select_for_update():
            _cancel(row, "expired")


def _overdue_pages(now: datetime):
    return Session.objects.filter(status="open", expires_at__lte=now)


def _overdue_holds(now: datetime):
    return Intent.objects.filter(status="requires_capture", charge__capture_before__lte=now)


def _close(row: Session) -> None:
    row.status = "expired"
    row.save(update_fields=["status"])
    row.intent.status = "canceled"
    row.intent.cancellation_reason = "automatic"
    row.intent.save(update_fields=["status", "cancellation_reason"])
    happened("checkout.session.expired", shapes.session(row))


def pay(row: Session) -> None:
    """The resident's bank agrees to hold the amount."""
    intent = row.intent
    charge = Charge(intent=intent, amount=intent.amount, metadata=intent.metadata)
    charge.capture_before = timezone.now() + HOLD
    charge.save()
    intent.status, intent.capturable, intent.last_error = "requires_capture", intent.amount, None
    intent.save(update_fields=["status", "capturable", "last_error"])
    row.status = "complete"
    row.save(update_fields=["status"])
    happened("payment_intent.amount_capturable_updated", shapes.intent(intent))
    happened("checkout.session.completed", shapes.session(row))


def decline(row: Session, code: str) -> None:
    """The bank, or the resident at 3-D Secure, says no. The page stays open for another try."""
    intent = row.intent
    intent.last_error = {"type": "card_error", "code": code, "decline_code": "generic_decline"}
    if code == "payment_intent_authentication_failure":
        del intent.last_error["decline_code"]
    intent.status = "requires_payment_method"
    intent.save(update_fields=["last_error", "status"])
    happened("payment_intent.payment_failed", shapes.intent(intent))


def retrieve_intent(wanted: str) -> dict:
    return shapes.intent(get(Intent, wanted))


def capture_intent(sent: dict, wanted: str) -> dict:
    """POST /v1/payment_intents/{id}/capture: once, at most what is held; the rest is released."""
    row = get(Intent, wanted)
    if row.status == "canceled" and row.cancellation_reason == "expired":
        raise refused("charge_expired_for_capture", "The hold has expired.")
    if row.status == "succeeded":
        raise refused("charge_already_captured", "This PaymentIntent was captured already.")
    if row.status != "requires_capture":
        raise refused("payment_intent_unexpected_state", f"This PaymentIntent is {row.status}.")
    amount = sent.get("amount_to_capture", row.capturable)
    if not 0 < amount <= row.capturable:
        raise refused("amount_too_large", "amount_to_capture must be between 1 and amount_capturable.")
    row.status, row.capturable, row.received = "succeeded", 0, amount
    row.save(update_fields=["status", "capturable", "received"])
    row.charge.captured = amount
    row.charge.save(update_fields=["captured"])
    BalanceTransaction.objects.create(
        kind="charge",
        source=row.charge.id,
        amount=amount,
        fee=fee(amount),
        available_at=timezone.now() + SETTLEMENT,
    )
    happened("charge.captured", shapes.charge(row.charge))
    happened("payment_intent.succeeded", shapes.intent(row))
    return shapes.intent(row)


def cancel_intent(sent: dict, wanted: str) -> dict:
    """POST /v1/payment_intents/{id}/cancel: not after the capture."""
    row = get(Intent, wanted)
    if row.status in ("succeeded", "canceled"):
        raise refused("payment_intent_unexpected_state", f"You cannot cancel this PaymentIntent: it is {row.status}.")
    _cancel(row, sent.get("cancellation_reason", "requested_by_customer"))
    return shapes.intent(row)


def _cancel(row: Intent, reason: str) -> None:
    row.status, row.capturable, row.cancellation_reason = "canceled", 0, reason
    row.save(update_fields=["status", "capturable", "cancellation_reason"])
    happened("payment_intent.canceled", shapes.intent(row))


def retrieve_charge(wanted: str) -> dict:
    return shapes.charge(get(Charge, wanted))


def create_refund(sent: dict) -> dict:
    """POST /v1/refunds: at most what was captured and not refunded."""
    if "charge" in sent:
        charge = get(Charge, sent["charge"])
    elif "payment_intent" in sent:
        charge = Charge.objects.select_for_update().filter(intent_id=sent["payment_intent"]).first()
    else:
        raise invalid("One of charge or payment_intent is required.", code="parameter_missing", param="charge")
    if charge is None or charge.captured == 0:
        raise refused("charge_not_refundable", "Nothing was captured.")
    if hasattr(charge, "dispute") and charge.dispute.status != "won":
        raise refused("charge_disputed", "This charge has been charged back and cannot be refunded.")
    left = charge.captured - charge.refunded
    if left == 0:
        raise refused("charge_already_refunded", "The charge was refunded already.")
    amount = sent.get("amount", left)
    if not 0 < amount <= left:
        raise refused("amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")
    row = Refund.objects.create(charge=charge, amount=amount, metadata=sent.get("metadata", {}))
    charge.refunded += amount
    charge.save(update_fields=["refunded"])
    now = timezone.now()
    BalanceTransaction.objects.create(kind="refund", source=row.id, amount=-amount, available_at=now)
    happened("refund.created", shapes.refund(row))
    happened("charge.refunded", shapes.charge(charge))
    return shapes.refund(row)


def retrieve_refund(wanted: str) -> dict:
    return shapes.refund(get(Refund, wanted))


def refunds(sent: dict):
    """The rows of GET /v1/refunds."""
    rows = Refund.objects.select_related("charge")
    if "payment_intent" in sent:
        rows = rows.filter(charge__intent_id=sent["payment_intent"])
    return rows.filter(charge_id=sent["charge"]) if "charge" in sent else rows
