"""How the money of an order is divided. Pure arithmetic in integer cents; docs/payments.md has the formulas.

For a shop order with `earned` cents of goods:  transfer = max(0, earned − commission − fee share).  After a refund the
target is computed anew and the difference taken back; no percentage is ever applied to a refund.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.foundation.money import half_up, largest_remainder


@dataclass(frozen=True)
class Share:
    """Where the cents of one shop order go; the three add up to what was earned."""

    transfer: int
    commission: int
    fee: int


def share(earned: int, *, commission_bps: int, fee_share: int) -> Share:
    """Divide `earned` cents: commission first, then the fee share as far as the money goes, the rest to the shop."""
    commission = int(half_up(Decimal(earned) * commission_bps / 10_000, Decimal(1)))
    transfer = max(0, earned - commission - fee_share)
    return Share(transfer=transfer, commission=commission, fee=earned - commission - transfer)


def processing_fee(captured: int, *, bps: int, fixed: int) -> int:
    """The contractual fee of one card payment of `captured` cents; nothing captured costs nothing."""
    return int(half_up(Decimal(captured) * bps / 10_000, Decimal(1))) + fixed if captured else 0


def fee_shares(fee: int, grosses: Sequence[int]) -> list[int]:
    """The fee borne by each shop, in proportion to its goods; ties go to the earlier shop."""
    return largest_remainder(fee, grosses)


def refund_of_line(paid: int, *, pieces: int, before: int, now: int) -> int:
    """Cents for `now` more pieces of a line of `pieces` that cost `paid`, when `before` were refunded already.

    Computed on the running total, so that refunding piece by piece gives exactly `paid` in the end.
    """
    return paid * (before + now) // pieces - paid * before // pieces
