"""The resident's payment: the hosted page, the hold, the debit."""

from django.conf import settings

from shops.payments.answers import Line, Page, Standing
from shops.payments.gateway.connection import CURRENCY, client, metadata_of, moment, options, translated


def open_page(payment, operation, *, lines: list[Line], email: str, success_url: str, cancel_url: str) -> Page:
    """Create the hosted page that asks the resident's bank to hold `payment.amount`."""
    number = payment.order.number
    metadata = metadata_of(operation, order=number)
    parameters = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "line_items": [
            {
                "quantity": line.quantity,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": line.unit_amount,
                    "product_data": {"name": line.title},
                },
            }
            for line in lines
        ],
        "client_reference_id": str(payment.uuid),
        "locale": payment.language,
        "expires_at": int(payment.session_expires_at.timestamp()),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "payment_intent_data": {
            "capture_method": "manual",
            "transfer_group": number,
            "statement_descriptor_suffix": number[:22],
            "metadata": metadata,
        },
        "metadata": metadata,
    }
    if email:
        parameters["customer_email"] = email
    if settings.STRIPE_PAYMENT_METHOD_CONFIGURATION:
        parameters["payment_method_configuration"] = settings.STRIPE_PAYMENT_METHOD_CONFIGURATION
    with translated():
        session = client().v1.checkout.sessions.create(parameters, options=options(operation))
    return Page(id=session.id, url=session.url)


def close_page(payment, operation) -> str:
    """Close the hosted page for ever; returns its id. Refused when it was paid or closed before."""
    with translated():
        return client().v1.checkout.sessions.expire(payment.session_id, options=options(operation)).id


def standing(payment) -> Standing:
    """Read the payment's session with its intent and charge."""
    with translated():
        session = client().v1.checkout.sessions.retrieve(
            payment.session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    return _standing_of(session)


def _standing_of(session) -> Standing:
    intent = session.payment_intent
    facts = {"session_status": session.status or "", "livemode": session.livemode, "currency": session.currency or ""}
    if intent is None:
        return Standing(**facts)
    charge = intent.latest_charge
    error = getattr(intent, "last_payment_error", None)
    facts |= {
        "intent_id": intent.id,
        "intent_status": intent.status,
        "livemode": session.livemode or intent.livemode,
        "amount": intent.amount,
        "capturable": intent.amount_capturable,
        "received": intent.amount_received,
        "decline_code": (getattr(error, "decline_code", None) or getattr(error, "code", None) or "") if error else "",
    }
    if charge is not None:
        card = getattr(charge.payment_method_details, "card", None)
        balance = charge.balance_transaction
        facts |= {
            "charge_id": charge.id,
            "refunded": charge.amount_refunded,
            "capture_before": moment(getattr(card, "capture_before", None)),
            "card_brand": getattr(card, "brand", None) or "",
            "card_last4": getattr(card, "last4", None) or "",
            "fee": balance.fee if balance is not None else None,
        }
    return Standing(**facts)


def capture(payment, operation) -> str:
    """Debit `operation.amount` cents of the hold; the rest is released. Returns the intent's id."""
    with translated():
        return (
            client()
            .v1.payment_intents.capture(
                payment.intent_id, {"amount_to_capture": operation.amount}, options=options(operation)
            )
            .id
        )


def cancel(payment, operation) -> str:
    """Release the hold. Returns the intent's id."""
    with translated():
        return (
            client()
            .v1.payment_intents.cancel(
                payment.intent_id, {"cancellation_reason": "requested_by_customer"}, options=options(operation)
            )
            .id
        )
