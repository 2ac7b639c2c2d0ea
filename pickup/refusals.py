"""Wishes that a locker bank could not serve, written down with window and sizes: the plan is judged by them."""

from collections.abc import Iterable

from pickup.models import Point, Refusal
from pickup.times import Evening, Window, deposit_from


def unsaved(point: Point, window: Window, request, *, code: str) -> Refusal:
    """The refusal of a `windows.Request` in one window. Saving it is for whoever ends the transaction: see `keep`."""
    return Refusal(
        point=point,
        code=code,
        at=request.now,
        deposit_from=deposit_from(point, window, request.now),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        low_door=request.low_door,
        legs=[[plan.temperature, plan.size] for plan in request.plans],
    )


def first(point: Point, nights: list[Evening], request, *, code: str) -> Refusal | None:
    """The refusal of the first evening, which the resident would have liked best; None when there is no evening."""
    return unsaved(point, nights[0].whole, request, code=code) if nights and code and hasattr(point, "bank") else None


def keep(refusals: Iterable[Refusal | None], *, basket: int | None) -> int:
    """Write down what the resident with this basket was refused, each place and window once; the number looked at."""
    wanted = [refusal for refusal in refusals if refusal is not None]
    for refusal in wanted:
        refusal.basket = basket
    if wanted:
        Refusal.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)
