"""A shop leaves: its orders are ended, its page is gone, its data goes with it as a file. What the law keeps, we keep."""

import json
import tempfile
import zipfile
from datetime import datetime, timedelta
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.foundation import csv_files
from marketplace.foundation.lifecycle import StateChange
from shops import shop_mail
from shops.models import Shop, ShopOrder, Suspension
from shops.models.shop import Closure
from shops.signals import shop_changed

PRODUCT_COLUMNS = (
    "reference", "ean", "title", "price", "vat_rate", "stock", "description", "ingredients", "allergens", "origin", "maker",
    "temperature", "net_quantity", "net_unit", "lead_minutes", "min_age", "withdrawal", "public", "picture",
)  # fmt: skip
ORDER_COLUMNS = (
    "number", "paid_at", "status", "title", "ordered", "given", "unit_price", "vat_rate", "commission_bps",
)  # fmt: skip
CONTACT_KEPT = timedelta(days=184)  # six months, whichever they are


class LeavingError(Exception):
    """The shop cannot close now."""


class OrdersOpen(LeavingError):
    """Residents wait for something that they have paid."""

    def __init__(self, count: int):
        text = ngettext(
            "%(count)s order is not ended yet. Pause your shop, bring or refuse it, then close.",
            "%(count)s orders are not ended yet. Pause your shop, bring or refuse them, then close.",
            count,
        )
        super().__init__(text % {"count": count})


class LeftAlready(LeavingError):
    """Closed is closed."""

    def __init__(self):
        super().__init__(_("Your shop is closed already."))


@transaction.atomic
def close(shop: Shop, *, by) -> None:
    """The shop leaves for good; its desk stays for old orders, refunds and payouts. Raises `OrdersOpen` or `LeftAlready`.

    An order that is being paid at this very moment counts as open.
    """
    shop = Shop.objects.select_for_update().get(pk=shop.pk)
    if shop.status == Shop.Status.CLOSED:
        raise LeftAlready
    waiting = ShopOrder.objects.of(shop).exclude(status__in=ShopOrder.ENDED).count()
    if waiting:
        raise OrdersOpen(waiting)
    shop.move(Shop.Status.CLOSED, by=by)
    shop_changed.send(Shop, shop=shop)
    key = str(shop.history().last().pk)
    shop_mail.tell_owners("shop_closed", shop, key=key, page="leave")
    shop_mail.tell_openers("shop_has_closed", shop, key=key)


def forget_contacts(now: datetime | None = None) -> int:
    """Delete telephone and e-mail address of shops that left six months ago (Regulation (EU) 2022/2065 art. 30(5)); how many.

    Name, address and numbers stay: they stand on invoices, which are kept for ten years (Code de commerce, art. L123-22).
    """
    left = StateChange.objects.filter(
        model=Shop._meta.label_lower, current=Shop.Status.CLOSED, at__lt=(now or timezone.now()) - CONTACT_KEPT
    )
    closed = Shop.objects.filter(status=Shop.Status.CLOSED, pk__in=left.values("row"))
    return closed.exclude(phone="", email="").update(phone="", email="")


def data_of(shop: Shop) -> BinaryIO:
    """Everything that is the shop's, as a ZIP: products and orders as CSV (UTF-8, semicolons), texts as JSON, its pictures.

    Nothing of residents: their names and addresses are theirs. A file at its beginning, on the disk: thousands of pictures
    fill no memory.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115  whoever asked closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("products.csv", _table(PRODUCT_COLUMNS, _products(shop, archive)))
        archive.writestr("orders.csv", _table(ORDER_COLUMNS, _lines(shop)))
        archive.writestr("shop.json", json.dumps(_texts(shop), ensure_ascii=False, indent=2))
        if shop.photo:
            _put(archive, "pictures/shop", shop.photo)
    target.seek(0)
    return target


def _table(columns: tuple[str, ...], rows) -> str:
    texts = (["" if value is None else str(value) for value in row] for row in rows)
    return "".join(csv_files.lines(chain([columns], texts), marked=True))


def _products(shop: Shop, archive: zipfile.ZipFile):
    for sheet in shop.sheets.with_all().order_by("pk"):
        picture = _put(archive, f"pictures/{sheet.pk}", sheet.photo) if sheet.photo else ""
        yield (
            sheet.reference, sheet.ean, sheet.title, sheet.price, sheet.vat_rate, sheet.left, sheet.product.description,
            sheet.ingredients, sheet.allergens, sheet.origin, sheet.maker, sheet.temperature, sheet.net_quantity,
            sheet.net_unit, sheet.lead_minutes, sheet.min_age, sheet.withdrawal, int(sheet.product.is_public), picture,
        )  # fmt: skip


def _put(archive: zipfile.ZipFile, name: str, picture) -> str:
    """The picture in the archive, by its name there; "" when its file is gone."""
    name += PurePosixPath(picture.name).suffix
    try:
        with picture.storage.open(picture.name) as file:
            archive.writestr(name, file.read(), zipfile.ZIP_STORED)  # a photo hardly shrinks
    except FileNotFoundError:
        return ""
    return name


def _lines(shop: Shop):
    for shop_order in ShopOrder.objects.of(shop).paid().prefetch_related("lines").order_by("pk"):
        for line in shop_order.lines.all():
            yield (
                shop_order.number, shop_order.paid_at.isoformat(), shop_order.status, line.title, line.quantity,
                line.supplied_quantity, line.unit_price, line.vat_rate, shop_order.commission_bps,
            )  # fmt: skip


def _texts(shop: Shop) -> dict:
    names = (
        "name", "trade", "tagline", "story", "legal_name", "legal_form", "siret", "register_number", "vat_number", "street",
        "postcode", "town", "phone", "email", "opening_hours",
    )  # fmt: skip
    accepted = shop.acceptances.select_related("version")
    return {name: getattr(shop, name) for name in names} | {
        "closures": [
            [f"{each.first_on}", f"{each.last_on}", f"{each.opens_at or ''}", f"{each.closes_at or ''}", each.reason]
            for each in Closure.objects.filter(shop=shop)
        ],
        "contracts": [
            {
                "text": str(each.version),
                "accepted_at": each.accepted_at.isoformat(),
                "by": each.by_name,
                "sha256": each.sha256,
            }
            for each in accepted
        ],
        "suspensions": [
            {"at": each.decided_at.isoformat(), "ground": each.ground, "reasons": each.reasons, "appeal": each.appeal}
            for each in Suspension.objects.filter(shop=shop)
        ],
    }
