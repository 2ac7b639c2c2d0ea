"""The fake's HTTP side: the API, the hosted payment page, the onboarding page and a console for faults."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.foundation.money import from_cents
from shops.payments.fake import api, checkout, connect, disputes, events
from shops.payments.fake.models import Account, AccountLink, Charge, Dispute, Event, Fault, Session

LANGUAGES = {"fr", "en"}


@csrf_exempt
def api_view(request, path):
    """The API over HTTP. An ordered timeout is an answer that never ends: the client waits until its own patience does."""
    query = request.META.get("QUERY_STRING", "")
    try:
        answer = api.answer(
            request.method, f"/{path}?{query}", dict(request.headers), request.body.decode(errors="replace")
        )
    except api.NoAnswer:
        response = StreamingHttpResponse(iter([b"{"]), content_type="application/json")
        response["Content-Length"] = "1000"
        return response
    events.deliver_soon()
    return HttpResponse(answer.text, status=answer.status, content_type="application/json", headers=answer.headers)


def _session(session_id: str) -> Session:
    checkout.let_time_pass()
    return get_object_or_404(Session.objects.select_related("intent"), pk=session_id)


def _shown(request, session: Session, template: str, **more):
    """The page in the language that the shop asked for."""
    language = session.locale if session.locale in LANGUAGES else translation.get_language()
    lines = [line | {"total": from_cents(line["unit_amount"] * line["quantity"])} for line in session.lines]
    error = session.intent.last_error
    context = {
        "session": session,
        "lines": lines,
        "amount": from_cents(session.intent.amount),
        "declined": bool(error) and error["code"] == "card_declined",
        "not_authenticated": bool(error) and error["code"] == "payment_intent_authentication_failure",
        "page_language": language,
        **more,
    }
    with translation.override(language):
        return render(request, f"payments_fake/{template}.html", context)


def _leave(address: str, session: Session):
    """Back to the shop, as Stripe does: a plain 303 to the address it gave."""
    return HttpResponse(status=303, headers={"Location": address.replace("{CHECKOUT_SESSION_ID}", session.id)})


def pay(request, session_id):
    """The hosted page: pay, refuse, try 3-D Secure, or go back."""
    with transaction.atomic():
        session = _session(session_id)
        if request.method != "POST" or session.status != "open":
            if session.status == "complete":
                return _leave(session.success_url, session)
            return _shown(request, session, "pay")
        choice = request.POST.get("choice")
        if choice == "back":
            return _leave(session.cancel_url or session.success_url, session)
        if choice == "3ds":
            return redirect("payments_fake:three_d_secure", session_id)
        if choice == "refuse" or Fault.strikes(Fault.Kind.DECLINE):
            checkout.decline(session, "card_declined")
        elif choice == "pay":
            checkout.pay(session)
    events.deliver_soon()
    if session.status == "complete":
        return _leave(session.success_url, session)
    return redirect("payments_fake:pay", session_id)


def three_d_secure(request, session_id):
    """The bank's question to its customer."""
    with transaction.atomic():
        session = _session(session_id)
        if session.status != "open":
            return redirect("payments_fake:pay", session_id)
        if request.method != "POST":
            return _shown(request, session, "three_d_secure")
        if request.POST.get("choice") == "confirm" and not Fault.strikes(Fault.Kind.THREE_D_SECURE_FAILS):
            checkout.pay(session)
        else:
            checkout.decline(session, "payment_intent_authentication_failure")
    events.deliver_soon()
    if session.status == "complete":
        return _leave(session.success_url, session)
    return redirect("payments_fake:pay", session_id)


def onboard(request, link_id):
    """Stripe's questions to a shopkeeper, in one button. A used link leads to the page that makes a new one."""
    link = get_object_or_404(AccountLink.objects.select_related("account"), pk=link_id)
    if link.used:
        return HttpResponse(status=303, headers={"Location": link.refresh_url})
    if request.method != "POST":
        return render(request, "payments_fake/onboard.html", {"link": link})
    with transaction.atomic():
        link.used = True
        link.save(update_fields=["used"])
        if request.POST.get("choice") == "complete":
            connect.set_capability(link.account, "active")
    events.deliver_soon()
    return HttpResponse(status=303, headers={"Location": link.return_url or link.refresh_url})


def _staff_only(request) -> None:
    """Who may order trouble: the people of the association."""
    if not request.user.is_staff:
        raise PermissionDenied


def console(request):
    """Ordered faults, the accounts and the last events."""
    _staff_only(request)
    context = {
        "kinds": Fault.Kind.choices,
        "faults": Fault.objects.filter(left__gt=0),
        "accounts": Account.objects.all(),
        "charges": Charge.objects.filter(captured__gt=F("refunded"), dispute=None).select_related("intent")[:10],
        "disputes": Dispute.objects.filter(status=Dispute.OPEN).select_related("charge__intent"),
        "events": Event.objects.prefetch_related("deliveries")[:30],
        "available": from_cents(connect.available()),
    }
    return render(request, "payments_fake/console.html", context)


@require_POST
def order_fault(request):
    """Order a trouble for the next calls, or forget all of them."""
    _staff_only(request)
    if request.POST.get("kind") in Fault.Kind.values:
        times = request.POST.get("times", "1")
        left = min(int(times), 20) if times.isdigit() else 1
        Fault.objects.create(kind=request.POST["kind"], where=request.POST.get("where", "")[:60], left=left)
    else:
        Fault.objects.all().delete()
    return redirect("payments_fake:console")


@require_POST
def set_capability(request, account_id):
    """Activate or restrict a shop's account, as Stripe might."""
    _staff_only(request)
    with transaction.atomic():
        account = get_object_or_404(Account, pk=account_id)
        connect.set_capability(account, "active" if account.capability != "active" else "restricted")
    events.deliver_soon()
    return redirect("payments_fake:console")


@require_POST
def dispute(request, charge_id):
    """A cardholder disputes a debit, or his bank decides."""
    _staff_only(request)
    with transaction.atomic():
        charge = get_object_or_404(Charge.objects.select_for_update(), pk=charge_id, captured__gt=0)
        case = Dispute.objects.filter(charge=charge).first()
        if case is None and charge.captured > charge.refunded:
            disputes.open_dispute(charge)
        elif case is not None and case.status == Dispute.OPEN and request.POST.get("won") in ("0", "1"):
            disputes.close(case, won=request.POST["won"] == "1")
    events.deliver_soon()
    return redirect("payments_fake:console")
