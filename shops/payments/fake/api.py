"""The fake's one state machine behind both transports: a request in, a status, a body and headers out.

authorisation → ordered faults → idempotency key → contract check → the endpoint, in one transaction → answer kept
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import stripe.params as v1
import stripe.params.checkout as v1_checkout
import stripe.params.v2.core as v2
from django.db import IntegrityError, transaction

from shops.payments.fake import checkout, connect, contract, disputes, shapes
from shops.payments.fake.errors import ApiError, invalid, missing, rate_limited, server_error
from shops.payments.fake.models import BalanceTransaction, Charge, Fault, Idempotency, Intent, Transfer


class NoAnswer(Exception):
    """The connection breaks before the answer arrives; whether the call worked is for the caller to find out."""


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: dict
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return json.dumps(self.body)


@dataclass(frozen=True)
class Route:
    """One endpoint: `run(sent, *ids)` answers a body, or the rows of a list to be shown by `each`."""

    method: str
    pattern: str
    params: type
    run: object
    each: object = None


def _bare(function):
    """An endpoint that needs nothing but the ids of its path."""
    return lambda _sent, *ids: function(*ids)


ID = r"([A-Za-z0-9_]+)"
ROUTES = [
    Route("POST", "/v2/core/accounts", v2.AccountCreateParams, connect.create_account),
    Route("GET", f"/v2/core/accounts/{ID}", v2.AccountRetrieveParams, _bare(connect.retrieve_account)),
    Route("POST", "/v2/core/account_links", v2.AccountLinkCreateParams, connect.create_link),
    Route("POST", "/v1/checkout/sessions", v1_checkout.SessionCreateParams, checkout.create_session),
    Route("GET", f"/v1/checkout/sessions/{ID}", v1_checkout.SessionRetrieveParams, _bare(checkout.retrieve_session)),
    Route("POST", f"/v1/checkout/sessions/{ID}/expire", v1_checkout.SessionExpireParams, checkout.expire_session),
    Route("GET", f"/v1/payment_intents/{ID}", v1.PaymentIntentRetrieveParams, _bare(checkout.retrieve_intent)),
    Route("POST", f"/v1/payment_intents/{ID}/capture", v1.PaymentIntentCaptureParams, checkout.capture_intent),
    Route("POST", f"/v1/payment_intents/{ID}/cancel", v1.PaymentIntentCancelParams, checkout.cancel_intent),
    Route("GET", f"/v1/charges/{ID}", v1.ChargeRetrieveParams, _bare(checkout.retrieve_charge)),
    Route("POST", "/v1/refunds", v1.RefundCreateParams, checkout.create_refund),
    Route("GET", "/v1/refunds", v1.RefundListParams, checkout.refunds, shapes.refund),
    Route("GET", f"/v1/refunds/{ID}", v1.RefundRetrieveParams, _bare(checkout.retrieve_refund)),
    Route("GET", f"/v1/disputes/{ID}", v1.DisputeRetrieveParams, _bare(disputes.retrieve)),
    Route("POST", "/v1/transfers", v1.TransferCreateParams, connect.create_transfer),
    Route("GET", "/v1/transfers", v1.TransferListParams, connect.transfers, shapes.transfer),
    Route("GET", f"/v1/transfers/{ID}", v1.TransferRetrieveParams, _bare(connect.retrieve_transfer)),
    Route("POST", f"/v1/transfers/{ID}/reversals", v1.TransferReversalCreateParams, connect.create_reversal),
    Route(
        "GET",
        f"/v1/transfers/{ID}/reversals",
        v1.TransferReversalListParams,
        _bare(connect.reversals),
        shapes.reversal,
    ),
    Route("GET", "/v1/balance", v1.BalanceRetrieveParams, _bare(connect.balance)),
    Route(
        "GET",
        "/v1/balance_transactions",
        v1.BalanceTransactionListParams,
        connect.balance_transactions,
        shapes.balance_transaction,
    ),
    Route("GET", "/v1/events", v1.EventListParams, connect.events, shapes.event),
]

EXPANDABLE = {
    "payment_intent": (Intent, shapes.intent),
    "latest_charge": (Charge, shapes.charge),
    "charge": (Charge, shapes.charge),
    "balance_transaction": (BalanceTransaction, shapes.balance_transaction),
    "transfer": (Transfer, shapes.transfer),
}
# A replayed failure stays a failure: Stripe tells its clients not to try the same key at once.
REPLAYS = {"Stripe-Should-Retry": "false"}


def answer(method: str, url: str, headers: dict[str, str], body: str) -> Answer:
    """Answer one request; `url` may carry a query. Raises `NoAnswer` when a timeout was ordered."""
    headers = {name.lower(): value for name, value in headers.items()}
    address = urlsplit(url)
    path = address.path
    try:
        _authorise(headers.get("authorization", ""))
        checkout.let_time_pass()
        if Fault.strikes(Fault.Kind.RATE_LIMIT, path):
            raise rate_limited()
        if Fault.strikes(Fault.Kind.TIMEOUT_BEFORE, path):
            raise NoAnswer
        act = partial(_act, method, path, address.query, headers, body)
        key = headers.get("idempotency-key", "") if method == "POST" else ""
        result = _once(key, f"{method} {path}\n{body}", path, act) if key else _guarded(path, act)
    except ApiError as error:
        result = Answer(error.status, error.body, REPLAYS if error.status >= 500 else {})
    if Fault.strikes(Fault.Kind.TIMEOUT_AFTER, path):
        raise NoAnswer
    return result


def _authorise(header: str) -> None:
    scheme, _space, key = header.partition(" ")
    if scheme != "Bearer" or not key.startswith(("sk_test_", "rk_test_")):
        raise ApiError(401, "invalid_request_error", "Invalid API Key provided.")


def _guarded(path: str, act) -> Answer:
    """Do it in one transaction, unless a failure was ordered."""
    if Fault.strikes(Fault.Kind.SERVER_ERROR, path):
        raise server_error()
    with transaction.atomic():
        return Answer(200, act())


def _once(key: str, request: str, path: str, act) -> Answer:
    """Do it, or repeat the first answer to this key; the answer is kept in the transaction of what it did."""
    fingerprint = hashlib.sha256(request.encode()).hexdigest()
    try:
        with transaction.atomic():
            kept = Idempotency.objects.filter(pk=key).first()
            if kept is not None:
                return _replay(kept, fingerprint)
            try:
                result = _guarded(path, act)
            except ApiError as error:
                if not error.stored:
                    raise
                result = Answer(error.status, error.body, REPLAYS if error.status >= 500 else {})
            Idempotency.objects.create(key=key, fingerprint=fingerprint, status=result.status, body=result.body)
            return result
    except IntegrityError as error:
        raise ApiError(409, "idempotency_error", "The same key is in use.", code="idempotency_key_in_use") from error


def _replay(kept: Idempotency, fingerprint: str) -> Answer:
    if kept.fingerprint != fingerprint:
        raise ApiError(
            400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters."
        )
    return Answer(kept.status, kept.body, {"Idempotent-Replayed": "true", **(REPLAYS if kept.status >= 500 else {})})


def _act(method: str, path: str, query: str, headers: dict[str, str], body: str) -> dict:
    for route in ROUTES:
        match = re.fullmatch(route.pattern, path) if route.method == method else None
        if match:
            sent = contract.read(route.params, _sent(method, path, query, headers, body))
            found = route.run(sent, *match.groups())
            if route.each is not None:
                return _page(path, found, route.each, sent)
            return _expanded(found, sent.get("expand", []))
    raise missing("route", f"{method} {path}")


def _sent(method: str, path: str, query: str, headers: dict[str, str], body: str) -> dict:
    """The parameters as sent: a query for GET, JSON for v2, a form for v1."""
    if method == "GET":
        return contract.decode_form(query)
    wanted = "application/json" if path.startswith("/v2/") else "application/x-www-form-urlencoded"
    if body and not headers.get("content-type", "").startswith(wanted):
        raise invalid(f"This endpoint takes {wanted}.")
    return json.loads(body or "{}") if path.startswith("/v2/") else contract.decode_form(body or "")


def _page(path: str, rows, each, sent: dict) -> dict:
    """Newest first, after `starting_after`, at most `limit`."""
    rows = list(rows)
    ids = [row.pk for row in rows]
    first = ids.index(sent["starting_after"]) + 1 if sent.get("starting_after") in ids else 0
    limit = min(sent.get("limit", 10), 100)
    return shapes.page(path, [each(row) for row in rows[first : first + limit]], len(rows) > first + limit)


def _expanded(shown: dict, paths: list[str]) -> dict:
    """`shown` with the objects in place of the ids named by `paths` (`payment_intent.latest_charge`)."""
    for path in paths:
        node = shown
        for name in path.split("."):
            wanted = node.get(name)
            if isinstance(wanted, str):
                model, shape = EXPANDABLE[name]
                node[name] = shape(model.objects.get(pk=wanted))
            node = node[name]
            if node is None:
                break
    return shown
