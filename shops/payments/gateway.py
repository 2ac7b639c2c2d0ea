"""The one door to Stripe: the only module of the application that imports `stripe`.

Each function takes our rows, makes one call and returns a small frozen value in integer cents; each raises only the
`GatewayError`s of `errors.py`. Nothing here touches the database, and nothing here runs inside a transaction.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

import stripe
from django.conf import settings

from shops.payments import errors
from shops.payments.answers import Line, Made, Movement, Notice, Page, Payability, Standing

stripe.enable_telemetry = False
stripe.set_app_info("Halles")

CURRENCY = "eur"
# Stripe's words for "try again later, nothing happened" among its 409 answers.
BUSY_CODES = {"idempotency_key_in_use", "lock_timeout"}

_transport: stripe.HTTPClient | None = None


@contextmanager
def through(http_client: stripe.HTTPClient):
    """Within the block all calls go through `http_client` (tests: the in-process fake)."""
    global _transport
    previous, _transport = _transport, http_client
    _client.cache_clear()
    try:
        yield
    finally:
        _transport = previous
        _client.cache_clear()


@lru_cache(maxsize=2)
def _client(key: str, base: str) -> stripe.StripeClient:
    """One client per process: its HTTP sessions are thread-local."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=2,  # left out, StripeClient makes none
        http_client=_transport or stripe.RequestsClient(timeout=(3.05, 20)),
    )


def client() -> stripe.StripeClient:
    """The client of this instance."""
    return _client(settings.STRIPE_API_KEY, settings.STRIPE_API_BASE)


@contextmanager
def _translated():
    """Stripe's errors as ours. The code decides, not the class (docs/payments.md, "Errors")."""
    try:
        yield
    except stripe.IdempotencyError as error:
        raise errors.KeyReused(str(error)) from error
    except stripe.RateLimitError as error:
        raise errors.Busy(str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise errors.Misconfigured(str(error)) from error
    except stripe.APIConnectionError as error:
        raise errors.OutcomeUnknown(str(error)) from error
    except stripe.APIError as error:
        if _code(error) in BUSY_CODES:
            raise errors.Busy(str(error)) from error
        raise errors.OutcomeUnknown(str(error), replayed=True) from error
    except stripe.StripeError as error:
        raise errors.Refused(_code(error) or "unknown", error.user_message or "") from error


def _code(error: stripe.StripeError) -> str:
    """`error.code` is empty on some answers whose body has one."""
    return error.code or getattr(error.error, "code", None) or ""


def _options(operation) -> dict:
    return {"idempotency_key": operation.key}


def _metadata(operation, **more) -> dict[str, str]:
    return {"op_id": str(operation.uuid), "env": settings.INSTANCE_MODE, **more}


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


# --- the resident's payment ------------------------------------------------------------------------------------------


def open_page(payment, operation, *, lines: list[Line], email: str, success_url: str, cancel_url: str) -> Page:
    """Create the hosted page that asks the resident's bank to hold `payment.amount`."""
    number = payment.order.number
    metadata = _metadata(operation, order=number)
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
    with _translated():
        session = client().v1.checkout.sessions.create(parameters, options=_options(operation))
    return Page(id=session.id, url=session.url)


def close_page(payment, operation) -> str:
    """Close the hosted page for ever; returns its id. Refused when it was paid or closed before."""
    with _translated():
        return client().v1.checkout.sessions.expire(payment.session_id, options=_options(operation)).id


def standing(payment) -> Standing:
    """Read the payment's session with its intent and charge."""
    with _translated():
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
            "capture_before": _moment(getattr(card, "capture_before", None)),
            "card_brand": getattr(card, "brand", None) or "",
            "card_last4": getattr(card, "last4", None) or "",
            "fee": balance.fee if balance is not None else None,
        }
    return Standing(**facts)


def capture(payment, operation) -> str:
    """Debit `operation.amount` cents of the hold; the rest is released. Returns the intent's id."""
    with _translated():
        return (
            client()
            .v1.payment_intents.capture(
                payment.intent_id, {"amount_to_capture": operation.amount}, options=_options(operation)
            )
            .id
        )


def cancel(payment, operation) -> str:
    """Release the hold. Returns the intent's id."""
    with _translated():
        return (
            client()
            .v1.payment_intents.cancel(
                payment.intent_id, {"cancellation_reason": "requested_by_customer"}, options=_options(operation)
            )
            .id
        )


# --- refunds, transfers, reversals ------------------------------------------------------------------------------------


def _made(thing) -> Made:
    metadata = getattr(thing, "metadata", None)
    return Made(
        id=thing.id,
        amount=thing.amount,
        status=getattr(thing, "status", None) or "",
        op_id=metadata["op_id"] if metadata is not None and "op_id" in metadata else "",
    )


def refund(payment, operation) -> Made:
    """Send `operation.amount` cents back to the resident's card."""
    parameters = {
        "payment_intent": payment.intent_id,
        "amount": operation.amount,
        "metadata": _metadata(operation, order=payment.order.number),
    }
    with _translated():
        return _made(client().v1.refunds.create(parameters, options=_options(operation)))


def refunds_of(payment) -> list[Made]:
    """Every refund of the payment, whoever made it."""
    with _translated():
        found = client().v1.refunds.list({"payment_intent": payment.intent_id, "limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


def transfer(transfer, operation, *, from_charge: bool) -> Made:
    """Send `operation.amount` cents to the shop. `from_charge` lets the money leave before it has settled."""
    parameters = {
        "amount": operation.amount,
        "currency": CURRENCY,
        "destination": transfer.shop_order.shop.stripe_account,
        "transfer_group": transfer.payment.order.number,
        "description": transfer.shop_order.number,
        "metadata": _metadata(operation, order=transfer.payment.order.number, shop_order=transfer.shop_order.number),
    }
    if from_charge:
        parameters["source_transaction"] = transfer.payment.charge_id
    with _translated():
        return _made(client().v1.transfers.create(parameters, options=_options(operation)))


def transfers_of(payment) -> list[Made]:
    """Every transfer of the order, whoever made it."""
    with _translated():
        found = client().v1.transfers.list({"transfer_group": payment.order.number, "limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


def reverse(transfer, operation) -> Made:
    """Take `operation.amount` cents back from the shop's balance. Refused when the balance is short."""
    parameters = {"amount": operation.amount, "metadata": _metadata(operation, shop_order=transfer.shop_order.number)}
    with _translated():
        return _made(
            client().v1.transfers.reversals.create(transfer.transfer_id, parameters, options=_options(operation))
        )


def reversals_of(transfer) -> list[Made]:
    """Every reversal of a transfer, whoever made it."""
    with _translated():
        found = client().v1.transfers.reversals.list(transfer.transfer_id, {"limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


# --- books -----------------------------------------------------------------------------------------------------------


def movements(since: datetime) -> list[Movement]:
    """Every movement of the platform's balance from `since` on."""
    with _translated():
        found = client().v1.balance_transactions.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        return [
            Movement(id=each.id, kind=each.type, source=each.source or "", amount=each.amount, fee=each.fee)
            for each in found.auto_paging_iter()
        ]


# --- shops' accounts --------------------------------------------------------------------------------------------------


RECIPIENT = ["configuration.recipient"]


def create_account(shop, operation) -> str:
    """Open the shop's recipient account (Accounts v2); returns its id."""
    parameters = {
        "contact_email": shop.email,
        "display_name": shop.name,
        "dashboard": "express",
        "identity": {"country": "fr", "entity_type": "company"},
        "configuration": {
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}},
        },
        "defaults": {
            "currency": CURRENCY,
            "locales": ["fr-FR"],
            "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
        },
        "include": RECIPIENT,
        "metadata": _metadata(operation, shop_id=str(shop.uuid)),
    }
    with _translated():
        return client().v2.core.accounts.create(parameters, options=_options(operation)).id


def account_link(shop, *, refresh_url: str, return_url: str) -> str:
    """A single-use link to Stripe's own onboarding pages."""
    onboarding = {
        "refresh_url": refresh_url,
        "return_url": return_url,
        "collection_options": {"fields": "eventually_due"},
    }
    use_case = {"type": "account_onboarding", "account_onboarding": onboarding}
    with _translated():
        return client().v2.core.account_links.create({"account": shop.stripe_account, "use_case": use_case}).url


def payability(account: str) -> Payability:
    """Read the one status that says whether transfers reach the account."""
    with _translated():
        found = client().v2.core.accounts.retrieve(account, {"include": RECIPIENT})
    recipient = getattr(found.configuration, "recipient", None)
    balance = getattr(getattr(recipient, "capabilities", None), "stripe_balance", None)
    capability = getattr(balance, "stripe_transfers", None)
    if capability is None:
        return Payability(account=found.id, status="unsupported", livemode=found.livemode)
    details = getattr(capability, "status_details", None) or []
    return Payability(
        account=found.id,
        status=capability.status,
        code=details[0].code if details else "",
        livemode=found.livemode,
    )


# --- webhooks --------------------------------------------------------------------------------------------------------


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
    with _translated():
        return [_notice(json.dumps(each.to_dict())) for each in client().v1.events.list(wanted).auto_paging_iter()]
