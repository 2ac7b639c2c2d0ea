"""What a bank has learnt of its own weeks, for planning; nothing before it has seen enough."""

from datetime import datetime
from functools import lru_cache

from pickup.models import Bank, DwellCurve
from pickup.planning import Foresight, prices
from pickup.planning.dwell import Rates

# So many stays make the rates of one bank good enough to promise by (docs/allocation.md).
ENOUGH_STAYS = 300


def of_bank(bank: Bank) -> Foresight | None:
    """None when the bank keeps whole windows free: its operator wants it so, or too few stays have been observed.

    Reads nothing when the bank was selected with its `dwell`.
    """
    curve = getattr(bank, "dwell", None)
    if curve is None or curve.observed < ENOUGH_STAYS or bank.certainty >= 1:
        return None
    return _foresight(_Learnt(curve), float(bank.certainty))


class _Learnt:
    """A curve that equals another of the same bank and night, so that its arrays are made once."""

    def __init__(self, curve: DwellCurve):
        self.curve = curve
        self.key: tuple[int, datetime] = (curve.bank_id, curve.learnt_at)

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return self.key == other.key


@lru_cache(maxsize=256)
def _foresight(learnt: _Learnt, certainty: float) -> Foresight:
    return Foresight(
        rates=Rates.from_json(learnt.curve.rates),
        certainty=certainty,
        prices=prices.from_json(learnt.curve.prices),
    )
