"""The client of Stripe, its errors as ours, and what every call carries."""

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

import stripe
from django.conf import settings

from shops.payments import errors

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
def translated():
    """Stripe's errors as ours. The code decides, not the class (docs/payments.md, "Unknown outcomes")."""
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


def options(operation) -> dict:
    """The key by which Stripe knows a repeated call of `operation`."""
    return {"idempotency_key": operation.key}


def metadata_of(operation, **more) -> dict[str, str]:
    """What makes an object of Stripe recognisable as the work of `operation`."""
    return {"op_id": str(operation.uuid), "env": settings.INSTANCE_MODE, **more}


def moment(seconds: int | None) -> datetime | None:
    """Stripe's seconds since 1970 as an aware moment."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
