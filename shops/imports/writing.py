"""Rows that were judged become products: a part of them at a time, each part whole or not at all."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shops import products, shelving
from shops.imports import pictures
from shops.imports.judging import Judge
from shops.imports.tables import Row
from shops.imports.verdicts import CREATE, REFUSE, Problem, Verdict

AT_ONCE = 250


def write(judge: Judge, rows: list[Row], *, by=None) -> list[Verdict]:
    """Judge `rows` on the locked shelf and write what they say, in the name of `by`; what became of each.

    When somebody else has taken a reference in between, the rows are written one by one, and that one is refused.
    """
    try:
        with transaction.atomic():
            return _together(judge, rows, by)
    except (IntegrityError, products.ProductError):
        return [_alone(judge, row, by) for row in rows]


def _together(judge: Judge, rows: list[Row], by) -> list[Verdict]:
    verdicts = list(judge.judge(rows))
    writing = [verdict for verdict in verdicts if verdict.writes]
    if writing:
        changes = [_filed(judge, verdict) for verdict in writing]
        pairs = list(zip(writing, changes, strict=True))
        shelving.save(
            judge.shop,
            new=[change for verdict, change in pairs if verdict.kind == CREATE],
            changed=[change for verdict, change in pairs if verdict.kind != CREATE],
            by=by,
        )
        pictures.want_all([(verdict.change.sheet, verdict.picture) for verdict in writing if verdict.picture])
    return verdicts


def _alone(judge: Judge, row: Row, by) -> Verdict:
    one = Judge(judge.shop, judge.placed, aisles=judge.aisles, locks=True)
    one.seen = judge.seen
    try:
        with transaction.atomic():
            return _together(one, [row], by)[0]
    except (IntegrityError, products.ProductError):
        return Verdict(
            row.line, REFUSE, problems=(Problem("", _("Somebody changed this product at the same moment: try again.")),)
        )


def _filed(judge: Judge, verdict: Verdict) -> shelving.Change:
    if not verdict.aisle:
        return verdict.change
    return verdict.change._replace(category=judge.aisles.row(verdict.aisle))
