"""Days that are not like the week: public holidays with one tap, closures after a look at the promises, openings."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shops import orders
from shops.desk import closing
from shops.desk.forms import ClosureForm
from shops.permissions import Role, shop_staff

HOLIDAYS_AHEAD_DAYS = 180


@shop_staff(Role.MANAGER)
def closures(request, shop):
    """The list, and a new one. Nothing is stored before the shopkeeper has said what becomes of the orders in it."""
    form = ClosureForm(request.POST or None, shop=shop)
    touched: list = []
    if request.method == "POST" and form.is_valid():
        kept, refused = _decisions(request.POST)
        if request.staff.mandate:  # the association decides about no order
            refused = set()
        try:
            closing.close(shop, form.save(commit=False), kept=kept, refused=refused, by=request.user)
        except closing.OrdersWait as wait:
            touched = wait.touched
        except orders.OrderError as refusal:  # somebody answered meanwhile: look again
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved: residents read it on your page at once."))
            return redirect("desk:closures", shop.slug)
    rows = list(shop.closures.filter(last_on__gte=timezone.localdate()))
    context = {
        "shop": shop,
        "section": "shop",
        "form": form,
        "touched": [(each, each.status in closing.REFUSABLE and not request.staff.mandate) for each in touched],
        "closures": [row for row in rows if not row.is_opening],
        "openings": [row for row in rows if row.is_opening],
        "holidays": closing.proposals(shop, ahead_days=HOLIDAYS_AHEAD_DAYS),
    }
    return render(request, "shops/desk/closures.html", context)


def _decisions(fields) -> tuple[set[int], set[int]]:
    """The orders (pks) that will be prepared before, and those that are refused."""
    chosen = {name.removeprefix("order_"): value for name, value in fields.items() if name.startswith("order_")}
    known = {int(pk): value for pk, value in chosen.items() if pk.isascii() and pk.isdigit()}
    return {pk for pk, way in known.items() if way == "keep"}, {pk for pk, way in known.items() if way == "refuse"}


@shop_staff(Role.MANAGER)
@require_POST
def remove(request, shop, pk):
    """As in the week after all."""
    closing.reopen(get_object_or_404(shop.closures, pk=pk), by=request.user)
    messages.success(request, _("Removed: your weekly hours count again for these days."))
    return redirect("desk:closures", shop.slug)
