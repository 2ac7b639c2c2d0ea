"""The outbox: calls owed to Stripe, committed before they are made, repeated with the same key until the answer is known.

no answer                  → again later, same key (Stripe then replays the first result)
Stripe's server failed     → it would replay the failure: look whether the thing exists, else a new operation
older than 23 hours        → Stripe may have forgotten the key: look first, as above
a definite no              → the step decides; a new attempt is a new operation
same key, other parameters → a bug of ours: stopped, a person looks
"""

import logging
from datetime import timedelta
from uuid import uuid4

from celery import signature
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from marketplace.foundation.nudges import nudge
from shops.models import Operation
from shops.payments import errors

logger = logging.getLogger(__name__)

KEY_LIFE = timedelta(hours=23)
LONGEST_WAIT_SECONDS = 1800

STEPS = {
    Operation.Kind.SESSION: "shops.payments.charges.OpenPage",
    Operation.Kind.EXPIRE: "shops.payments.charges.ClosePage",
    Operation.Kind.CAPTURE: "shops.payments.charges.Capture",
    Operation.Kind.CANCEL: "shops.payments.charges.ReleaseHold",
    Operation.Kind.REFUND: "shops.payments.refunds.SendRefund",
    Operation.Kind.TRANSFER: "shops.payments.transfers.SendTransfer",
    Operation.Kind.REVERSAL: "shops.payments.transfers.TakeBack",
    Operation.Kind.ACCOUNT: "shops.payments.onboarding.OpenAccount",
}


class Step:
    """How one kind of operation is performed. Subclasses say what is called and what follows from the answer."""

    def call(self, operation):
        """Make the call; runs outside any transaction. Returns whatever `done` needs; it has an `id` or is a string."""
        raise NotImplementedError

    def find(self, operation):
        """What an earlier attempt of this operation made at Stripe, or None."""
        return

    def done(self, operation, result) -> None:
        """Write what follows from success; runs inside the transaction that closes the operation."""

    def refused(self, operation, refusal: errors.Refused) -> None:
        """Write what follows from a definite no; runs inside the transaction that closes the operation."""


def owe(kind, *, payment=None, refund=None, transfer=None, shop=None, amount: int | None = None) -> Operation:
    """Write an operation (call it inside the transaction of the decision) and nudge the worker after the commit."""
    uuid = uuid4()
    operation = Operation.objects.create(
        uuid=uuid,
        key=f"{settings.INSTANCE_MODE}:{kind}:{uuid}",
        kind=kind,
        payment=payment,
        refund=refund,
        transfer=transfer,
        shop=shop,
        amount=amount,
    )
    nudge(signature("shops.tasks.work_payments"))
    return operation


def work_due() -> int:
    """Perform every operation that is due, each on its own; returns how many were tried."""
    due = list(Operation.objects.due())
    for operation in due:
        perform(operation)
    return len(due)


def perform(operation: Operation) -> None:
    """Try one operation once. Never raises a `GatewayError`: what happened is written on the row.

    Must not run inside a transaction that could undo the row: the key has to survive the call.
    """
    if not _claim(operation):
        return
    step = import_string(STEPS[operation.kind])()
    try:
        result = _attempt(step, operation)
    except errors.OutcomeUnknown as unknown:
        _postpone(operation, unknown, look_first=unknown.replayed)
    except (errors.Busy, errors.Misconfigured) as obstacle:
        _postpone(operation, obstacle)
    except errors.KeyReused as bug:
        logger.error("Operation %s was stopped: %s", operation.uuid, bug)
        _close(operation, Operation.Status.STOPPED, error=str(bug))
    except errors.Refused as refusal:
        _close(operation, Operation.Status.REFUSED, then=step.refused, answer=refusal, error=str(refusal))
    else:
        if result is not None:
            _close(operation, Operation.Status.DONE, then=step.done, answer=result)


def _attempt(step: Step, operation: Operation):
    """The call's result; None when the operation was replaced by one with a new key."""
    if not (operation.look_first or timezone.now() - operation.created_at >= KEY_LIFE):
        return step.call(operation)
    found = step.find(operation)
    if found is None:
        _replace(operation)
    return found


def _claim(operation: Operation) -> bool:
    """Take the row for one attempt: of two workers one gets it, and a killed worker's row comes back by itself."""
    wait = timedelta(seconds=min(10 * 2 ** min(operation.attempts, 10), LONGEST_WAIT_SECONDS))
    rows = Operation.objects.filter(pk=operation.pk, status=Operation.Status.DUE, attempts=operation.attempts)
    if not rows.update(attempts=F("attempts") + 1, try_at=timezone.now() + wait):
        return False
    operation.refresh_from_db()
    return True


def _postpone(operation: Operation, why: errors.GatewayError, *, look_first: bool = False) -> None:
    logger.warning("Operation %s (%s) is tried again at %s: %s", operation.uuid, operation.kind, operation.try_at, why)
    operation.look_first = operation.look_first or look_first
    operation.error = str(why)[:300]
    operation.save(update_fields=["look_first", "error"])


def _replace(operation: Operation) -> None:
    """Nothing of it exists at Stripe: the same intention under a new key, due at once."""
    with transaction.atomic():
        rows = Operation.objects.filter(pk=operation.pk, status=Operation.Status.DUE)
        if rows.update(status=Operation.Status.REPLACED, done_at=timezone.now()):
            owe(
                operation.kind,
                payment=operation.payment,
                refund=operation.refund,
                transfer=operation.transfer,
                shop=operation.shop,
                amount=operation.amount,
            )


def _close(operation: Operation, status: str, *, then=None, answer=None, error: str = "") -> None:
    """Write the answer and what follows from it in one transaction; a second closing of the same row does nothing."""
    with transaction.atomic():
        row = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
        if row.status != Operation.Status.DUE:
            return
        row.status = status
        row.error = error[:300]
        row.done_at = timezone.now()
        row.result_id = getattr(answer, "id", "") or (answer if isinstance(answer, str) else "")
        row.save(update_fields=["status", "error", "done_at", "result_id"])
        if then is not None:
            then(row, answer)
