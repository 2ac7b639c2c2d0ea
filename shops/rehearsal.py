"""A trial order to oneself: the steps of a real one with a product of the shop, and no order behind it.

A flagged order among the real ones would have to be left out of money, stock, lockers, figures, exports and books, at every
place that reads orders, for ever; one forgotten place would falsify a ledger. So nothing is written but the moment at which
the walk was completed. That its buttons say what the real ones say is held by a test.
"""

import secrets
from dataclasses import dataclass, replace

from django.utils import timezone

from marketplace.foundation.money import half_up
from shops.models import ProductSheet, Shop

NEW, PREPARING, DEPOSIT, COLLECTED = STEPS = ("new", "preparing", "deposit", "collected")
PIECES = 2
CODE_DIGITS = 8


@dataclass(frozen=True)
class Rehearsal:
    """How far the walk has come. `code` is the trial's deposit code: no bank knows it."""

    step: str
    code: str
    bags: int = 1

    @classmethod
    def begin(cls) -> "Rehearsal":
        return cls(NEW, "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)))

    @classmethod
    def read(cls, kept) -> "Rehearsal":
        """What the session has kept; from the beginning when that is nonsense."""
        try:
            found = cls(**kept)
        except TypeError:
            return cls.begin()
        return found if found.step in STEPS else cls.begin()


def goods(shop: Shop) -> ProductSheet | None:
    """The product of the trial: the first one on the shelf."""
    return shop.sheets.with_all().filter(product__is_public=True).order_by("pk").first()


def total(sheet: ProductSheet):
    """Euros of the trial order."""
    return half_up(sheet.price * PIECES)


def accept(trial: Rehearsal) -> Rehearsal:
    """The shop gives everything; a step that is over already changes nothing."""
    return replace(trial, step=PREPARING) if trial.step == NEW else trial


def pack(trial: Rehearsal, *, bags: int) -> Rehearsal:
    """The goods stand ready in so many bags."""
    return replace(trial, step=DEPOSIT, bags=bags) if trial.step == PREPARING else trial


def deposit(trial: Rehearsal, shop: Shop, *, code: str) -> Rehearsal:
    """The code is typed as at the locker bank: the right one ends the walk, and the shop has done its trial order."""
    if trial.step != DEPOSIT or "".join(code.split()) != trial.code:
        return trial
    Shop.objects.filter(pk=shop.pk, rehearsed_at=None).update(rehearsed_at=timezone.now())
    return replace(trial, step=COLLECTED)
