"""Goods sold by weight: what a piece costs once it lies on the scale, and the most that it may cost. Pure arithmetic.

The resident reads the usual weight, the price per kilo and the ceiling before ordering. The ceiling is held on the card, the
real weight is debited, never more.
"""

from decimal import ROUND_CEILING, Decimal

from marketplace.foundation.money import CENT, half_up

TOLERANCE = Decimal("1.15")  # no butcher cuts to the gram
LEAST_G, MOST_G = 10, 50_000  # of one piece
HEAVIEST_G = 999_999  # of all pieces of a line


def price_of(grams: int, *, per_kg: Decimal) -> Decimal:
    """Euros for `grams` at `per_kg` euros a kilo."""
    return half_up(per_kg * grams / 1000)


def ceiling(expected_g: int, *, per_kg: Decimal) -> Decimal:
    """The most a piece of about `expected_g` may cost, in euros, rounded up to the cent."""
    return (per_kg * expected_g / 1000 * TOLERANCE).quantize(CENT, rounding=ROUND_CEILING)
