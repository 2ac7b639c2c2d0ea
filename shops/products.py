"""Putting goods on the shelf and changing them: Oscar's product and stock record and our sheet are written together."""

from copy import copy
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from shops import changes, daily, legal, photos, signals, weights
from shops import stock as shelf
from shops.models import ProductSheet, Shop

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

# Where each field of a product lives; everything else is a field of the sheet.
OF_PRODUCT = {"title", "description", "is_public"}
OF_STOCK = {"price", "stock"}
HIGHEST_PRICE = Decimal("99999.99")
HIGHEST_STOCK = 1_000_000
ROWS = ["product", "stock", "shop", "photo"]  # fields of the sheet that point elsewhere: checked by their own means


class ProductError(Exception):
    """A product cannot be written like this, for a reason that its shopkeeper understands."""


class ReferenceTaken(ProductError):
    """Another product of the shop carries this reference."""

    def __init__(self, reference: str):
        super().__init__(_("Another product already has the reference “%(reference)s”.") % {"reference": reference})


class WrongValue(ProductError):
    """A field cannot hold this; `field` is its name as `create` takes it."""

    def __init__(self, field: str, text: str):
        self.field = field
        super().__init__(text)


class Unlawful(ProductError):
    """Residents may not see it yet: the law asks for more. `gaps`: what is missing, field by field (`shops.legal`)."""

    def __init__(self, title: str, gaps: list[legal.Gap]):
        self.gaps = gaps
        words = {"title": title, "missing": " ".join(gap.text for gap in gaps)}
        super().__init__(_("The law asks for more before “%(title)s” is shown: %(missing)s") % words)


@transaction.atomic
def create(
    shop: Shop,
    *,
    title: str,
    price: Decimal | None = None,
    stock: int,
    vat_rate: Decimal,
    category=None,
    reference: str = "",
    description: str = "",
    is_public: bool = True,
    photo: ContentFile | None = None,
    **sheet_fields,
) -> ProductSheet:
    """A new product of `shop`: `price` in euros VAT included, `stock` pieces that can be sold, `photo` accepted by `photos`.

    Goods sold by weight (`sold_by`, `price_per_kg`, `expected_g`) take no price: theirs is the ceiling of a piece.
    Raises `ReferenceTaken`, `WrongValue`, and `Unlawful` when it would be shown and lacks what the law asks for.
    """
    reference = reference or _free_reference()
    _check_reference(shop, reference)
    sheet = ProductSheet(shop=shop, reference=reference, vat_rate=vat_rate, **sheet_fields)
    price = _price(sheet, price)
    _check_shelf(title=title, price=price, stock=stock)
    if is_public and (gaps := legal.gaps(sheet)):
        raise Unlawful(title, gaps)
    product = Product.objects.create(
        title=title,
        description=description,
        is_public=is_public,
        product_class=article(),
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
    sheet.product, sheet.stock = product, record
    _check_sheet(sheet)
    sheet.save()
    if photo is not None:
        photos.keep(sheet, photo)
    signals.product_changed.send(sender=ProductSheet, sheet=sheet)
    return sheet


@transaction.atomic
def update(
    sheet: ProductSheet, *, by=None, seen: changes.Seen | None = None, deed: UUID | None = None, **fields
) -> set[str]:
    """Write the given fields and return the names of those that really changed.

    Takes the names of `create`; `stock` means pieces that can be sold, promised ones come on top. `by`: the person, empty
    for files and tills; `seen`: what that person's form showed; `deed`: one for all that is undone together. Raises
    `ReferenceTaken`, `WrongValue`, `Unlawful`, `changes.Conflict`; then nothing is changed. What was shown before the law
    asked for more stays shown, and may be changed in everything that makes it no worse.
    """
    shelf.lock([sheet.stock_id])
    sheet = ProductSheet.objects.with_all().select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
    if fields.get("stock") and sheet.sold_out_until:
        fields = {"sold_out_until": None, **fields}  # who counts pieces for sale sells them
    if seen is not None:
        fields = changes.merge(sheet, fields, {name: _value(sheet, name) for name in fields}, seen)
    fields |= price_with(sheet, fields)
    before = {name: _value(sheet, name) for name in fields}
    changed = {name for name, value in fields.items() if before[name] != value}
    if "title" in changed and sheet.family:
        _check_title_of_variant(sheet, fields["title"])
        changed.remove("title")
    if "reference" in changed:
        _check_reference(sheet.shop, fields["reference"])
    if changed & (legal.FIELDS | {"is_public"}) and fields.get("is_public", sheet.product.is_public):
        _check_law(sheet, {name: fields[name] for name in changed & legal.FIELDS})
    _check_shelf(**{name: fields[name] for name in changed & {"title", "price", "stock"}})
    if "category" in changed:
        sheet.product.categories.set([fields["category"]] if fields["category"] else [])
    if "price" in changed:
        StockRecord.objects.filter(pk=sheet.stock_id).update(price=fields["price"])
    _write(sheet.product, {name: fields[name] for name in changed & OF_PRODUCT})
    if "photo" in changed:
        _change_photo(sheet, fields["photo"])
    rest = changed - OF_PRODUCT - OF_STOCK - {"category", "photo"}
    if changed:
        _write(sheet, {name: fields[name] for name in rest}, touch=True)
        if "stock" in changed:
            _set_left(sheet, fields["stock"])
        changes.record(sheet, {name: (before[name], fields[name]) for name in changed}, by=by, deed=deed)
        signals.product_changed.send(sender=ProductSheet, sheet=sheet)
    return changed


@transaction.atomic
def publish_all(shop: Shop, pks: list[int], *, is_public: bool, by=None) -> tuple[int, list[Unlawful]]:
    """Show or hide the products of `shop` among `pks`, as one deed: how many really changed, and why others stay hidden."""
    deed, count, refused = uuid4(), 0, []
    sheets = list(shop.sheets.filter(pk__in=pks).order_by("pk"))
    shelf.lock([sheet.stock_id for sheet in sheets])
    for sheet in sheets:
        try:
            count += bool(update(sheet, by=by, deed=deed, is_public=is_public))
        except Unlawful as error:
            refused.append(error)
    return count, refused


def category_at(path: str):
    """The category at `path` ("Livres > Romans"), made where it is missing."""
    return create_from_breadcrumbs(" > ".join(part.strip() for part in path.split(">")))


OF_WEIGHT = {"sold_by", "price_per_kg", "expected_g"}


def check(sheet: ProductSheet, *, title: str, price: Decimal | None, stock: int) -> Decimal:
    """The price that `sheet` would have with these values of Oscar's rows, all of them checked. Raises `WrongValue`."""
    price = _price(sheet, price)
    _check_shelf(title=title, price=price, stock=stock)
    _check_sheet(sheet)
    return price


def price_with(sheet: ProductSheet, fields: dict) -> dict:
    """The price that `sheet` has once it holds `fields`; nothing when they do not touch it."""
    if not fields.keys() & (OF_WEIGHT | {"price"}):
        return {}
    wanted = ProductSheet(**{name: fields.get(name, getattr(sheet, name)) for name in OF_WEIGHT})
    given = fields.get("price")
    if wanted.by_weight and given == sheet.price:  # a file or form that repeats what it read
        given = None
    return {"price": _price(wanted, sheet.price if given is None and not wanted.by_weight else given)}


def _price(sheet: ProductSheet, given: Decimal | None) -> Decimal:
    """What the stock record says: the price `given`, or the ceiling of a piece sold by weight."""
    if not sheet.by_weight:
        if given is None:
            raise WrongValue("price", _("A price is missing."))
        return given
    if sheet.price_per_kg is None or sheet.price_per_kg <= 0:
        raise WrongValue("price_per_kg", _("Goods sold by weight need a price per kilo."))
    if not sheet.expected_g or not weights.LEAST_G <= sheet.expected_g <= weights.MOST_G:
        bounds = {"least": weights.LEAST_G, "most": weights.MOST_G // 1000}
        raise WrongValue(
            "expected_g", _("The usual weight of a piece lies between %(least)s g and %(most)s kg.") % bounds
        )
    most = weights.ceiling(sheet.expected_g, per_kg=sheet.price_per_kg)
    if given is not None and given != most:
        raise WrongValue("price", _("This product is sold by weight: please change its price per kilo."))
    return most


def _check_law(sheet: ProductSheet, values: dict) -> None:
    """Whether residents may see `sheet` once it holds `values`."""
    wanted = copy(sheet)
    for name, value in values.items():
        setattr(wanted, name, value)
    known = {gap.field for gap in legal.gaps(sheet)} if sheet.product.is_public else set()
    gaps = [gap for gap in legal.gaps(wanted) if gap.field not in known]
    if gaps:
        raise Unlawful(sheet.title, gaps)


def _set_left(sheet: ProductSheet, left: int) -> None:
    if sheet.daily_stock is None:
        shelf.set_left(sheet.stock_id, left)
    else:
        daily.set_left(sheet, left)


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
    if isinstance(row, ProductSheet):
        _check_sheet(row)
    if values or touch:
        row.save(update_fields=[*values, *(["updated_at"] if touch else [])])


def _change_photo(sheet: ProductSheet, photo: ContentFile) -> None:
    """The variants that show the photo of their family's first one go on doing so."""
    old = sheet.photo.name
    photos.keep(sheet, photo)
    if sheet.family and sheet.pk == sheet.family.sheets.order_by("pk").values_list("pk", flat=True).first():
        sheet.family.sheets.filter(photo=old).update(photo=sheet.photo.name)


def _check_title_of_variant(sheet: ProductSheet, title: str) -> None:
    """A file may call a variant by the title of its family: that is no other name."""
    if title != sheet.family.title:
        text = _("This is a variant of “%(title)s”: its name is changed there, with the variants.")
        raise WrongValue("title", text % {"title": sheet.family.title})


def _check_shelf(*, title: str | None = None, price: Decimal | None = None, stock: int | None = None) -> None:
    """The given values of Oscar's rows, of which Oscar checks none."""
    if title is not None and not title.strip():
        raise WrongValue("title", _("A product needs a name."))
    if price is not None and not Decimal("0.01") <= price <= HIGHEST_PRICE:
        raise WrongValue("price", _("A price lies between 0.01 and 99,999.99 euros."))
    if price is not None and price * 100 % 1:
        raise WrongValue("price", _("A price has two decimals at most."))
    if stock is not None and not 0 <= stock <= HIGHEST_STOCK:
        raise WrongValue("stock", _("The stock is a number from 0 on."))


def _check_sheet(sheet: ProductSheet) -> None:
    try:
        sheet.clean_fields(exclude=ROWS)
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise WrongValue(field, texts[0]) from error


def article():
    """The product class of all our goods."""
    return ProductClass.objects.get_or_create(
        name="Article", defaults={"requires_shipping": False, "track_stock": True}
    )[0]


def _free_reference() -> str:
    return uuid4().hex[:10].upper()


def _check_reference(shop: Shop, reference: str) -> None:
    if shop.sheets.filter(reference=reference).exists():
        raise ReferenceTaken(reference)
