"""Labels: one per bag, each with what the shop, the bank and the resident must find on it."""

from dataclasses import dataclass

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shops.desk import bags, hooks
from shops.desk.fields import CountField
from shops.models import ShopOrder, Temperature


@dataclass(frozen=True)
class Paper:
    """What the labels are printed on: `key` names the stylesheet."""

    key: str
    name: str


PAPERS = [
    Paper("a4", _("A4 sheet, four labels")),
    Paper("roll", _("62 mm roll")),
    Paper("sheet", _("4 × 6 inch labels")),
]


@dataclass(frozen=True)
class Label:
    """One bag of the order, all of whose goods are kept alike."""

    bag: int
    bags: int
    temperature: str
    code: hooks.DepositCode | None
    qr_svg: SafeString
    """The deposit code; without one what the desk recognises (`bags`): number of the order and of the bag."""

    @property
    def keeping(self) -> str:
        return str(Temperature(self.temperature).label)

    @property
    def is_cold(self) -> bool:
        return self.temperature != Temperature.AMBIENT


def temperatures(shop_order: ShopOrder) -> list[str]:
    """How the goods that the shop gives are kept, ambient first; goods kept apart go into bags of their own."""
    there = {line.temperature for line in shop_order.lines.all() if line.accepted_quantity != 0}
    return [each for each in Temperature.values if each in there]


def labels(shop_order: ShopOrder, *, spread: dict[str, int] | None = None) -> list[Label]:
    """A label per bag. `spread`: how many bags hold the goods of each temperature; by default all but one are of the first."""
    codes = {code.temperature: code for code in hooks.deposit_codes(shop_order)}
    kinds = [kind for kind, count in (spread or _spread(shop_order)).items() for _bag in range(count)]
    return [
        Label(number, len(kinds), kind, codes.get(kind), _qr(shop_order, number, codes.get(kind)))
        for number, kind in enumerate(kinds, start=1)
    ]


def _qr(shop_order: ShopOrder, bag: int, code: hooks.DepositCode | None) -> SafeString:
    if code is not None:
        return code.qr_svg
    title = gettext("QR code of bag %(bag)s of %(number)s") % {"bag": bag, "number": shop_order.number}
    return bags.qr_svg(bags.label_code(shop_order, bag), title=title)


def _spread(shop_order: ShopOrder) -> dict[str, int]:
    kinds = temperatures(shop_order)
    spread = dict.fromkeys(kinds, 1)
    if kinds:
        spread[kinds[0]] = max(1, shop_order.bags - len(kinds) + 1)
    return spread


class BagsForm(forms.Form):
    """How many bags of each temperature; asked only when there are several."""

    def __init__(self, data, *, shop_order: ShopOrder, most: int):
        spread = _spread(shop_order)
        super().__init__(data if set(spread) & set(data) else None)
        for kind, count in spread.items():
            self.fields[kind] = CountField(
                label=_("Bags: %(temperature)s") % {"temperature": Temperature(kind).label},
                least=1,
                most=most,
                initial=count,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )

    def bags(self) -> dict[str, int] | None:
        """Bags by temperature; None while nothing sensible was typed."""
        return self.cleaned_data if self.is_bound and self.is_valid() else None
