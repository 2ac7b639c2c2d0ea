"""Choose the place, look it all through, pay, come back."""

import logging
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.checkout import attempts, choice, placing, unpaid
from marketplace.checkout.choice import Choice
from marketplace.checkout.forms import ChoiceForm
from pickup import errors as pickup_errors
from pickup import refusals, windows
from shops import opening, selling
from shops.directory import attach_sheets, group_by_shop
from shops.models import Payment
from shops.payments import charges
from shops.payments.errors import GatewayError, PaymentError

logger = logging.getLogger(__name__)


def _collectable(basket):
    """The goods of the basket, or None when there is nothing to order."""
    goods = placing.goods_of(basket)
    return None if basket.is_empty else goods


def _conditions(basket) -> list[tuple[str, str]]:
    """What the days and the preparation of single products mean for the choice: title and sentence."""
    sheets = [line.stockrecord.sheet for line in attach_sheets(basket.all_lines())]
    return [(sheet.title, words) for sheet in sheets for words in selling.conditions(sheet)]


def _note(request, refused):
    """Write down what lockers could not take."""
    refusals.keep(refused, basket=request.basket.pk, visitor=unpaid.mark_of(request))


@method_decorator(never_cache, name="dispatch")
class ChoiceView(View):
    """Who collects, where and when. Without JavaScript, one page."""

    def get(self, request):
        return self._show(request, None)

    def post(self, request):
        return self._show(request, request.POST)

    def _show(self, request, data):
        goods = _collectable(request.basket)
        if goods is None:
            return redirect("basket:summary")
        kept = Choice.of(request)
        low_door = bool(data.get("low_door")) if data is not None else bool(kept and kept.low_door)
        offers = windows.offers(goods, now=timezone.now(), low_door=low_door)
        _note(request, [offer.refusal for offer in offers])
        min_age = max(each.min_age for each in goods)
        form = ChoiceForm(data, initial=self._initial(request, kept, min_age), offers=offers, min_age=min_age)
        if data is not None and form.is_valid():
            fields = {name: form.cleaned_data[name] for name in ("name", "email", "phone", "window", "low_door")}
            Choice(**fields, old_enough_for=min_age).keep(request)  # the form is valid only with the age confirmed
            return redirect("checkout:review")
        chosen = form["window"].value()
        context = {
            "form": form,
            "offers": offers,
            "pauses": opening.pauses_at({each.shop for each in goods}, timezone.now()),
            "chosen": chosen,
            "min_age": min_age,
            "conditions": _conditions(request.basket),
            "several": len({each.shop.pk for each in goods}),
        }
        return render(request, "checkout/choice.html", context)

    def _initial(self, request, kept, min_age):
        if kept:
            return vars(kept) | {"of_age": kept.old_enough_for >= min_age}
        if request.user.is_authenticated:
            return {"name": request.user.get_full_name(), "email": request.user.email}
        return {}


@method_decorator(never_cache, name="dispatch")
class ReviewView(View):
    """All that the law wants read before the button, grouped by shop (code de la consommation, L221-5 and L221-14)."""

    def get(self, request):
        return self._show(request)

    def post(self, request):
        if earlier := attempts.earlier(request.POST.get("attempt", "")):
            return to_payment(request, earlier.order)
        chosen = Choice.of(request)
        if request.basket.is_empty or chosen is None or not chosen.window:
            return redirect("basket:summary" if request.basket.is_empty else "checkout:choice")
        try:
            order = placing.place(
                request.basket,
                contact=placing.Contact(name=chosen.name, email=chosen.email, phone=chosen.phone),
                window=chosen.collection_window,
                language=get_language(),
                shown_total=_euros(request.POST.get("total", "")),
                low_door=chosen.low_door,
                old_enough_for=chosen.old_enough_for,
                user=request.user,
                visitor=unpaid.mark_of(request),
            )
        except placing.AgeUnknown as refusal:
            messages.error(request, str(refusal))
            return redirect("checkout:choice")
        except placing.PlacingError as refusal:
            return self._show(request, refusal=str(refusal))
        except pickup_errors.PickupError as refusal:
            _note(request, [getattr(refusal, "refusal", None)])
            messages.error(request, str(refusal))
            return redirect("checkout:choice")
        choice.forget(request)
        return to_payment(request, order)

    def _show(self, request, refusal: str = ""):
        basket = request.basket
        if basket.is_empty:
            return redirect("basket:summary")
        chosen = Choice.of(request)
        try:
            window, point = chosen and chosen.collection_window, chosen and chosen.point
        except pickup_errors.WindowClosed:
            window = point = None
        if window is None or point is None:
            return redirect("checkout:choice")
        groups = group_by_shop(basket.all_lines())
        context = {
            "choice": chosen,
            "point": point,
            "window": window,
            "groups": groups,
            "pauses": opening.pauses_at({group.shop for group in groups}, timezone.now()),
            "total": basket.total_incl_tax,
            "by_weight": any(group.by_weight for group in groups),
            "attempt": attempts.mark(basket),
            "refusal": refusal,
        }
        return render(request, "checkout/review.html", context, status=409 if refusal else 200)


def _euros(text: str) -> Decimal:
    """The amount in the form; -1, which no basket costs, when it is none (also "sNaN", which must not be compared)."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount.is_finite() else Decimal(-1)


def to_payment(request, order):
    """Send the resident to Stripe's page, or to the order page when it cannot be had at the moment."""
    payment = order.payments.latest("pk")
    attempts.remember(request, order)
    try:
        return redirect(charges.start(payment), permanent=False)
    except PaymentError as trouble:
        messages.error(request, str(trouble))
    except GatewayError:
        logger.exception("No payment page for order %s", order.number)
        messages.error(
            request, _("The payment page cannot be reached at the moment. Nothing was charged: please try again.")
        )
    return redirect(order.details)


@require_safe
@never_cache
def payment_return(request):
    """Back from Stripe: how it stands is read there, never taken from the address. Leads to the order page."""
    try:
        payment = get_object_or_404(Payment.objects.select_related("order__details"), uuid=request.GET.get("p", ""))
    except ValidationError as error:
        raise Http404 from error
    read_again(payment)
    return redirect(payment.order.details)


def read_again(payment: Payment) -> Payment:
    """The payment as it stands at Stripe now; as we know it when Stripe gives no answer."""
    try:
        return charges.sync(payment)
    except GatewayError:
        logger.warning("Payment %s could not be read; the sweep will.", payment.uuid, exc_info=True)
        return payment
