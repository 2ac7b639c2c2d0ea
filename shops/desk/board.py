"""The board: which shop orders stand in which column, and what is urgent. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops import opening
from shops.desk import hooks
from shops.models import Shop, ShopOrder

Status = ShopOrder.Status

SOON_TO_ANSWER = timedelta(minutes=20)
SOON_TO_DEPOSIT = timedelta(minutes=45)
# A phone shows so many of a column, the most urgent; the others are one tap away.
SHOWN = 40
NEAR_DAYS = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
CALM, SOON, LATE = "calm", "soon", "late"


@dataclass(frozen=True)
class Card:
    """A shop order as the board shows it."""

    shop_order: ShopOrder
    lines: list
    due_at: datetime
    urgency: str
    minutes_left: int
    place: str

    @property
    def day(self) -> str:
        """The day of the deadline as people say it."""
        days = (timezone.localdate(self.due_at) - timezone.localdate()).days
        if days in NEAR_DAYS:
            return str(NEAR_DAYS[days])
        return opening.day_name(timezone.localtime(self.due_at))

    @property
    def waits(self) -> bool:
        """Whether the resident has still to say if they take what is offered instead."""
        return any(line.is_offered for line in self.lines)

    @property
    def to_weigh(self) -> list:
        """Lines whose weight is asked with the bags; of a new order those that will be, once it is accepted."""
        if self.answers:
            return [line for line in self.lines if line.by_weight]
        return [line for line in self.lines if line.needs_weight]

    @property
    def answers(self) -> bool:
        """Whether the deadline is that of the answer, not of the deposit."""
        return self.shop_order.status == Status.AWAITING


@dataclass(frozen=True)
class Column:
    """One column, or tab on a phone."""

    key: str
    title: str
    cards: list[Card]
    empty: str
    total: int

    @property
    def hidden(self) -> int:
        """Less urgent orders that are not shown."""
        return self.total - len(self.cards)


@dataclass(frozen=True)
class Board:
    """Everything the desk's start page shows."""

    columns: list[Column]
    waiting: list[tuple[ShopOrder, str]]
    """Deposited, with the name of the place."""
    done: list[ShopOrder]

    @property
    def unanswered(self) -> int:
        """New orders, shown or not."""
        return self.columns[0].total


class _Mark(NamedTuple):
    """As much of an open order as says where it stands on the board: only those that are shown are read whole."""

    pk: int
    status: str
    deposit_by: datetime
    answer_by: datetime


def on_desk(shop: Shop) -> QuerySet[ShopOrder]:
    """The shop orders that the people of `shop` may see: its own, once the payment stands."""
    return ShopOrder.objects.of(shop).paid()


def board(shop: Shop, *, whole: str = "", now: datetime | None = None) -> Board:
    """The board of `shop` at this moment, most urgent first; of each column the first `SHOWN`, of the one named `whole` all."""
    now = now or timezone.now()
    open_orders = on_desk(shop).exclude(status__in=ShopOrder.ENDED)
    marks = [_Mark(*row) for row in open_orders.values_list("pk", "status", "deposit_by", "answer_by")]
    where = hooks.whereabouts([mark.pk for mark in marks])
    sorted_out = {key: [] for key in ("new", "preparing", "deposit", "deposited")}
    for mark in sorted(marks, key=lambda mark: (mark.deposit_by, mark.pk)):
        sorted_out[_column_of(mark.status, where.get(mark.pk))].append(mark)
    sorted_out["new"].sort(key=lambda mark: (mark.answer_by, mark.pk))
    shown = {key: found if key in (whole, "deposited") else found[:SHOWN] for key, found in sorted_out.items()}
    rows = ShopOrder.objects.in_bulk([mark.pk for found in shown.values() for mark in found])
    shown = {key: [rows[mark.pk] for mark in found if mark.pk in rows] for key, found in shown.items()}
    prefetch_related_objects(
        [row for key, found in shown.items() if key != "deposited" for row in found], "lines__sheet", "lines__replaces"
    )

    def column(key: str, title: str, empty: str) -> Column:
        cards = [card(row, where.get(row.pk), now=now) for row in shown[key]]
        return Column(key, title, cards, empty, len(sorted_out[key]))

    return Board(
        columns=[
            column("new", _("New"), _("No new order.")),
            column("preparing", _("To prepare"), _("Nothing to prepare.")),
            column("deposit", _("To deposit"), _("Nothing to deposit.")),
        ],
        waiting=[(row, where[row.pk].place) for row in shown["deposited"]],
        done=_done_today(shop, now),
    )


def card(shop_order: ShopOrder, where: hooks.Whereabouts | None, *, now: datetime) -> Card:
    """One card with its deadline in words' reach; the lines are read unless they were fetched."""
    prefetch_related_objects([shop_order], "lines__sheet", "lines__replaces")
    answering = shop_order.status == Status.AWAITING
    due_at = shop_order.answer_by if answering else shop_order.deposit_by
    left = due_at - now
    soon = SOON_TO_ANSWER if answering else SOON_TO_DEPOSIT
    return Card(
        shop_order=shop_order,
        lines=list(shop_order.lines.all()),
        due_at=due_at,
        urgency=LATE if left <= timedelta(0) else SOON if left <= soon else CALM,
        minutes_left=max(0, int(left.total_seconds() // 60)),
        place=where.place if where else "",
    )


def _column_of(status: str, where: hooks.Whereabouts | None) -> str:
    if where is not None and where.deposited:
        return "deposited"
    return {Status.AWAITING: "new", Status.READY: "deposit"}.get(status, "preparing")


def _done_today(shop: Shop, now: datetime) -> list[ShopOrder]:
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(collected_at__gte=morning) | Q(answered_at__gte=morning) | Q(paid_at__gte=morning)
    return list(on_desk(shop).filter(today, status__in=ShopOrder.ENDED).order_by("-pk"))
