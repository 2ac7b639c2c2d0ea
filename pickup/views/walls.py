"""The operators' start page, the live wall of one bank, and the page of one door with all that can be done to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pickup import codes
from pickup.errors import NoCounter, NothingHere, PickupError
from pickup.forms import EmptyForm, ReasonForm
from pickup.models import Bank, BankCommand, Compartment, Leg, OpeningRequest, Point, Problem, ServiceCode
from pickup.operating import acting, approving, faults, logbook, rounds, sentences, wall
from pickup.operating.rights import operators_only
from shops import opening

RECENT = 8


@operators_only
@require_safe
def overview(request):
    """All banks at a glance, the counters, and what waits for a second person."""
    now = timezone.now()
    context = {
        "banks": wall.overview(now),
        "rounds_due": rounds.due(now),
        "requests": _waiting_requests(now),
        "late_answers": Problem.objects.late(now).count(),
        "counters": Point.objects.active().counters(),
    }
    return render(request, "pickup/operating/overview.html", context)


@operators_only
@require_safe
def bank(request, pk):
    """One wall, which keeps itself fresh."""
    view = _bank(pk)
    context = {"view": view, "requests": _waiting_requests(timezone.now()).filter(compartment__bank=pk)}
    return render(request, "pickup/operating/bank.html", context)


@operators_only
@require_safe
def bank_state(request, pk):
    """What of the page changes: asked for every few seconds, answered in full only when something has."""
    view = _bank(pk)
    etag = f'"{view.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response: HttpResponse = render(request, "pickup/operating/bank_state.html", {"view": view})
    response["ETag"] = etag
    return response


@operators_only
@require_safe
def door(request, pk):
    """One compartment: what is known of it, what was done, what can be done."""
    return door_page(request, _compartment(pk))


@operators_only
@require_POST
def block(request, pk):
    """Take a compartment out of service, with a reason."""
    compartment, form = _compartment(pk), ReasonForm(request.POST)
    if not form.is_valid():
        return door_page(request, compartment, block_form=form)
    acting.block(compartment, why=form.cleaned_data["why"], by=request.user)
    messages.success(request, _("Compartment %(label)s is blocked.") % {"label": compartment.label})
    return redirect("pickup:door", pk)


@operators_only
@require_POST
def unblock(request, pk):
    """Put a compartment back into service, or ask the bank whether that can be."""
    compartment = _compartment(pk)
    if acting.unblock(compartment, by=request.user):
        messages.success(request, _("Compartment %(label)s is in service again.") % {"label": compartment.label})
    else:
        messages.info(request, _("The bank is asked. It refuses until it has seen the door open and close."))
    return redirect("pickup:door", pk)


@operators_only
@require_POST
def locate(request, pk):
    """Let the bank show the door."""
    compartment = _compartment(pk)
    acting.locate(compartment, by=request.user)
    messages.success(request, _("The bank shows compartment %(label)s.") % {"label": compartment.label})
    return redirect("pickup:door", pk)


@operators_only
@require_POST
def open_door(request, pk):
    """Open an empty compartment; ask a second person when goods are inside."""
    compartment, form = _compartment(pk), ReasonForm(request.POST)
    if not form.is_valid():
        return door_page(request, compartment, open_form=form)
    why = form.cleaned_data["why"]
    try:
        acting.open_empty(compartment, why=why, by=request.user)
        messages.success(request, _("Compartment %(label)s opens within seconds.") % {"label": compartment.label})
    except acting.Occupied:
        return _ask(request, compartment, why)
    return redirect("pickup:door", pk)


@operators_only
@require_POST
def clearing_code(request, pk):
    """A code for whoever stands at the bank, for the door of these uncollected goods alone."""
    compartment = _compartment(pk)
    leg = acting.overdue_leg(compartment)
    if leg is None:
        messages.error(request, str(NothingHere()))
        return redirect("pickup:door", pk)
    return _show_code(request, compartment.bank, why=_("uncollected goods"), leg=leg)


@operators_only
@require_http_methods(["GET", "POST"])
def service_code(request, pk):
    """A code for a technician or a round: every door of one bank, one at a time, on site."""
    bank = get_object_or_404(Bank.objects.select_related("point"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_code(request, bank, why=form.cleaned_data["why"])
    given = list(bank.service_codes.select_related("by", "revoked_by", "leg__compartment")[:RECENT])
    context = {"bank": bank, "form": form, "given": given, "used": acting.used_codes(given), "now": timezone.now()}
    return render(request, "pickup/operating/service_code.html", context)


@operators_only
@require_POST
def revoke_code(request, pk):
    """A code was lost, or is not needed any more."""
    code = get_object_or_404(ServiceCode.objects.select_related("bank"), pk=pk)
    if acting.revoke_code(code, by=request.user):
        messages.success(request, _("The code is withdrawn. The bank refuses it as soon as it has the next list."))
    else:
        messages.info(request, _("This code has ended already."))
    return redirect("pickup:service-code", code.bank_id)


@operators_only
@require_POST
def approve(request, pk):
    """The second person says yes: the door opens."""
    return _answer(request, pk, approving.approve, _("Compartment %(label)s opens within seconds."))


@operators_only
@require_POST
def decline(request, pk):
    """The second person says no, or the first one takes the request back."""
    return _answer(request, pk, approving.decline, _("Compartment %(label)s stays shut."))


def _ask(request, compartment: Compartment, why: str):
    try:
        approving.ask(compartment, why=why, by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
    else:
        messages.warning(request, _("Goods are inside: a second person has ten minutes to approve the opening."))
    return redirect("pickup:door", compartment.pk)


def _answer(request, pk: int, act, success: str):
    asked = get_object_or_404(OpeningRequest.objects.select_related("compartment__bank"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return door_page(request, _compartment(asked.compartment_id), answer_form=form)
    try:
        act(asked, why=form.cleaned_data["why"], by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success % {"label": asked.compartment.label})
    return redirect("pickup:door", asked.compartment_id)


def _bank(pk: int) -> wall.BankView:
    view = wall.one(pk, timezone.now())
    if view is None:
        raise Http404
    return view


def _compartment(pk: int) -> Compartment:
    return get_object_or_404(Compartment.objects.select_related("bank__point", "zone"), pk=pk)


def door_page(request, compartment: Compartment, **forms):
    """The page of one door; `forms` with errors replace the empty ones."""
    now = timezone.now()
    view = wall.one(compartment.bank_id, now)
    leg = Leg.objects.behind(pk=compartment.pk).select_related("collection__order").first()
    orders = BankCommand.objects.filter(bank=compartment.bank, data__compartment=compartment.label)
    context = {
        "compartment": compartment,
        "door": next(each for each in view.doors if each.pk == compartment.pk),
        "bank_answers": view.is_reachable,
        "leg": leg,
        "is_occupied": acting.is_occupied(compartment),
        "where": _destination(overdue, now) if (overdue := acting.overdue_leg(compartment)) else None,
        "inspection": faults.inspection(compartment.service_reason),
        "asked": compartment.opening_requests.waiting(now).select_related("asked_by").first(),
        "answered": compartment.opening_requests.exclude(status="asked").select_related("asked_by", "answered_by")[:3],
        "commands": [(row, sentences.command(row)) for row in orders.select_related("by").order_by("-pk")[:RECENT]],
        "lines": logbook.of_door(compartment, limit=RECENT),
        "block_form": ReasonForm(auto_id="block-%s"),
        "open_form": ReasonForm(auto_id="open-%s"),
        "answer_form": ReasonForm(auto_id="answer-%s"),
        "empty_form": EmptyForm(auto_id="empty-%s", initial={"expected": leg.pk if leg else None}),
        **forms,
    }
    return render(request, "pickup/operating/door.html", context, status=400 if forms else 200)


def _show_code(request, bank: Bank, *, why: str, leg: Leg | None = None):
    """The QR code, once: it stands in no address and in no table."""
    code, text = acting.give_code(bank, why=why, by=request.user, leg=leg)
    context = {
        "bank": bank,
        "code": code,
        "leg": leg,
        "where": _destination(leg, timezone.now()) if leg else None,
        "qr": codes.qr_svg(text, title=_("Service code")),
    }
    return render(request, "pickup/operating/code.html", context)


def _destination(leg: Leg, now) -> dict | None:
    try:
        return _said(acting.destination(leg, now))
    except NoCounter:
        return {"counter": _("no counter is active"), "hours": "–"}


def _said(where: acting.Destination) -> dict:
    """The counter and its hours in words."""
    start, end = timezone.localtime(where.starts_at), timezone.localtime(where.ends_at)
    hours = _("open %(day)s from %(start)s to %(end)s") % {
        "day": opening.day_name(start),
        "start": time_format(start, "H:i"),
        "end": time_format(end, "H:i"),
    }
    return {"counter": where.point.name, "hours": hours}


def _waiting_requests(now):
    waiting = OpeningRequest.objects.waiting(now)
    return waiting.select_related("compartment__bank__point", "asked_by").order_by("expires_at")
