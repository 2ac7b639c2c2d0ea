"""Many products at once, in few statements. The rules are those of `products`; nothing here is for a single one.

`draft` and `alter` work in memory, so that a preview needs no transaction; `save` writes what they have made.
"""

from decimal import Decimal
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from shops import changes as log
from shops import daily, legal, products, signals
from shops import stock as shelf
from shops.models import ProductChange, ProductFamily, ProductSheet, Shop

Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
StockRecord = get_model("partner", "StockRecord")

AT_ONCE = 500
VALUES = ("value_1", "value_2", "value_3")


class Placing(NamedTuple):
    """Which variant a product is: the title of the family, the names of its options, its values for them."""

    title: str
    options: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def full_title(self) -> str:
        return ", ".join([self.title, *self.values])


class Change(NamedTuple):
    """A product that `draft` or `alter` gave, its values before and after by their names, and where it goes."""

    sheet: ProductSheet
    values: dict[str, tuple]
    category: object | None = None
    placing: Placing | None = None


def draft(shop: Shop, *, title: str, stock: int, price: Decimal | None = None, **values) -> ProductSheet:
    """A product as it would be created with the values that `products.create` takes, unsaved. Raises `WrongValue`.

    What lacks something that the law asks for is a draft, whatever the file says: nobody gets a refusal for each row.
    """
    of_product = {name: values.pop(name) for name in ("description", "is_public") if name in values}
    sheet = ProductSheet(shop=shop, **values)
    price = products.check(sheet, title=title, price=price, stock=stock)
    sheet.product = Product(
        title=title, slug=slugify(title)[:255], structure=Product.STANDALONE, is_public=True, description=""
    )
    for name, value in of_product.items():
        setattr(sheet.product, name, value)
    sheet.product.is_public = sheet.product.is_public and not legal.gaps(sheet)
    sheet.stock = StockRecord(
        partner_id=shop.partner_id,
        partner_sku=f"{shop.pk}-{sheet.reference}",
        price=price,
        price_currency="EUR",
        num_in_stock=stock,
    )
    return sheet


def alter(sheet: ProductSheet, values: dict) -> dict[str, tuple]:
    """Set `values` (as `products.update` takes them) on a sheet loaded `with_all`, unsaved; each before and after.

    Raises `WrongValue`, `Unlawful`; the sheet is then good for nothing.
    """
    known = {gap.field for gap in legal.gaps(sheet)} if sheet.product.is_public else set()
    values = values | products.price_with(sheet, values)
    if values.get("stock") and sheet.sold_out_until:
        values = {"sold_out_until": None, **values}  # as `products.update`: who counts pieces for sale sells them
    before = {}
    for name, value in values.items():
        if name == "stock":
            before[name] = sheet.left
            if sheet.daily_stock is None:
                sheet.stock.num_in_stock = value + (sheet.stock.num_allocated or 0)
        else:
            owner = sheet.stock if name == "price" else sheet.product if name in products.OF_PRODUCT else sheet
            before[name] = getattr(owner, name)
            setattr(owner, name, value)
    products.check(sheet, title=sheet.product.title, price=sheet.stock.price, stock=values.get("stock", sheet.left))
    gaps = [gap for gap in legal.gaps(sheet) if gap.field not in known] if sheet.product.is_public else []
    if gaps:
        raise products.Unlawful(sheet.product.title, gaps)
    return {name: (before[name], value) for name, value in values.items()}


def locked(sheets) -> list[ProductSheet]:
    """The rows of the queryset `sheets`, locked after their stock, as `products.update` does it, and read then."""
    shelf.lock(list(sheets.order_by().values_list("stock_id", flat=True)))
    return list(sheets.select_for_update(of=("self",), no_key=True).order_by("pk"))


def save(shop: Shop, *, new: list[Change], changed: list[Change], by=None) -> None:
    """Write them in the transaction of the caller, who holds the locks of what is `changed`. `by`: the person."""
    families = _families(shop, [change.placing for change in [*new, *changed] if change.placing])
    for change in [*new, *changed]:
        if change.placing:
            _place(change.sheet, families[change.placing.title], change.placing)
    _create(new)
    _update(changed)
    _file_away([*new, *changed])
    _record(changed, by)
    touched = [change.sheet for change in [*new, *changed]]
    kin = {sheet.family_id for sheet in touched if sheet.family_id}
    others = ProductSheet.objects.filter(family__in=kin).exclude(pk__in=[sheet.pk for sheet in touched]) if kin else []
    signals.products_changed.send(sender=ProductSheet, sheets=[*touched, *others])


def _create(changes: list[Change]) -> None:
    sheets = [change.sheet for change in changes]
    article = products.article() if sheets else None
    for sheet in sheets:
        sheet.product.product_class = article
    Product.objects.bulk_create([sheet.product for sheet in sheets], batch_size=AT_ONCE)
    for sheet in sheets:
        sheet.stock.product = sheet.product
    StockRecord.objects.bulk_create([sheet.stock for sheet in sheets], batch_size=AT_ONCE)
    ProductSheet.objects.bulk_create(sheets, batch_size=AT_ONCE)


def _record(changes: list[Change], by) -> None:
    """Each product's changes are a deed of their own, so that one of them can be undone in the list."""
    rows = []
    for change in changes:
        deed = uuid4()
        rows += [
            ProductChange(sheet=change.sheet, deed=deed, by=by, field=name, old=log.written(old), new=log.written(new))
            for name, (old, new) in sorted(change.values.items())
        ]
    ProductChange.objects.bulk_create(rows, batch_size=AT_ONCE)


def _update(changes: list[Change]) -> None:
    now = timezone.now()
    for change in changes:
        change.sheet.updated_at = now
    moved = {"family", *VALUES, "photo"} if any(change.placing for change in changes) else set()
    names = {name for change in changes for name in change.values} - {"category"} | moved
    if moved:
        names.add("title")
    of_stock = {"price"} & names | ({"num_in_stock"} if "stock" in names else set())
    for change in changes:
        if "stock" in change.values and change.sheet.daily_stock is not None:
            daily.set_left(change.sheet, change.values["stock"][1])
    of_product = products.OF_PRODUCT & names
    of_sheet = names - products.OF_PRODUCT - products.OF_STOCK
    sheets = [change.sheet for change in changes]
    for model, rows, fields in (
        (StockRecord, [sheet.stock for sheet in sheets], of_stock),
        (Product, [sheet.product for sheet in sheets], of_product),
        (ProductSheet, sheets, of_sheet | {"updated_at"}),
    ):
        if rows and fields:
            model.objects.bulk_update(rows, sorted(fields), batch_size=100)


def _file_away(changes: list[Change]) -> None:
    filed = {change.sheet.product.pk: change.category for change in changes if change.category is not None}
    if filed:
        ProductCategory.objects.filter(product__in=filed).delete()
        rows = [ProductCategory(product_id=pk, category=category) for pk, category in filed.items()]
        ProductCategory.objects.bulk_create(rows, batch_size=AT_ONCE)


def _families(shop: Shop, placings: list[Placing]) -> dict[str, ProductFamily]:
    """By title; those that are missing are made. Locked, so that no two variants of the same values come in at once."""
    wanted = {placing.title: placing.options for placing in placings}
    if not wanted:
        return {}
    missing = wanted.keys() - set(shop.families.filter(title__in=wanted).values_list("title", flat=True))
    ProductFamily.objects.bulk_create(
        [
            ProductFamily(shop=shop, title=title, **{f"option_{n}": name for n, name in enumerate(wanted[title], 1)})
            for title in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    rows = shop.families.select_for_update().filter(title__in=wanted).order_by("pk")
    return {row.title: row for row in rows}


def _place(sheet: ProductSheet, family: ProductFamily, placing: Placing) -> None:
    sheet.family = family
    for number, name in enumerate(VALUES):
        setattr(sheet, name, placing.values[number] if number < len(placing.values) else "")
    sheet.product.title = placing.full_title
