"""The one search of the site."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from marketplace.foundation.ratelimits import visitor_address
from marketplace.search.models import SearchEntry
from marketplace.search.queries import find
from marketplace.search.text import fold
from shops import unmet
from shops.models import ProductSheet, Shop

RESULTS_A_PAGE = 24
LONGEST_QUERY = 120

Kind = SearchEntry.Kind


@dataclass(frozen=True)
class Found:
    """The results of one page of answers, by kind, each in the order found."""

    shops: list[Shop]
    products: list[ProductSheet]
    pages: list[Page]


@require_safe
def search(request):
    """Products, shops and pages that hold every word of `q`."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    page = Paginator(find(query), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    found = _load(list(page))
    if query and page.paginator.num_pages == 1 and not (found.shops or found.products):
        unmet.note(query, key=fold(query)[:LONGEST_QUERY], visitor=visitor_address(request))
    context = {
        "query": query,
        "page": page,
        "page_query": urlencode({"q": query}) + "&",
        "found": found,
    }
    return render(request, "search.html", context)


def _load(entries: list[SearchEntry]) -> Found:
    """The rows behind some entries: one query for each kind that occurs."""
    return Found(
        shops=_rows(Shop.objects.public(), entries, Kind.SHOP),
        products=_rows(ProductSheet.objects.on_sale().for_cards(), entries, Kind.PRODUCT),
        pages=_rows(Page.objects.live(), entries, Kind.PAGE),
    )


def _rows(rows, entries: list[SearchEntry], kind: str) -> list:
    wanted = [entry.object_id for entry in entries if entry.kind == kind]
    found = rows.in_bulk(wanted) if wanted else {}
    return [found[pk] for pk in wanted if pk in found]
