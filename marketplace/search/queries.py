"""Finding: the entries that hold every word asked for, best first."""

import re

from django.db import connection
from django.db.models import BooleanField, Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Collate
from wagtail.models import Page

from cms.languages import here
from marketplace.search.models import SearchEntry
from marketplace.search.text import stems
from shops.models import ProductSheet, Shop

Kind = SearchEntry.Kind
MOST_WORDS = 8
SHORTEST_BEGINNING = 3

_MATCHES = {
    "sqlite": "marketplace_search_searchentry.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)",
    "postgresql": "to_tsvector('simple', marketplace_search_searchentry.text) @@ to_tsquery('simple', %s)",
}
_AND = {"sqlite": " AND ", "postgresql": " & "}
_BEGINS = {"sqlite": "*", "postgresql": ":*"}
_BYTES = {"sqlite": "BINARY", "postgresql": "C"}  # stems hold a to z only: their bytes are the alphabet, É among the E


def find(query: str) -> QuerySet[SearchEntry]:
    """The entries of all that is public now and holds every word of `query`; the last one may be only a beginning.

    Shops come first, then what carries the words in its title, then the rest, each in the order of the alphabet; the
    order is the same in every database. A barcode finds its product alone;
    of a product in variants, all other words find one entry.
    """
    on_sale = ProductSheet.objects.on_sale()
    if re.fullmatch(r"[0-9]{8}|[0-9]{13}", query.strip()):
        visible = SearchEntry.objects.filter(_visible(on_sale))
        return visible.filter(kind=Kind.PRODUCT, ean=query.strip()).order_by("title", "pk")
    words = stems(query)[:MOST_WORDS]
    if not words:
        return SearchEntry.objects.none()
    visible = SearchEntry.objects.filter(_visible(on_sale.one_per_family()))
    in_title = Q()
    for word in words:
        in_title &= Q(title_stems__contains=f" {word} ")
    alphabet = Collate("title_stems", _BYTES[connection.vendor])
    return (
        visible.extra(where=[_MATCHES[connection.vendor]], params=[_expression(words)])  # noqa: S610  no word in the SQL
        .annotate(place=Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField()))
        .order_by(Case(When(kind=Kind.SHOP, then=Value(0)), default=Value(1)), "place", alphabet, "pk")
    )


def _expression(words: list[str]) -> str:
    """The words as the database wants them. They are letters and digits only: nothing of its syntax can be among them."""
    last = words[-1]
    end = _BEGINS[connection.vendor] if len(last) >= SHORTEST_BEGINNING else ""
    quoted = [f'"{word}"' if connection.vendor == "sqlite" else f"'{word}'" for word in words]
    return _AND[connection.vendor].join(quoted) + end


def _visible(products: QuerySet) -> Case:
    """`products`: those that may be found.

    Asked at every search, so that a suspended shop is gone at once.

    A CASE, which no database can turn into three lists of all that is public: the words come first, then each hit is asked.
    """
    return Case(
        When(kind=Kind.PRODUCT, then=_still(products)),
        When(kind=Kind.SHOP, then=_still(Shop.objects.public())),
        When(kind=Kind.PAGE, then=_still(here(Page.objects.live().public()))),
        output_field=BooleanField(),
    )


def _still(rows: QuerySet) -> Exists:
    """Whether what an entry points at is among `rows`."""
    return Exists(rows.filter(pk=OuterRef("object_id")))
