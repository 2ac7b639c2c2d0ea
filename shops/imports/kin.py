"""Variants in a file: the column of the family, and those of its options ("Size: M")."""

from django.utils.translation import gettext as _

from shops import variants
from shops.imports.cells import CellError
from shops.models import ProductSheet, Shop
from shops.shelving import Placing


class Kin:
    """The families of a shop, and which of their variants are taken: by the shelf, or by a row further up in the file."""

    def __init__(self, shop: Shop):
        self._options: dict[str, tuple[str, ...]] = {row.title: tuple(row.options) for row in shop.families.all()}
        self._taken: dict[str, dict[tuple[str, ...], str]] = {}
        placed = ProductSheet.objects.filter(shop=shop, family__isnull=False)
        for title, *values, reference in placed.values_list(
            "family__title", "value_1", "value_2", "value_3", "reference"
        ):
            self._taken.setdefault(title, {})[_folded(value for value in values if value)] = reference

    def place(self, reference: str, title: str, cells: list[str]) -> Placing:
        """Where the product `reference` stands. Raises `CellError`."""
        title = " ".join(title.split())
        pairs = [self._pair(cell) for cell in cells if cell]
        options, values = tuple(name for name, _value in pairs), tuple(value for _name, value in pairs)
        if not options or len(set(_folded(options))) < len(options):
            raise CellError(_("A variant needs one to three different options, written like “Size: M”."))
        known = self._options.setdefault(title, options)
        if _folded(known) != _folded(options):
            text = _("The options of “%(title)s” are: %(options)s.")
            raise CellError(text % {"title": title, "options": ", ".join(known)})
        taken = self._taken.setdefault(title, {})
        if taken.setdefault(_folded(values), reference) != reference:
            raise CellError(_("The variant “%(values)s” is there already.") % {"values": ", ".join(values)})
        if len(taken) > variants.MOST_VARIANTS:
            raise CellError(_("A product has %(most)s variants at most.") % {"most": variants.MOST_VARIANTS})
        return Placing(title, known, values)

    def _pair(self, cell: str) -> tuple[str, str]:
        name, colon, value = cell.partition(":")
        name, value = " ".join(name.split()), " ".join(value.split())
        if not colon or not name or not value:
            raise CellError(_("A variant needs one to three different options, written like “Size: M”."))
        if len(name) > variants.LONGEST_OPTION:
            raise CellError(
                _("The name of an option has %(most)s letters at most.") % {"most": variants.LONGEST_OPTION}
            )
        if len(value) > variants.LONGEST_VALUE:
            raise CellError(
                _("The value of an option has %(most)s letters at most.") % {"most": variants.LONGEST_VALUE}
            )
        return name, value


def _folded(texts) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts)
