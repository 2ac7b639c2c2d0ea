"""Money back for pieces of an order: choose, read what it means, confirm. Up to the limit of one's role."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shops.desk import board as boards
from shops.desk import refund_limits, refunding
from shops.desk.refunding import RefundForm
from shops.payments.errors import NotRefundable
from shops.permissions import Role, shop_staff


@shop_staff(Role.HELPER)
def refund(request, shop, pk):
    """One page: a first tap shows what the refund means, the second one makes it."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    hindrance = refunding.hindrance(shop_order) or refund_limits.hindrance(request.staff)
    form = None if hindrance else RefundForm(request.POST or None, shop_order=shop_order)
    preview = None
    if form is not None and request.method == "POST" and form.is_valid():
        wanted = {"pieces": form.pieces(), "reason": form.cleaned_data["reason"]}
        try:
            if "confirm" in request.POST:
                refunding.give_back(shop_order, **wanted, made=form.cleaned_data["made"], staff=request.staff)
                text = _("The refund for order %(number)s is on its way: the resident gets a mail.")
                messages.success(request, text % {"number": shop_order.number})
                return redirect("desk:order", shop.slug, pk)
            preview = refunding.preview(shop_order, **wanted, staff=request.staff)
        except refund_limits.AboveLimit as error:
            form.add_error(None, str(error))
        except NotRefundable as error:
            messages.error(request, str(error))
            return redirect("desk:refund", shop.slug, pk)
    context = {
        "shop": shop,
        "section": "board",
        "shop_order": shop_order,
        "form": form,
        "preview": preview,
        "hindrance": hindrance,
        "refunds": shop_order.refunds.prefetch_related("lines__line"),
    }
    return render(request, "shops/desk/refund.html", context)
