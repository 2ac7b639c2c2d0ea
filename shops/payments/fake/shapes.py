"""Rows as the JSON that Stripe answers: the fields that clients of ours may read, with the right `object` names."""

from django.conf import settings

from shops.payments.fake.models import (
    Account,
    BalanceTransaction,
    Charge,
    Dispute,
    Event,
    Intent,
    Refund,
    Reversal,
    Session,
    Transfer,
)

Json = dict[str, object]


def _base(thing, name: str) -> Json:
    return {
        "id": thing.id,
        "object": name,
        "created": int(thing.created_at.timestamp()),
        "livemode": False,
        "metadata": thing.metadata,
    }


def page(url: str, rows: list[Json], has_more: bool) -> Json:
    """One page of a list."""
    return {"object": "list", "url": url, "data": rows, "has_more": has_more}


def session(row: Session) -> Json:
    intent_row = row.intent
    paid = intent_row.status in ("requires_capture", "succeeded")
    return _base(row, "checkout.session") | {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "status": row.status,
        "payment_status": "paid" if intent_row.status == "succeeded" else "unpaid",
        "amount_total": intent_row.amount,
        "currency": "eur",
        "client_reference_id": row.client_reference_id or None,
        "customer_email": row.customer_email or None,
        "expires_at": int(row.expires_at.timestamp()),
        "payment_intent": intent_row.id if paid or hasattr(intent_row, "charge") or intent_row.last_error else None,
        "success_url": row.success_url,
        "cancel_url": row.cancel_url or None,
        "url": f"{settings.SITE_URL}/demo/stripe/pay/{row.id}/" if row.status == "open" else None,
    }


def intent(row: Intent) -> Json:
    charge_row = getattr(row, "charge", None)
    return _base(row, "payment_intent") | {
        "amount": row.amount,
        "amount_capturable": row.capturable,
        "amount_received": row.received,
        "cancellation_reason": row.cancellation_reason or None,
        "capture_method": "manual",
        "currency": "eur",
        "last_payment_error": row.last_error,
        "latest_charge": charge_row.id if charge_row else None,
        "status": row.status,
        "transfer_group": row.transfer_group or None,
    }


def charge(row: Charge) -> Json:
    balance = BalanceTransaction.objects.filter(source=row.id).first()
    card = {"brand": row.brand, "last4": row.last4, "capture_before": int(row.capture_before.timestamp())}
    return _base(row, "charge") | {
        "amount": row.amount,
        "amount_captured": row.captured,
        "amount_refunded": row.refunded,
        "balance_transaction": balance.id if balance else None,
        "captured": row.captured > 0,
        "currency": "eur",
        "paid": True,
        "payment_intent": row.intent_id,
        "payment_method_details": {"type": "card", "card": card},
        "refunded": 0 < row.captured == row.refunded,
        "status": "succeeded",
        "transfer_group": row.intent.transfer_group or None,
    }


def refund(row: Refund) -> Json:
    return _base(row, "refund") | {
        "amount": row.amount,
        "charge": row.charge_id,
        "currency": "eur",
        "payment_intent": row.charge.intent_id,
        "status": row.status,
    }


def dispute(row: Dispute) -> Json:
    movements = BalanceTransaction.objects.filter(source=row.id).order_by("created_at")
    return _base(row, "dispute") | {
        "amount": row.amount,
        "balance_transactions": [balance_transaction(each) for each in movements],
        "charge": row.charge_id,
        "currency": "eur",
        "payment_intent": row.charge.intent_id,
        "reason": "general",
        "status": row.status,
    }


def transfer(row: Transfer) -> Json:
    return _base(row, "transfer") | {
        "amount": row.amount,
        "amount_reversed": row.reversed,
        "currency": "eur",
        "description": row.description or None,
        "destination": row.destination_id,
        "reversed": row.reversed == row.amount,
        "source_transaction": row.source_id,
        "transfer_group": row.transfer_group or None,
    }


def reversal(row: Reversal) -> Json:
    return _base(row, "transfer_reversal") | {"amount": row.amount, "currency": "eur", "transfer": row.transfer_id}


def balance_transaction(row: BalanceTransaction) -> Json:
    return _base(row, "balance_transaction") | {
        "amount": row.amount,
        "available_on": int(row.available_at.timestamp()),
        "currency": "eur",
        "fee": row.fee,
        "net": row.amount - row.fee,
        "source": row.source,
        "type": row.kind,
    }


def event(row: Event) -> Json:
    return row.body


def account(row: Account) -> Json:
    """A v2 account with its recipient configuration."""
    details = [] if row.capability == "active" else [{"code": "requirements_past_due", "resolution": "provide_info"}]
    capability = {"status": row.capability, "status_details": details}
    return {
        "id": row.id,
        "object": "v2.core.account",
        "created": row.created_at.isoformat().replace("+00:00", "Z"),
        "livemode": False,
        "contact_email": row.contact_email or None,
        "display_name": row.display_name or None,
        "dashboard": "express",
        "applied_configurations": ["recipient"],
        "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": capability}}}},
        "metadata": row.metadata,
    }
