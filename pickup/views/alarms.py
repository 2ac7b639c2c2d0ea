"""The alarms of all banks: what stands, what is over, and the note of whoever looks after it."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pickup.forms import NoteForm
from pickup.models import Alarm, Compartment
from pickup.operating import alarms, warnings
from pickup.operating.rights import operators_only

RECENT = 30


@operators_only
@require_safe
def alarms_page(request):
    """What stands, newest first, then the last ones that are over."""
    return _page(request)


@operators_only
@require_POST
def see(request, pk):
    """Say that one looks after it."""
    return _answer(request, pk, alarms.see, _("Noted. The others see that you look after it."))


@operators_only
@require_POST
def close(request, pk):
    """Say that it is over."""
    return _answer(request, pk, alarms.close, _("The alarm is closed."))


def _answer(request, pk: int, act, success: str):
    alarm, form = get_object_or_404(Alarm, pk=pk), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong={alarm.pk: form}, status=400)
    if act(alarm, note=form.cleaned_data["note"], by=request.user):
        messages.success(request, success)
    else:
        messages.info(request, _("Somebody else was faster, or it is over already."))
    return redirect("pickup:alarms")


def _page(request, *, wrong: dict[int, NoteForm] | None = None, status: int = 200):
    door = Compartment.objects.filter(bank=OuterRef("bank"), label=OuterRef("subject"))
    rows = Alarm.objects.select_related("bank__point", "seen_by").annotate(door=Subquery(door.values("pk")[:1]))
    standing = [
        {
            "alarm": alarm,
            "sentence": warnings.sentence(alarm),
            "door": alarm.door if alarm.kind in alarms.ABOUT_DOORS else None,
            "form": (wrong or {}).get(alarm.pk) or NoteForm(auto_id=f"alarm-{alarm.pk}-%s"),
        }
        for alarm in rows.standing()
    ]
    over = [(alarm, warnings.sentence(alarm)) for alarm in rows.filter(status=Alarm.Status.CLOSED)[:RECENT]]
    return render(request, "pickup/operating/alarms.html", {"standing": standing, "over": over}, status=status)
