"""What residents do themselves while their goods wait: take more time, send somebody, say that something is wrong."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.checkout.private import hushed, private
from pickup import codes, collections, directions
from pickup.collections.reporting import LONGEST_NOTE
from pickup.errors import PickupError
from pickup.models import Collection, Problem, Share
from shops import opening

SIGNER = signing.Signer(salt="halles.share")


class ProblemForm(forms.Form):
    """What is wrong, at which door, in the resident's words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=Problem.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose what is wrong.")},
    )
    leg = forms.ChoiceField(label=gettext_lazy("At which door?"), required=False)
    note = forms.CharField(
        label=gettext_lazy("In your words (optional)"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, collection: Collection, **kwargs):
        super().__init__(*args, **kwargs)
        self.legs = {
            str(leg.pk): leg for leg in collection.legs.exclude(compartment=None).select_related("compartment")
        }
        doors = [(pk, leg.compartment.label) for pk, leg in self.legs.items()]
        self.fields["leg"].choices = [("", _("I do not know, or all of them")), *doors]
        if not doors:
            del self.fields["leg"]

    def report(self, collection: Collection) -> Problem:
        """Hand it to those who help; raises `PickupError`."""
        leg = self.legs.get(self.cleaned_data.get("leg", ""))
        return collections.report_problem(
            collection, kind=self.cleaned_data["kind"], leg=leg, note=self.cleaned_data["note"]
        )


@require_POST
@private
def extend(request, details):
    """Until the end of the next day, when nobody else needs the door."""
    try:
        until = localtime(collections.extend(details.order.collection))
    except PickupError as refusal:
        messages.error(request, str(refusal))
    else:
        words = {"day": opening.day_name(until), "time": time_format(until, "H:i")}
        messages.success(request, _("Your goods wait until %(day)s, %(time)s.") % words)
    return redirect(details)


@require_POST
@private
def share(request, details):
    """Give somebody a code of their own."""
    try:
        collections.share(details.order.collection, name=request.POST.get("name", ""))
    except PickupError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{details.get_absolute_url()}#partage")


@require_POST
@private
def revoke(request, details):
    """Withdraw the code of whoever has one."""
    for given in details.order.collection.shares.active():
        if collections.revoke(given):
            messages.success(request, _("The code of %(name)s is withdrawn.") % {"name": given.name})
    return redirect(f"{details.get_absolute_url()}#partage")


@require_http_methods(["GET", "POST"])
@private
def problem(request, details):
    """Say what is wrong; a person answers by a time that is told."""
    collection = details.order.collection
    form = ProblemForm(request.POST if request.method == "POST" else None, collection=collection)
    if request.method == "POST" and form.is_valid():
        try:
            form.report(collection)
        except PickupError as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{details.get_absolute_url()}#aide")
    return render(request, "checkout/problem.html", {"details": details, "order": details.order, "form": form})


@require_safe
@never_cache
def shared(request, key):
    """What somebody who was sent sees: the place, the doors, a code of their own; nothing of the goods or the resident."""
    given = _share_of(key)
    context = {"point": given.collection.point, "collection": given.collection, "key": key, "given": given}
    if given.is_active and given.collection.is_waiting:
        context |= {
            "pin": codes.grouped(codes.share_pin(given)),
            "qr_svg": codes.share_qr(given),
            "doors": directions.doors(given.collection),
        }
    return hushed(render(request, "checkout/shared.html", context))


def address_of(given: Share) -> str:
    """The page for whoever was sent."""
    return reverse("checkout:shared", args=[SIGNER.sign(given.jti)])


def active_share(collection: Collection) -> dict:
    """The one active share as the order page shows it; empty without."""
    given = collection.shares.active().first()
    if given is None:
        return {}
    return {"name": given.name, "pin": codes.grouped(codes.share_pin(given)), "address": address_of(given)}


def _share_of(key: str) -> Share:
    try:
        jti = SIGNER.unsign(key)
    except signing.BadSignature as forged:
        raise Http404 from forged
    shares = Share.objects.select_related("collection__point__bank", "collection__code_bank")
    return get_object_or_404(shares, jti=jti)
