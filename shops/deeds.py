"""What each person of a shop did: their moves of orders, their changes of products, and everything else that has a `Deed`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import CharField, Count, F, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.foundation.lifecycle import StateChange
from shops import changes
from shops.models import Deed, ProductChange, Shop, ShopOrder

KEPT = timedelta(days=90)
ORDER = ShopOrder._meta.label_lower


def note(shop: Shop, kind: str, *, by, detail: str = "") -> None:
    """Write down that somebody did this, in the transaction of the deed."""
    Deed.objects.create(shop=shop, kind=kind, by=by, detail=detail[:200])


@dataclass(frozen=True)
class Entry:
    """One line of the shop's book: who, what, when. `who` is "" when nobody's hand did it."""

    at: datetime
    who: str
    what: str
    order: int | None = None
    """The pk of the shop order that it is about."""


def of(shop: Shop) -> QuerySet:
    """Rows of the last 90 days for a paginator, the newest first; `entries` makes them readable.

    A deed on many products, such as an import, is one row.
    """
    since = timezone.now() - KEPT
    orders = ShopOrder.objects.of(shop).paid()
    moved = StateChange.objects.filter(model=ORDER, row__in=orders.values("pk"), at__gte=since)
    changed = ProductChange.objects.filter(sheet__shop=shop, at__gte=since).order_by().values("deed")
    noted = Deed.objects.filter(shop=shop, at__gte=since)
    return (
        _rows(moved, "order", F("current"), F("row"), Value(1))
        .union(_rows(noted, "deed", F("kind"), F("pk"), Value(1)), all=True)
        .union(
            changed.annotate(when=Min("at"), first=Min("pk"), who=Min("by"), number=Count("pk")).values_list(
                "when", "first", _text("product"), _text(""), "first", "who", "number"
            ),
            all=True,
        )
        .order_by("-at", "-pk")
    )


def _rows(rows: QuerySet, source: str, word, about, number) -> QuerySet:
    return rows.order_by().values_list("at", "pk", _text(source), Cast(word, CharField()), about, "by", number)


def _text(words: str) -> Cast:
    return Cast(Value(words), CharField())


def entries(shop: Shop, rows) -> list[Entry]:
    """The rows in words; five queries more at most: orders, products, deeds, team, names."""
    rows = [_Row(*row) for row in rows]
    acted = {row.by for row in rows if row.by and row.source != "order"}
    names = _names(shop, {row.by for row in rows if row.by}, acted=acted)
    words = _words(rows)
    return [
        Entry(
            at=row.at,
            who=names.get(row.by, ""),
            what=words[row.source](row),
            order=row.about if row.source == "order" else None,
        )
        for row in rows
    ]


class _Row(NamedTuple):
    at: datetime
    pk: int
    source: str
    word: str
    about: int
    by: int | None
    number: int


def _words(rows: list[_Row]) -> dict:
    """How each source speaks, with what this page needs of the database."""
    wanted = {name: [row.about for row in rows if row.source == name] for name in ("order", "deed", "product")}
    numbers = _found(ShopOrder.objects.all(), wanted["order"])
    noted = _found(Deed.objects.all(), wanted["deed"])
    changed = _found(ProductChange.objects.select_related("sheet__product"), wanted["product"])
    return {
        "order": lambda row: _order_words(row.word, numbers[row.about].number),
        "deed": lambda row: str(noted[row.about]).strip(),
        "product": lambda row: _product_words(changed[row.about], row.number),
    }


def _found(rows: QuerySet, pks: list[int]) -> dict:
    return rows.in_bulk(pks) if pks else {}


def _product_words(first: ProductChange, number: int) -> str:
    words = _("“%(title)s”: %(change)s") % {"title": first.sheet.title, "change": changes.sentence([first])}
    if number == 1:
        return words
    return ngettext("%(words)s, and %(count)s change more", "%(words)s, and %(count)s changes more", number - 1) % {
        "words": words,
        "count": number - 1,
    }


def _names(shop: Shop, pks: set[int], *, acted: set[int]) -> dict[int, str]:
    """The shop's own people by name. Of others, who `acted` at its desk did so for the association; residents stay nameless."""
    if not pks:
        return {}
    colleagues = set(shop.staff.filter(user__in=pks).values_list("user", flat=True))
    people = get_user_model().objects.in_bulk(pks & (colleagues | acted))
    return {pk: each.get_full_name() if pk in colleagues else _for_association(each) for pk, each in people.items()}


def _for_association(person) -> str:
    return _("%(name)s for the association") % {"name": person.get_full_name()}


def _order_words(status: str, number: str) -> str:
    label = dict(ShopOrder.Status.choices).get(status, status)
    return _("Order %(number)s: %(state)s") % {"number": number, "state": label}
