"""The board: which shop orders stand in which column, and what is urgent. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from shops.desk import hooks
from shops.models import Shop, ShopOrder

Status = ShopOrder.Status

SOON_TO_ANSWER = timedelta(minutes=20)
SOON_TO_DEPOSIT = timedelta(minutes=45)
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
        return date_format(timezone.localtime(self.due_at), "l j F")

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


@dataclass(frozen=True)
class Board:
    """Everything the desk's start page shows."""

    columns: list[Column]
    waiting: list[Card]
    done: list[ShopOrder]
    newest: int


def on_desk(shop: Shop) -> QuerySet[ShopOrder]:
    """The shop orders that the people of `shop` may see: its own, once the payment stands."""
    return ShopOrder.objects.of(shop).paid().prefetch_related("lines__sheet")


def board(shop: Shop, *, now: datetime | None = None) -> Board:
    """The board of `shop` at this moment, most urgent first; `newest` is the highest pk among the new ones, 0 for none."""
    now = now or timezone.now()
    open_orders = list(on_desk(shop).exclude(status__in=ShopOrder.ENDED).order_by("deposit_by", "pk"))
    where = hooks.whereabouts(open_orders)
    cards = {key: [] for key in ("new", "preparing", "deposit", "deposited")}
    for shop_order in open_orders:
        found = where.get(shop_order.pk)
        cards[_column_of(shop_order, found)].append(card(shop_order, found, now=now))
    cards["new"].sort(key=lambda each: (each.due_at, each.shop_order.pk))
    return Board(
        columns=[
            Column("new", _("New"), cards["new"], _("No new order.")),
            Column("preparing", _("To prepare"), cards["preparing"], _("Nothing to prepare.")),
            Column("deposit", _("To deposit"), cards["deposit"], _("Nothing to deposit.")),
        ],
        waiting=cards["deposited"],
        done=_done_today(shop, now),
        newest=max((each.shop_order.pk for each in cards["new"]), default=0),
    )


def card(shop_order: ShopOrder, where: hooks.Whereabouts | None, *, now: datetime) -> Card:
    """One card with its deadline in words' reach."""
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


def _column_of(shop_order: ShopOrder, where: hooks.Whereabouts | None) -> str:
    if where is not None and where.deposited:
        return "deposited"
    return {Status.AWAITING: "new", Status.READY: "deposit"}.get(shop_order.status, "preparing")


def _done_today(shop: Shop, now: datetime) -> list[ShopOrder]:
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(collected_at__gte=morning) | Q(answered_at__gte=morning) | Q(paid_at__gte=morning)
    return list(on_desk(shop).filter(today, status__in=ShopOrder.ENDED).order_by("-pk"))
