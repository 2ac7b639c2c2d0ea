"""Keeping the search entries true: one row when something changes, all of them on `manage.py rebuild_search`."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from wagtail.models import Page

from marketplace.search.models import SearchEntry
from marketplace.search.text import indexed
from shops.models import ProductSheet, Shop

Kind = SearchEntry.Kind
ROWS_AT_ONCE = 500


@transaction.atomic
def rebuild() -> int:
    """Write every entry anew; returns how many there are."""
    SearchEntry.objects.all().delete()
    rows = [
        *_of_products(ProductSheet.objects.all()),
        *_of_shops(Shop.objects.all()),
        *_of_pages(Page.objects.live().public()),
    ]
    SearchEntry.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return len(rows)


def update_product(sheet: ProductSheet) -> None:
    """Write the entry of one product."""
    _write(_of_products(ProductSheet.objects.filter(pk=sheet.pk)))


def update_products(sheets: Iterable[ProductSheet]) -> None:
    """Write the entries of many products."""
    _write(_of_products(ProductSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets])))


def update_shop(shop: Shop) -> None:
    """Write the entry of a shop, and of its products when it has changed: they are found by its name and trade too."""
    [row] = _of_shops([shop])
    if SearchEntry.objects.filter(kind=Kind.SHOP, object_id=shop.pk, title=row.title, text=row.text).exists():
        return
    _write([row])
    _write(_of_products(shop.sheets.all()))


def update_page(page: Page) -> None:
    """Write the entry of a published page that everybody may read, or remove that of another."""
    if Page.objects.live().public().filter(pk=page.pk).exists():
        _write(_of_pages([page]))
    else:
        remove(Kind.PAGE, page.pk)


def remove(kind: str, object_id: int) -> None:
    """Forget one entry; nothing happens when there is none."""
    SearchEntry.objects.filter(kind=kind, object_id=object_id).delete()


def _write(rows: Iterable[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["title", "ean", "title_stems", "text"],
    )


def _of_products(sheets) -> list[SearchEntry]:
    """A variant is found by what stands on any of its family: the search shows one card for all of them."""
    sheets = list(sheets.select_related("product", "shop", "family").prefetch_related("product__categories"))
    of_family = _words_of_families({sheet.family_id for sheet in sheets} - {None})
    return [
        _entry(
            Kind.PRODUCT,
            sheet.pk,
            sheet.shared_title,
            *of_family.get(sheet.family_id, ()),
            sheet.product.description,
            sheet.shop.name,
            *(category.name for category in sheet.product.categories.all()),
            sheet.ingredients,
            sheet.origin,
            sheet.reference,
            ean=sheet.ean,
        )
        for sheet in sheets
    ]


def _words_of_families(pks: set[int]) -> dict[int, list[str]]:
    """Titles and references of all variants, by family. One query, none without families."""
    words: dict[int, list[str]] = {}
    if pks:
        rows = ProductSheet.objects.filter(family__in=pks).order_by("pk")
        for family, title, reference in rows.values_list("family", "product__title", "reference"):
            words.setdefault(family, []).extend([title, reference])
    return words


def _of_shops(shops: Iterable[Shop]) -> list[SearchEntry]:
    return [
        _entry(Kind.SHOP, shop.pk, shop.name, shop.get_trade_display(), shop.tagline, shop.story, shop.street)
        for shop in shops
    ]


def _of_pages(pages: Iterable[Page]) -> list[SearchEntry]:
    specific = (page.specific for page in pages if not page.is_root())
    return [_entry(Kind.PAGE, page.pk, page.title, page.search_description, *_texts_of(page)) for page in specific]


def _texts_of(page: Page) -> Iterator[str]:
    """Every text of a page that its model declares searchable, blocks included."""
    for field in page.get_searchable_search_fields():
        value = field.get_value(page)
        yield from map(str, value if isinstance(value, list) else [value or ""])


def _entry(kind: str, object_id: int, title: str, *texts: str, ean: str = "") -> SearchEntry:
    return SearchEntry(
        kind=kind,
        object_id=object_id,
        title=title,
        ean=ean,
        title_stems=f" {indexed(title)} ",
        text=indexed(title, *texts),
    )
