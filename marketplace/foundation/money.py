"""Money: `Decimal` euros with two places, VAT included; integer cents at the payment border. Rounded once, half up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def half_up(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """`amount` rounded to `unit`, halves away from zero, as till receipts do."""
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def to_cents(euros: Decimal) -> int:
    """Exact integer cents; raises `ValueError` when `euros` has a fraction of a cent."""
    cents = euros * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{euros} is not a whole number of cents.")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Euros with exactly two places."""
    return Decimal(cents).scaleb(-2).quantize(CENT)


def vat_within(total: Decimal, rate: Decimal) -> Decimal:
    """The VAT contained in `total` (euros, VAT included) at `rate` percent."""
    return half_up(total * rate / (100 + rate))


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` cents in proportion to `weights`; the parts add up to `total`, ties go to the earlier part.

    All parts are 0 when all weights are 0 and `total` is 0; raises `ValueError` when there is nobody to give to.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("Cannot split an amount among zero weights.")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
