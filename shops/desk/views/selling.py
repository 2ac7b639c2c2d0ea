"""Sold out today and back again; pieces of the day, days of collection and preparation of a product."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shops import changes, daily, products, selling
from shops.desk.selling_form import SellingForm
from shops.desk.shelf_form import ListQuery
from shops.permissions import Role, shop_staff


@shop_staff(Role.HELPER)
@require_POST
def sell_out(request, shop, pk):
    """Nothing left today; what is promised to orders stays promised, and tomorrow it is there again by itself."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    until = daily.end_of_day(sheet, timezone.now())
    products.update(sheet, by=request.staff.user, sold_out_until=until)
    sheet.sold_out_until = until
    text = _("“%(title)s” is sold out for today. Residents can order it again from %(moment)s.")
    messages.success(request, text % {"title": sheet.title, "moment": selling.moment_in_words(until)})
    return _back_to_list(request, shop, pk)


@shop_staff(Role.HELPER)
@require_POST
def sell_again(request, shop, pk):
    """It is there after all."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    products.update(sheet, by=request.staff.user, sold_out_until=None)
    messages.success(request, _("“%(title)s” is on sale again.") % {"title": sheet.title})
    return _back_to_list(request, shop, pk)


@shop_staff(Role.MANAGER)
def selling_of(request, shop, pk):
    """Pieces of the day, days of collection, preparation time."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    form = SellingForm(request.POST or None, sheet=sheet, seen=changes.seen(sheet))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            seen = changes.Seen.parse(form.cleaned_data["seen"])
            products.update(sheet, by=request.staff.user, seen=seen, **form.values())
        except changes.Conflict as error:
            conflict = str(error)
            form.data = form.data.copy()
            form.data["seen"] = str(changes.seen(sheet))
        except products.WrongValue as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": sheet.title})
            return redirect(reverse("desk:products", args=[shop.slug]) + f"#product-{pk}")
    context = {"shop": shop, "section": "products", "sheet": sheet, "form": form, "conflict": conflict}
    return render(request, "shops/desk/selling.html", context)


def _back_to_list(request, shop, pk: int):
    return redirect(reverse("desk:products", args=[shop.slug]) + ListQuery(request.POST).address + f"#product-{pk}")
