"""The figures of a shop: orders, turnover, refusals, promises kept, what sold. Counted by the database, in the town's days.

An order belongs to the moment of its payment, a promise to the time at which the goods had to be brought. A week begins on
Monday; every period begins and ends at midnight in the town, so that a day of a change of clocks has 23 or 25 hours.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractHour, TruncDate
from django.utils import timezone

from shops.models import Refund, Shop, ShopOrder, ShopOrderLine

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome
NOT_SOLD = [Status.REFUSED, Status.CANCELLED, Status.MISSING]
NOT_PROMISED = [Status.REFUSED, Status.CANCELLED]
BEST = 10
HOURS = range(24)


@dataclass(frozen=True)
class Period:
    """Whole days of the town, first and last included, and the same span before them."""

    kind: str
    first: date
    last: date

    @classmethod
    def around(cls, kind: str, day: date) -> "Period":
        """The "day", "week" or "month" in which `day` lies."""
        if kind == "week":
            first = day - timedelta(days=day.weekday())
            return cls(kind, first, first + timedelta(days=6))
        if kind == "month":
            first = day.replace(day=1)
            return cls(kind, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        return cls("day", day, day)

    @property
    def before(self) -> "Period":
        return Period.around(self.kind, self.first - timedelta(days=1))

    @property
    def after(self) -> "Period":
        return Period.around(self.kind, self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def holds(self, field: str) -> Q:
        """That a moment lies in the period."""
        begin, end = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        return Q(**{f"{field}__gte": begin, f"{field}__lt": end})


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The numbers of one period; euros with VAT, before commission. `promised`: orders whose time to bring them has come."""

    orders: int = 0
    turnover: Decimal = Decimal("0.00")
    refunded: Decimal = Decimal("0.00")
    refused: int = 0
    reduced: int = 0
    promised: int = 0
    kept: int = 0

    @property
    def kept_share(self) -> int | None:
        """Percent of the promises that were kept; None without any."""
        return None if not self.promised else round(100 * self.kept / self.promised)


def summaries(shop: Shop, period: Period, *, now: datetime) -> tuple[Summary, Summary]:
    """The period and the one before it. Three queries."""
    both = {"this": period, "before": period.before}
    counted = _orders(shop, both) | _promises(shop, both, now) | _refunds(shop, both)
    names = ("orders", "turnover", "refunded", "refused", "reduced", "promised", "kept")
    this, before = ({name: counted[f"{name}_{key}"] for name in names} for key in both)
    return Summary(**this), Summary(**before)


def _orders(shop: Shop, periods: dict[str, Period]) -> dict:
    less = ShopOrderLine.objects.filter(shop_order=OuterRef("pk"), accepted_quantity__lt=F("quantity"))
    rows = ShopOrder.objects.of(shop).filter(_any(periods, "paid_at")).annotate(is_less=Exists(less))
    total = Coalesce("confirmed_total", "ordered_total")
    euros = {"output_field": DecimalField(max_digits=12, decimal_places=2)}
    asked = {}
    for key, period in periods.items():
        here = period.holds("paid_at")
        asked |= {
            f"orders_{key}": Count("pk", filter=here),
            f"turnover_{key}": Coalesce(
                Sum(total, filter=here & ~Q(status__in=NOT_SOLD)), Value(Decimal("0.00")), **euros
            ),
            f"refused_{key}": Count("pk", filter=here & Q(status=Status.REFUSED)),
            f"reduced_{key}": Count("pk", filter=here & Q(is_less=True) & ~Q(status=Status.REFUSED)),
        }
    return rows.aggregate(**asked)


def _promises(shop: Shop, periods: dict[str, Period], now: datetime) -> dict:
    """An order is kept when it was packed by its time; one that did not come, or was packed later, is not."""
    rows = ShopOrder.objects.of(shop).paid().filter(_any(periods, "deposit_by"), deposit_by__lte=now)
    asked = {}
    for key, period in periods.items():
        here = period.holds("deposit_by")
        asked |= {
            f"promised_{key}": Count("pk", filter=here),
            f"kept_{key}": Count("pk", filter=here & Q(ready_at__lte=F("deposit_by")) & ~Q(status=Status.MISSING)),
        }
    return rows.exclude(status__in=NOT_PROMISED).aggregate(**asked)


def _refunds(shop: Shop, periods: dict[str, Period]) -> dict:
    rows = Refund.objects.promised().filter(_any(periods, "created_at"), shop_order__shop=shop)
    cents = rows.aggregate(
        **{key: Coalesce(Sum("amount", filter=each.holds("created_at")), 0) for key, each in periods.items()}
    )
    return {f"refunded_{key}": Decimal(amount) / 100 for key, amount in cents.items()}


def _any(periods: dict[str, Period], field: str) -> Q:
    found = Q()
    for period in periods.values():
        found |= period.holds(field)
    return found


def course(shop: Shop, period: Period) -> list[tuple[date | int, int, Decimal]]:
    """(day, or hour of the only day; orders; euros sold), every day and hour of the period in its order. One query."""
    by_hour = period.kind == "day"
    zone = timezone.get_current_timezone()
    place = ExtractHour("paid_at", tzinfo=zone) if by_hour else TruncDate("paid_at", tzinfo=zone)
    sold = Sum(Coalesce("confirmed_total", "ordered_total"), filter=~Q(status__in=NOT_SOLD))
    rows = _of_period(shop, period).order_by().annotate(place=place).values("place")
    found = {row["place"]: row for row in rows.annotate(number=Count("pk"), euros=sold)}
    empty = {"number": 0, "euros": None}
    return [
        (place, found.get(place, empty)["number"], found.get(place, empty)["euros"] or Decimal("0.00"))
        for place in (HOURS if by_hour else period.days)
    ]


def best_sold(shop: Shop, period: Period) -> list[tuple[str, int]]:
    """(title, pieces) of what was sold most. One query."""
    lines = ShopOrderLine.objects.filter(shop_order__in=_of_period(shop, period).exclude(status__in=NOT_SOLD))
    given = lines.exclude(outcome__in=[Outcome.CANCELLED, *ShopOrderLine.REFUNDED]).order_by().values("title")
    pieces = given.annotate(pieces=Sum(Coalesce("accepted_quantity", "quantity"))).filter(pieces__gt=0)
    return list(pieces.order_by("-pieces", "title").values_list("title", "pieces")[:BEST])


def _of_period(shop: Shop, period: Period) -> QuerySet:
    return ShopOrder.objects.of(shop).filter(period.holds("paid_at"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())
