"""The records of a bank, the search for an order, and the month as a file."""

from datetime import datetime

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pickup import collections
from pickup.models import Bank, Collection
from pickup.operating import logbook
from pickup.operating.rights import operators_only
from pickup.views.files import csv_lines, months_before

PER_PAGE = 100


class FilterForm(forms.Form):
    """Which events of a bank are shown."""

    KINDS = [
        ("", _("everything but readings")),
        ("codes", _("codes")),
        ("doors", _("doors")),
        ("goods", _("deposits and collections")),
        ("cold", _("temperatures")),
        ("device", _("the bank's computer")),
    ]
    genre = forms.ChoiceField(label=_("What"), choices=KINDS, required=False)
    casier = forms.CharField(label=_("Compartment"), max_length=20, required=False)
    jour = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@operators_only
@require_safe
def logbook_page(request, pk):
    """The events of one bank in plain words, newest first."""
    bank, form = _bank(pk), FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = logbook.events(
        bank, kind=wanted.get("genre", ""), door=wanted.get("casier", "").upper(), day=wanted.get("jour")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "bank": bank,
        "form": form,
        "page": page,
        "lines": logbook.lines(page.object_list),
        "page_query": f"{query.urlencode()}&" if query else "",
        "months": months_before(timezone.localtime()),
    }
    return render(request, "pickup/operating/logbook.html", context)


@operators_only
@require_safe
def month(request, pk, year, month):
    """Every event of one month as CSV."""
    bank, zone = _bank(pk), timezone.get_current_timezone()
    try:
        first = datetime(year, month, 1, tzinfo=zone)
        after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    lines = csv_lines(logbook.rows_of_month(bank, first, after))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{bank.code}-{year}-{month:02}.csv"'
    return response


@operators_only
@require_safe
def search(request):
    """Where is order X? One answer goes straight to its timeline."""
    text = request.GET.get("q", "").strip()[:120]
    found = logbook.find(text)
    if len(found) == 1:
        return redirect("pickup:timeline", found[0].pk)
    return render(request, "pickup/operating/search.html", {"text": text, "found": found})


@operators_only
@require_safe
def timeline(request, pk):
    """What happened to one order, in the words of the help desk."""
    rows = Collection.objects.select_related("order", "point", "code_bank__point")
    collection = get_object_or_404(rows, pk=pk)
    legs = collection.legs.select_related("compartment__bank").prefetch_related("parcels__shop_order__shop")
    logs = [(leg, log) for leg in legs if (log := collections.cold_log(leg))]
    problems = collection.problems.select_related("leg", "answered_by")
    context = {
        "collection": collection,
        "legs": legs,
        "logs": logs,
        "problems": problems,
        "lines": logbook.timeline(collection),
    }
    return render(request, "pickup/operating/timeline.html", context)


def _bank(pk: int) -> Bank:
    return get_object_or_404(Bank.objects.select_related("point"), pk=pk)
