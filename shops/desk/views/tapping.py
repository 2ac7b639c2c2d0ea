"""Taps of the board: done once by their key, answered to a script in JSON, to everybody else by a page with the sentence."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from marketplace.foundation.lifecycle import ForbiddenMove
from shops import orders
from shops.models import ShopOrder
from shops.taps import Outcome


def key_of(request) -> UUID | None:
    """The key that the page's script gave to this tap; None for a plain form.

    Refused when the page belongs to somebody else: on a shared tablet nobody's taps are done in another person's name.
    """
    text = request.headers.get("X-Tap", "")
    if text and request.headers.get("X-Person") != str(request.staff.pk):
        raise PermissionDenied
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadRequest("X-Tap is no UUID.") from error


def answer(request, *outcomes: Outcome, to: str) -> HttpResponse:
    """Tell what the tap did; a plain form goes on to the page `to`."""
    if key_of(request) is not None:
        words = " ".join(outcome.words for outcome in outcomes if outcome.words)
        return JsonResponse({"done": all(outcome.done for outcome in outcomes), "words": words})
    for outcome in outcomes:
        if outcome.words:
            (messages.success if outcome.done else messages.error)(request, outcome.words)
    return redirect(to)


def attempt(shop_order: ShopOrder, action: Callable[[], object], *, words: str = "") -> Outcome:
    """Do `action`; when the order no longer allows it, say of which order and why. Raises `NotOffered`: the form says it."""
    try:
        action()
    except orders.NotOffered:
        raise
    except orders.OrderError as error:
        return Outcome(False, f"{shop_order.number} : {error}")
    except ForbiddenMove:
        return Outcome(False, f"{shop_order.number} : {orders.AlreadyAnswered()}")
    return Outcome(True, words)
