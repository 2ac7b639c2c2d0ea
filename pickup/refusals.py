"""Wishes that a locker bank could not serve, written down with window and sizes: the plan is judged by them."""

from collections.abc import Iterable
from datetime import timedelta

from marketplace.foundation import ratelimits
from pickup.models import Point, Refusal
from pickup.times import Evening, Window, deposit_from

PAGES_A_DAY = 50  # of one connection: a household never comes near, one that makes basket after basket soon does


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


def keep(refusals: Iterable[Refusal | None], *, basket: int, visitor: str) -> int:
    """Write down what the resident with this basket was refused, each place, window and reason once; the number written.

    `visitor`: a mark of the connection. After `PAGES_A_DAY` with something to write no more of it is written: a robot would
    drown what the figures and the prices of doors learn from.
    """
    wanted = [refusal for refusal in refusals if refusal is not None]
    if not wanted:
        return 0
    points = [refusal.point for refusal in wanted]
    known = set(Refusal.objects.filter(point__in=points, basket=basket).values_list("point", "starts_at", "code"))
    fresh = [refusal for refusal in wanted if (refusal.point_id, refusal.starts_at, refusal.code) not in known]
    if not fresh or not ratelimits.allow(f"refusals:{visitor}", limit=PAGES_A_DAY, per=timedelta(days=1)):
        return 0
    for refusal in fresh:
        refusal.basket = basket
    return len(Refusal.objects.bulk_create(fresh, ignore_conflicts=True))
