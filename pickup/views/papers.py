"""The emergency list of a dead bank, and what was given out by hand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pickup.errors import PickupError
from pickup.forms import ReasonForm
from pickup.models import Bank, Leg
from pickup.operating import paper
from pickup.operating.rights import SEE_ALL_ORDERS, entrusted_only, operators_only
from pickup.views.logbooks import find_collection, order_page

RECENT = 8


@entrusted_only(SEE_ALL_ORDERS)
@require_http_methods(["GET", "POST"])
def paper_list(request, pk):
    """Who made a list so far; with a reason, the list to print."""
    bank = get_object_or_404(Bank.objects.select_related("point"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, rows = paper.write_list(bank, why=form.cleaned_data["why"], by=request.user)
        return render(request, "pickup/operating/paper.html", {"bank": bank, "made": made, "rows": rows})
    context = {"bank": bank, "form": form, "given": bank.paper_lists.select_related("by")[:RECENT]}
    return render(request, "pickup/operating/paper_lists.html", context, status=400 if form.errors else 200)


@operators_only
@require_POST
def handed_out(request, pk):
    """Goods of one order went from the locker into the resident's hands, by a person with the key."""
    return noted(request, pk, paper.hand_out, _("Noted: the resident has these goods."))


@operators_only
@require_POST
def at_counter(request, pk):
    """Goods of one order went from the locker to the counter, by a person with the key."""
    return noted(request, pk, paper.take_to_counter, _("Noted: these goods are at the counter."))


def noted(request, pk: int, act, success: str):
    """Let `act` say, with a reason, what became of the goods of one leg."""
    leg = get_object_or_404(Leg, pk=pk)
    form = ReasonForm(request.POST, auto_id=f"hand-{leg.pk}-%s")
    if not form.is_valid():
        return order_page(request, find_collection(leg.collection_id), hand_leg=leg, hand_form=form)
    try:
        act(leg, why=form.cleaned_data["why"], by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success)
    return redirect("pickup:timeline", leg.collection_id)
