"""The reconciliation round on a phone: one door after the other, one tap each."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pickup.errors import PickupError
from pickup.models import Bank, Compartment, Round, RoundCheck
from pickup.operating import rounds
from pickup.operating.rights import operators_only

RECENT = 12


@operators_only
@require_safe
def rounds_page(request, pk):
    """The rounds of one bank, and the button that begins one."""
    bank = get_object_or_404(Bank.objects.select_related("point"), pk=pk)
    walks = bank.rounds.select_related("begun_by").prefetch_related("checks")[:RECENT]
    context = {
        "bank": bank,
        "walks": [
            {
                "walk": walk,
                "seen": len(walk.checks.all()),
                "wrong": sum(check.found != RoundCheck.Found.AGREES for check in walk.checks.all()),
            }
            for walk in walks
        ],
        "doors": bank.compartments.count(),
        "running": next((walk for walk in walks if walk.ended_at is None), None),
    }
    return render(request, "pickup/operating/rounds.html", context)


@operators_only
@require_POST
def begin(request, pk):
    """Begin a round, or go on with the one that is under way."""
    bank = get_object_or_404(Bank, pk=pk)
    return redirect("pickup:round", rounds.begin(bank, by=request.user).pk)


@operators_only
@require_safe
def round_page(request, pk):
    """The worksheet, or what was found when the round is over."""
    walk = _walk(pk)
    rows = rounds.worksheet(walk)
    seen = sum(row.check is not None for row in rows)
    context = {"walk": walk, "rows": rows, "seen": seen, "left": len(rows) - seen}
    return render(request, "pickup/operating/round.html", context)


@operators_only
@require_POST
def check(request, pk, compartment):
    """What is behind one door."""
    walk = _walk(pk)
    door = get_object_or_404(Compartment.objects.select_related("bank"), pk=compartment, bank=walk.bank_id)
    found = request.POST.get("found", "")
    if found not in RoundCheck.Found.values:
        messages.error(request, _("Please say what you found."))
        return redirect("pickup:round", pk)
    try:
        rounds.check(walk, door, found=found, by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
        return redirect("pickup:round", pk)
    following = next((row for row in rounds.worksheet(walk) if row.check is None), None)
    place = f"#casier-{following.compartment.pk}" if following else "#fin"
    return redirect(f"{walk.get_absolute_url()}{place}")


@operators_only
@require_POST
def finish(request, pk):
    """The round is over."""
    walk = _walk(pk)
    rounds.finish(walk)
    messages.success(request, _("The round is over and kept."))
    return redirect("pickup:rounds", walk.bank_id)


def _walk(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("bank__point", "begun_by"), pk=pk)
