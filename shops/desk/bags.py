"""Bags against orders: whose bag is this, and does it go behind the door that is kept for it."""

from dataclasses import dataclass

import segno
from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.desk import hooks
from shops.models import BagSize, Shop, ShopOrder

LONGEST_CODE = 300
SIDE_BY_SIDE = 3  # bags of about 30 x 20 cm on the floor of a compartment of 38 x 64 cm


@dataclass(frozen=True)
class Check:
    """What a scanned label says: the order that it belongs to, None when it is none of the shop's; `fits`: it is the expected one."""

    found: ShopOrder | None
    fits: bool
    place: str = ""


class CodeForm(forms.Form):
    """The label of a bag: scanned by a camera or a scanner, or typed."""

    code = forms.CharField(
        label=gettext_lazy("Code or number on the bag"),
        max_length=LONGEST_CODE,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )


def check(shop: Shop, text: str, *, expected: ShopOrder | None = None) -> Check:
    """Whose bag carries the label `text`: its QR code, its eight digits, or the number of the order."""
    found = _by_number(shop, text) or hooks.order_of_code(shop, text)
    where = hooks.whereabouts([found]).get(found.pk) if found else None
    return Check(found, found is not None and found == expected, where.place if where else "")


def label_code(shop_order: ShopOrder, bag: int) -> str:
    """What the QR code of a label says when there is no deposit code: number of the order and of the bag."""
    return f"{shop_order.number}/{bag}"


def qr_svg(text: str, *, title: str) -> SafeString:
    """An inline SVG of a QR code that scales with its box."""
    drawing = segno.make(text, error="m", micro=False)
    # The title is escaped by segno; everything else is drawn from numbers.
    return mark_safe(drawing.svg_inline(border=4, omitsize=True, title=title, svgclass="qr", lineclass=None))


def warnings(shop_order: ShopOrder) -> list[str]:
    """What will not go well at the doors kept for the goods, in sentences: bags that are too high, or too many."""
    doors = hooks.doors(shop_order)
    if not doors or not shop_order.bags:
        return []
    highest = max(door.height_cm for door in doors)
    size = BagSize(shop_order.bag_size) if shop_order.bag_size else None
    if size and size.height_cm > highest:
        text = _(
            "The largest bag may be %(bag)s cm high, the door kept for it is %(door)s cm high: please use flatter bags."
        )
        return [f"{text % {'bag': size.height_cm, 'door': highest}} {_larger()}"]
    room = sum(SIDE_BY_SIDE * max(1, door.height_cm // (size or BagSize.MEDIUM).height_cm) for door in doors)
    if shop_order.bags > room:
        text = _("%(bags)s bags hardly fit behind the door that is kept for them: please use fewer.")
        return [f"{text % {'bags': shop_order.bags}} {_larger()}"]
    return []


def _larger() -> str:
    return _("If they do not fit, tap “Too small: another door” at the locker bank.")


def _by_number(shop: Shop, text: str) -> ShopOrder | None:
    number = text.partition("/")[0].strip()
    return ShopOrder.objects.of(shop).paid().filter(number__iexact=number).first()
