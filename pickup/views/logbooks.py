"""The records of a bank, the search for an order, and the month as a file."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.foundation.csv_files import csv_file
from pickup import collections
from pickup.errors import PickupError
from pickup.forms import ReasonForm
from pickup.models import Bank, Collection, Leg
from pickup.operating import logbook, looking, reading
from pickup.operating.rights import operators_only
from pickup.views.files import month_bounds, months_before

PER_PAGE = 100


class FilterForm(forms.Form):
    """Which events of a bank are shown."""

    KINDS = [
        ("", _("everything that happened")),
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
    bank = _bank(pk)
    rows = logbook.rows_of_month(bank, *month_bounds(year, month))
    return csv_file(rows, f"{bank.code}-{year}-{month:02}")


@operators_only
@require_safe
def search(request):
    """Where is order X? One answer goes straight to its timeline."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:120]
    found = logbook.find(text)
    if len(found) == 1:
        return redirect("pickup:timeline", found[0].pk)
    return render(request, "pickup/operating/search.html", {"text": text, "found": found})


@operators_only
@require_safe
def timeline(request, pk):
    """What happened to one order, in the words of the help desk."""
    return order_page(request, find_collection(pk))


@operators_only
@require_POST
def read_code(request, pk):
    """Show the resident's code once, for a person without a screen; who read it, and why, stays in the order's records."""
    collection, form = find_collection(pk), ReasonForm(request.POST)
    if not form.is_valid():
        return order_page(request, collection, form=form)
    try:
        pin = reading.read_code(collection, why=form.cleaned_data["why"], by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
        return redirect("pickup:timeline", pk)
    return render(request, "pickup/operating/read_code.html", {"collection": collection, "pin": pin})


def order_page(request, collection: Collection, **forms):
    """The page of one order; `forms` with errors replace the empty ones: `form`, or `hand_form` of the leg `hand_leg`."""
    legs = collection.legs.select_related("compartment__bank").prefetch_related(
        "parcels__shop_order__shop", "more_doors__compartment", "found_empty"
    )
    hand_leg, hand_form = forms.pop("hand_leg", None), forms.get("hand_form")
    inside = [
        (
            leg,
            hand_form if leg == hand_leg else ReasonForm(auto_id=f"hand-{leg.pk}-%s"),
            looking.is_found_empty(leg),
        )
        for leg in legs
        if leg.status in Leg.INSIDE and leg.compartment_id
    ]
    context = {
        "collection": collection,
        "legs": legs,
        "logs": [(leg, log) for leg in legs if (log := collections.cold_log(leg))],
        "inside": inside,
        "found_empty": any(is_empty for _leg, _form, is_empty in inside),
        "problems": collection.problems.select_related("leg", "answered_by"),
        "lines": logbook.timeline(collection),
        "form": ReasonForm(),
        **forms,
    }
    return render(request, "pickup/operating/timeline.html", context, status=400 if forms else 200)


def find_collection(pk: int) -> Collection:
    """The order of a page, with what its head says."""
    return get_object_or_404(Collection.objects.select_related("order", "point", "code_bank__point"), pk=pk)


def _bank(pk: int) -> Bank:
    return get_object_or_404(Bank.objects.select_related("point"), pk=pk)
