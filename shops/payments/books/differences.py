"""What a comparison yields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shops.models import Operation, Payment


@dataclass(frozen=True)
class Difference:
    """Two figures that should be equal (cents, pieces for stock, words for states)."""

    where: str
    what: str
    ours: object
    theirs: object


def compare(where: str, pairs: Iterable[tuple[str, object, object]]) -> Iterator[Difference]:
    """The pairs (what, ours, theirs) that are not equal."""
    for what, ours, theirs in pairs:
        if ours != theirs:
            yield Difference(where, what, ours, theirs)


def payments_to_compare():
    """Every payment with what the comparison reads, oldest first."""
    return (
        Payment.objects.select_related("order")
        .prefetch_related("transfers__shop_order", "refunds", "entries", "operations")
        .order_by("pk")
    )


def is_under_way(payment: Payment) -> bool:
    """Whether calls are owed: Stripe then rightly says something else than we do."""
    return any(operation.status == Operation.Status.DUE for operation in payment.operations.all())
