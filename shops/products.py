"""Putting goods on the shelf and changing them: Oscar's product and stock record and our sheet are written together."""

from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from shops import stock as shelf
from shops.models import ProductSheet, Shop

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

# Where each field of a product lives; everything else is a field of the sheet.
OF_PRODUCT = {"title", "description", "is_public"}
OF_STOCK = {"price", "stock"}


class ProductError(Exception):
    """A product cannot be written like this, for a reason that its shopkeeper understands."""


class ReferenceTaken(ProductError):
    """Another product of the shop carries this reference."""

    def __init__(self, reference: str):
        super().__init__(_("Another product already has the reference “%(reference)s”.") % {"reference": reference})


@transaction.atomic
def create(
    shop: Shop,
    *,
    title: str,
    price: Decimal,
    stock: int,
    vat_rate: Decimal,
    category=None,
    reference: str = "",
    description: str = "",
    is_public: bool = True,
    **sheet_fields,
) -> ProductSheet:
    """A new product of `shop`: `price` in euros VAT included, `stock` pieces that can be sold. Raises `ReferenceTaken`."""
    reference = reference or _free_reference()
    _check_reference(shop, reference)
    product = Product.objects.create(
        title=title,
        description=description,
        is_public=is_public,
        product_class=_article(),
        structure=Product.STANDALONE,
    )
    if category is not None:
        product.categories.add(category)
    record = StockRecord.objects.create(
        product=product,
        partner_id=shop.partner_id,
        partner_sku=f"{shop.pk}-{reference}",
        price=price,
        price_currency="EUR",
        num_in_stock=stock,
    )
    return ProductSheet.objects.create(
        product=product, stock=record, shop=shop, reference=reference, vat_rate=vat_rate, **sheet_fields
    )


@transaction.atomic
def update(sheet: ProductSheet, **fields) -> set[str]:
    """Write the given fields and return the names of those that really changed.

    Takes the names of `create`; `stock` means pieces that can be sold, promised ones come on top. Raises `ReferenceTaken`.
    """
    sheet = ProductSheet.objects.with_all().select_for_update(of=("self",)).get(pk=sheet.pk)
    changed = {name for name, value in fields.items() if _value(sheet, name) != value}
    if "reference" in changed:
        _check_reference(sheet.shop, fields["reference"])
    if "category" in changed:
        sheet.product.categories.set([fields["category"]] if fields["category"] else [])
    if "stock" in changed:
        shelf.set_left(sheet.stock_id, fields["stock"])
    if "price" in changed:
        StockRecord.objects.filter(pk=sheet.stock_id).update(price=fields["price"])
    _write(sheet.product, {name: fields[name] for name in changed & OF_PRODUCT})
    rest = changed - OF_PRODUCT - OF_STOCK - {"category"}
    if changed:
        _write(sheet, {name: fields[name] for name in rest}, touch=True)
    return changed


def category_at(path: str):
    """The category at `path` ("Livres > Romans"), made where it is missing."""
    return create_from_breadcrumbs(" > ".join(part.strip() for part in path.split(">")))


def _value(sheet: ProductSheet, name: str):
    if name == "stock":
        return sheet.left
    if name == "category":
        return sheet.product.categories.first()
    owner = sheet.product if name in OF_PRODUCT else sheet
    return getattr(owner, name)


def _write(row, values: dict, *, touch: bool = False) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    if values or touch:
        row.save(update_fields=[*values, *(["updated_at"] if touch else [])])


def _article():
    return ProductClass.objects.get_or_create(
        name="Article", defaults={"requires_shipping": False, "track_stock": True}
    )[0]


def _free_reference() -> str:
    return uuid4().hex[:10].upper()


def _check_reference(shop: Shop, reference: str) -> None:
    if shop.sheets.filter(reference=reference).exists():
        raise ReferenceTaken(reference)
