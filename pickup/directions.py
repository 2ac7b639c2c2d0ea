"""Where somebody in front of a bank finds a door: in words, and as a drawing of the wall."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pickup.models import Bank, Collection, Compartment, Leg
from pickup.models.device import Size
from shops.models import Temperature

# In units of the drawing: in the order of the real heights, but high enough for a label.
HEIGHT = {Size.S: 14, Size.M: 20, Size.L: 40}
WIDTH = 30
GAP = 3
# Frozen goods last, so that they are in the bag for the shortest time.
OPENING_ORDER = [Temperature.AMBIENT, Temperature.CHILLED, Temperature.FROZEN]


@dataclass(frozen=True)
class Door:
    """One door that a code opens, with its place on the wall in words."""

    label: str
    place: str


def doors(collection: Collection) -> list[Door]:
    """The doors behind which the goods of `collection` are, in the order in which they open."""
    legs = [
        leg
        for leg in collection.legs.select_related("compartment__bank").prefetch_related("more_doors__compartment")
        if leg.compartment_id and leg.status in Leg.INSIDE
    ]
    if not legs:
        return []
    columns = _columns(legs[0].compartment.bank)
    legs.sort(key=lambda leg: OPENING_ORDER.index(leg.temperature))
    return [Door(door.label, _place(door, columns)) for leg in legs for door in leg.doors]


def drawing(bank: Bank, marked: Iterable[str]) -> SafeString:
    """The wall as an inline SVG, its columns with their doors in proportion; `marked` labels stand out and are named."""
    marked = set(marked)
    columns = list(_columns(bank).values())
    tallest = max(_height(column) for column in columns)
    boxes = []
    for index, column in enumerate(columns):
        top = tallest - _height(column)  # all columns stand on the same floor
        for compartment in column:
            boxes.append((index * (WIDTH + GAP), top, HEIGHT[compartment.size], compartment.label))
            top += HEIGHT[compartment.size] + GAP
    rects = (
        (x, y, WIDTH, height, mark_safe(' class="marked"') if label in marked else "") for x, y, height, label in boxes
    )
    names = ((x + WIDTH / 2, y + height / 2, label) for x, y, height, label in boxes if label in marked)
    return format_html(
        '<svg class="bank-drawing" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        len(columns) * (WIDTH + GAP) - GAP,
        tallest - GAP,
        _("The wall of lockers, your doors in colour: %(doors)s") % {"doors": ", ".join(sorted(marked))},
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" rx="2"{}/>', rects),
        format_html_join("", '<text x="{}" y="{}">{}</text>', names),
    )


def _columns(bank: Bank) -> dict[tuple[int, int], list[Compartment]]:
    """The compartments of each column, from the left; each column from the top."""
    columns: dict[tuple[int, int], list[Compartment]] = defaultdict(list)
    for compartment in bank.compartments.order_by("side", "column", "row"):
        columns[compartment.side, compartment.column].append(compartment)
    return dict(columns)


def _height(column: list[Compartment]) -> int:
    return sum(HEIGHT[compartment.size] + GAP for compartment in column)


def _place(compartment: Compartment, columns: dict[tuple[int, int], list[Compartment]]) -> str:
    key = (compartment.side, compartment.column)
    words = {
        "column": list(columns).index(key) + 1,
        "door": [each.pk for each in columns[key]].index(compartment.pk) + 1,
    }
    if compartment.is_low:
        return _("column %(column)s from the left, door %(door)s from the top, low door") % words
    return _("column %(column)s from the left, door %(door)s from the top") % words
