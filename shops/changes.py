"""What changed of a product, by whom: written by `products.update`, read by the desk, and what two editors are told.

A form says what it showed (`Seen`). What its person left alone stays as it is by now; what they changed is written unless
somebody else changed the same field meanwhile: then nothing is written and `Conflict` says who did what. Sales are nobody's
edit: pieces sold since the form was shown are taken off the number typed.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db.models import Max, Model, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import ProductChange, ProductSheet

OWN_LABELS = {
    "title": gettext_lazy("Name"),
    "price": gettext_lazy("Price"),
    "stock": gettext_lazy("Stock"),
    "description": gettext_lazy("Description"),
    "is_public": gettext_lazy("Shown to residents"),
    "category": gettext_lazy("Category"),
    "photo": gettext_lazy("Photo"),
}
EUROS = {"price", "price_per_kg"}
UNSPOKEN = {"photo"}  # a file is no text: it cannot be compared or put back
LONGEST = 80  # letters of a value in a sentence


@dataclass(frozen=True)
class Seen:
    """What a form showed: the product's last change (0: none yet), and the pieces that could be sold."""

    change: int
    left: int

    def __str__(self):
        return f"{self.change}.{self.left}"

    @classmethod
    def parse(cls, text: str) -> "Seen | None":
        """What `str` wrote; None when it is something else."""
        parts = text.split(".")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            return None
        return cls(*map(int, parts))


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: the last change of the other one, and the value that this one typed."""

    theirs: ProductChange
    mine: str

    @property
    def field(self) -> str:
        return self.theirs.field

    def __str__(self):
        words = {
            "who": name_of(self.theirs.by),
            "field": label(self.field),
            "time": date_format(timezone.localtime(self.theirs.at), "H:i"),
            "theirs": spoken(self.field, self.theirs.new),
            "mine": spoken(self.field, self.mine),
        }
        return _("“%(field)s”: %(who)s wrote %(theirs)s at %(time)s, you wrote %(mine)s.") % words


class Conflict(Exception):
    """Somebody else changed the same fields since the form was shown: nothing is written, both values are there."""

    def __init__(self, clashes: list[Clash]):
        self.clashes = clashes
        again = _("Nothing of yours is lost: save again to keep your value.")
        super().__init__(" ".join([*map(str, clashes), again]))


def seen(sheet: ProductSheet) -> Seen:
    """What a form of `sheet` shows now. One query, none for rows of `with_last_change`."""
    last = getattr(sheet, "last_change", None)
    if last is None:
        last = sheet.changes.aggregate(last=Max("pk"))["last"]
    return Seen(last or 0, sheet.left)


def record(sheet: ProductSheet, values: dict[str, tuple], *, by=None, deed: UUID | None = None) -> None:
    """Write down that the fields of `values` went from the first to the second value. One query."""
    record_all([(sheet, values)], by=by, deed=deed)


def record_all(rows: list[tuple[ProductSheet, dict[str, tuple]]], *, by=None, deed: UUID | None = None) -> None:
    """`record` for many products at once, as one deed. One query."""
    deed = deed or uuid4()
    ProductChange.objects.bulk_create(
        ProductChange(sheet=sheet, deed=deed, by=by, field=name, old=written(old), new=written(new))
        for sheet, values in rows
        for name, (old, new) in sorted(values.items())
    )


def merge(sheet: ProductSheet, fields: dict, current: dict, seen: Seen) -> dict:
    """Of `fields` what has to be written, given that the form showed `seen` and the product holds `current` by now.

    The row of `sheet` is locked. Raises `Conflict`. One query.
    """
    since = defaultdict(list)
    for row in sheet.changes.filter(pk__gt=seen.change, field__in=fields).select_related("by").order_by("pk"):
        since[row.field].append(row)
    wanted, clashes = {}, []
    for name, mine in fields.items():
        rows = since[name] if name not in UNSPOKEN else []
        base = str(seen.left) if name == "stock" else rows[0].old if rows else None
        if base is not None and written(mine) == base:
            continue
        if rows and written(mine) != written(current[name]):
            clashes.append(Clash(rows[-1], written(mine)))
        elif name == "stock" and mine and not rows:
            wanted[name] = max(0, mine - (seen.left - current[name]))
        else:
            wanted[name] = mine
    if clashes:
        raise Conflict(clashes)
    return wanted


def written(value) -> str:
    """A value as `ProductChange` keeps it: "2.5", "1" for yes, "" for nothing, the path of a category."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Model):
        return getattr(value, "full_name", str(value))
    return str(value)


def label(field: str) -> str:
    """What people call a field."""
    return str(OWN_LABELS.get(field) or ProductSheet._meta.get_field(field).verbose_name).capitalize()


def spoken(field: str, text: str) -> str:
    """A kept value as people read it."""
    if text == "":
        return "–"
    if field in EUROS:
        return f"{number_format(Decimal(text), 2, force_grouping=True)}\u00a0€"
    if field == "is_public":
        return _("yes") if text == "1" else _("no")
    column = None if field in OWN_LABELS else ProductSheet._meta.get_field(field)
    if column is not None and column.choices:
        return str({str(key): words for key, words in column.choices}.get(text, text))
    if column is not None and column.get_internal_type() == "BooleanField":
        return _("yes") if text == "1" else _("no")
    if column is not None and column.get_internal_type() == "DateTimeField":
        return date_format(timezone.localtime(column.to_python(text)), "j F, H:i")
    if field == "collect_days":
        return get_text_list([str(WEEKDAYS[int(day)]) for day in text], _("and"))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def name_of(person) -> str:
    """Who did it, in a sentence."""
    return (person.get_full_name() or person.email) if person else _("a file or a till")


def sentence(rows: list[ProductChange]) -> str:
    """What one deed did to one product: "Price: 2,00 € → 2,50 €, Stock: 3 → 7"."""
    by_weight = any(row.field == "price_per_kg" for row in rows)
    return ", ".join(
        f"{label(row.field)} : {spoken(row.field, row.old)} → {spoken(row.field, row.new)}"
        if row.field not in UNSPOKEN
        else label(row.field)
        for row in rows
        if not (by_weight and row.field == "price")
    )


def last_deeds(sheets: list[ProductSheet], *, since) -> dict[int, list[ProductChange]]:
    """The rows of the last deed of each sheet, if it was after `since`, by the sheet's pk. One query."""
    newest = [sheet.last_change for sheet in sheets if getattr(sheet, "last_change", None)]
    if not newest:
        return {}
    deeds = ProductChange.objects.filter(pk__in=newest, at__gte=since).values("deed")
    rows = ProductChange.objects.filter(Q(deed__in=deeds), sheet__in=sheets).select_related("by").order_by("pk")
    last: dict[int, list[ProductChange]] = defaultdict(list)
    of_newest = {row.sheet_id: row.deed for row in rows if row.pk in newest}
    for row in rows:
        if of_newest.get(row.sheet_id) == row.deed:
            last[row.sheet_id].append(row)
    return dict(last)
