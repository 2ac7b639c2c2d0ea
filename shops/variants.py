"""Products in variants: a family names what its variants share, each variant is a product of its own with its values.

`family` makes one, `place` puts a product into it, `take_out` and `dissolve` make ordinary products of variants again.
The title of a variant is written here and nowhere else: "Pull marin, M, bleu".
"""

from collections.abc import Iterable
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from shops import products, signals
from shops.models import ProductFamily, ProductSheet, Shop

MOST_OPTIONS = ProductFamily.MOST_OPTIONS
MOST_VARIANTS = 100
LONGEST_OPTION, LONGEST_VALUE, LONGEST_TITLE = 30, 40, 128  # together a title of 254 letters at most: Oscar holds 255
FIELDS = ("value_1", "value_2", "value_3")

# What a new variant takes over from the first one; price, stock, reference and barcode are its own.
SHARED = (
    "kind", "vat_rate", "net_quantity", "net_unit", "temperature", "min_age", "needs_signature", "volume_l", "longest_cm",
    "max_dwell_hours", "lead_minutes", "collect_days", "withdrawal", "ingredients", "allergens", "origin", "maker", "photo_alt",
)  # fmt: skip


class VariantError(products.ProductError):
    """The variants cannot be like this, for a reason that the shopkeeper understands; nothing is changed."""


class WrongOptions(VariantError):
    """Not one to three different names of options, or a value too many or too few for them."""


class VariantTaken(VariantError):
    """The family has a variant with these values already."""

    def __init__(self, values: list[str]):
        super().__init__(_("The variant “%(values)s” is there already.") % {"values": ", ".join(values)})


class TooManyVariants(VariantError):
    """More than a resident can choose from."""

    def __init__(self):
        super().__init__(_("A product has %(most)s variants at most.") % {"most": MOST_VARIANTS})


@transaction.atomic
def family(shop: Shop, *, title: str, options: list[str]) -> ProductFamily:
    """The family `title` of `shop`, made when the shop has none of that title.

    `options`: one to three names ("taille", "couleur"). Raises `WrongOptions` when they are none, or not those of the
    family that is there (case does not matter).
    """
    title, names = _title(title), _names(options)
    made, is_new = ProductFamily.objects.get_or_create(shop=shop, title=title, defaults=_columns("option", names))
    if not is_new and _folded(made.options) != _folded(names):
        text = _("The options of “%(title)s” are: %(options)s.")
        raise WrongOptions(text % {"title": title, "options": ", ".join(made.options)})
    return made


@transaction.atomic
def place(sheet: ProductSheet, family: ProductFamily, values: list[str]) -> ProductSheet:
    """Make `sheet` the variant of `family` with these `values`, one for each of its options in their order.

    Writes its title anew, and gives it the photo of the first variant when it has none. A sheet that stands there already
    with these values stays as it is. Raises `WrongOptions`, `VariantTaken`, `TooManyVariants`.
    """
    sheet = ProductSheet.objects.with_all().get(pk=sheet.pk)
    if sheet.shop_id != family.shop_id:
        raise ValueError("a variant and its family are of the same shop")
    family = ProductFamily.objects.select_for_update().get(pk=family.pk)
    values = _values(family, values)
    others = list(family.sheets.exclude(pk=sheet.pk).order_by("pk"))
    if _folded(values) in [_folded(other.values) for other in others]:
        raise VariantTaken(values)
    if len(others) >= MOST_VARIANTS:
        raise TooManyVariants
    if sheet.family_id == family.pk and sheet.values == values:
        return sheet
    left = sheet.family if sheet.family_id != family.pk else None
    _enter(sheet, family, values, photo=next((other.photo.name for other in others if other.photo), ""))
    is_new = not set(values) <= {value for other in others for value in other.values}
    for each in [sheet, *others] if is_new else [sheet]:  # each variant is found by the values of all
        signals.product_changed.send(sender=ProductSheet, sheet=each)
    if left:
        _forget_if_empty(left)
    return sheet


@transaction.atomic
def make(sheet: ProductSheet, *, options: list[str], values: list[str]) -> ProductFamily:
    """A family of an ordinary product, which becomes its first variant. Raises `VariantError`."""
    if sheet.family_id:
        raise VariantError(_("“%(title)s” is a variant already.") % {"title": sheet.title})
    if sheet.shop.families.filter(title=_title(sheet.title)).exists():
        text = _("There are variants of a product called “%(title)s” already: please give this one another name.")
        raise VariantError(text % {"title": sheet.title})
    made = family(sheet.shop, title=sheet.title, options=options)
    place(sheet, made, values)
    return made


@transaction.atomic
def add(
    family: ProductFamily,
    values: list[str],
    *,
    price: Decimal,
    stock: int,
    reference: str = "",
    ean: str = "",
    photo: ContentFile | None = None,
) -> ProductSheet:
    """One more variant: all but price, stock, reference, barcode and photo is that of the first one.

    `photo` accepted by `photos`; without one the first variant's is shown. Raises `VariantError`, `products.ProductError`.
    """
    like = lead(family)
    if like is None:
        raise VariantError(_("This product has no variants any more."))
    _values(family, values)
    sheet = products.create(
        family.shop,
        title=family.title,
        price=price,
        stock=stock,
        category=like.product.categories.first(),
        reference=reference,
        description=like.product.description,
        is_public=like.product.is_public,
        photo=photo,
        ean=ean,
        **{name: getattr(like, name) for name in SHARED},
    )
    return place(sheet, family, values)


@transaction.atomic
def rename(family: ProductFamily, *, title: str, options: list[str]) -> None:
    """Give the family another title, and its options other names; there are as many options as before.

    Raises `VariantError`.
    """
    family = ProductFamily.objects.select_for_update().get(pk=family.pk)
    title, names = _title(title), _names(options)
    if len(names) != len(family.options):
        raise WrongOptions(_("Please give each option a name."))
    if family.shop.families.exclude(pk=family.pk).filter(title=title).exists():
        raise VariantError(_("Another product with variants is called “%(title)s”.") % {"title": title})
    ProductFamily.objects.filter(pk=family.pk).update(title=title, **_columns("option", names))
    for sheet in family.sheets.select_related("product"):
        _name(sheet, title, sheet.values)
        signals.product_changed.send(sender=ProductSheet, sheet=sheet)


@transaction.atomic
def take_out(sheet: ProductSheet) -> None:
    """Make an ordinary product of a variant; it keeps its full title. A family without variants is gone."""
    sheet = ProductSheet.objects.with_all().get(pk=sheet.pk)
    if sheet.family is None:
        return
    left, sheet.family = sheet.family, None
    sheet.value_1 = sheet.value_2 = sheet.value_3 = ""
    sheet.save(update_fields=["family", *FIELDS, "updated_at"])
    signals.product_changed.send(sender=ProductSheet, sheet=sheet)
    _forget_if_empty(left)


@transaction.atomic
def dissolve(family: ProductFamily) -> None:
    """Make ordinary products of all variants."""
    for sheet in family.sheets.all():
        take_out(sheet)


def lead(family: ProductFamily) -> ProductSheet | None:
    """The first variant: the one whose address stands for all of them, if possible one that residents see."""
    sheets = family.sheets.select_related("product", "stock", "shop", "family")
    return sheets.order_by("-product__is_public", "pk").first()


def _enter(sheet: ProductSheet, family: ProductFamily, values: list[str], *, photo: str) -> None:
    sheet.family = family
    for name, value in _columns("value", values).items():
        setattr(sheet, name, value)
    if not sheet.photo:
        sheet.photo = photo
    sheet.save(update_fields=["family", *FIELDS, "photo", "updated_at"])
    _name(sheet, family.title, values)


def _name(sheet: ProductSheet, title: str, values: list[str]) -> None:
    sheet.product.title = ", ".join([title, *values])
    sheet.product.save(update_fields=["title"])


def _forget_if_empty(family: ProductFamily) -> None:
    if not family.sheets.exists():
        family.delete()


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or "\x00" in title:
        raise VariantError(
            _("The name of a product with variants has 1 to %(most)s letters.") % {"most": LONGEST_TITLE}
        )
    return title


def _names(options: Iterable[str]) -> list[str]:
    names = [" ".join(name.split()) for name in options]
    names = [name for name in names if name]
    if not 1 <= len(names) <= MOST_OPTIONS or len(set(_folded(names))) < len(names):
        raise WrongOptions(_("A product has one to three options with different names, such as size and colour."))
    if any(len(name) > LONGEST_OPTION or "\x00" in name for name in names):
        raise WrongOptions(_("The name of an option has %(most)s letters at most.") % {"most": LONGEST_OPTION})
    return names


def _values(family: ProductFamily, values: Iterable[str]) -> list[str]:
    cleaned = [" ".join(value.split()) for value in values]
    if len(cleaned) != len(family.options) or not all(cleaned):
        raise WrongOptions(_("Please say for this variant: %(options)s.") % {"options": ", ".join(family.options)})
    if any(len(value) > LONGEST_VALUE or "\x00" in value for value in cleaned):
        raise WrongOptions(_("The value of an option has %(most)s letters at most.") % {"most": LONGEST_VALUE})
    return cleaned


def _columns(kind: str, texts: list[str]) -> dict[str, str]:
    """The columns of a family or sheet: "option_1", … or "value_1", …; the empty ones too."""
    return {f"{kind}_{n}": texts[n - 1] if n <= len(texts) else "" for n in range(1, MOST_OPTIONS + 1)}


def _folded(texts: Iterable[str]) -> list[str]:
    return [text.casefold() for text in texts]
