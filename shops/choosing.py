"""Choosing among the variants of a product: for each option its values, each with the variant that a tap leads to."""

from dataclasses import dataclass

from shops.models import ProductSheet


@dataclass(frozen=True)
class Choice:
    """One value of an option; `sheet` is the variant with it that is nearest to the one shown."""

    value: str
    sheet: ProductSheet
    is_chosen: bool


def options(sheet: ProductSheet) -> list[tuple[str, list[Choice]]]:
    """The options of the family of `sheet` in their order, each with its values in the order of the shelf.

    One query; none for a product without variants. A variant that is sold out can be chosen: its page says so.
    """
    if sheet.family is None:
        return []
    siblings = list(sheet.family.sheets.on_sale().with_all().order_by("pk"))
    return [(name, _choices(sheet, siblings, place)) for place, name in enumerate(sheet.family.options)]


def _choices(sheet: ProductSheet, siblings: list[ProductSheet], place: int) -> list[Choice]:
    values = dict.fromkeys(each.values[place] for each in siblings)
    return [Choice(value, _nearest(sheet, siblings, place, value), sheet.values[place] == value) for value in values]


def _nearest(sheet: ProductSheet, siblings: list[ProductSheet], place: int, value: str) -> ProductSheet:
    """Of the variants with this value: the one that shares most of the other values, if possible one that is left."""

    def distance(other: ProductSheet) -> tuple[int, bool, int]:
        shared = sum(mine == theirs for mine, theirs in zip(sheet.values, other.values, strict=True))
        return (-shared, not other.left, other.pk)

    return min((each for each in siblings if each.values[place] == value), key=distance)
