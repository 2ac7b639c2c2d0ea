"""Scan a bag: does it belong to this order, and if not, to which."""

from django.shortcuts import get_object_or_404, render

from shops.desk import bags, hooks
from shops.desk import board as boards
from shops.desk.bags import CodeForm
from shops.permissions import Role, shop_staff


@shop_staff(Role.HELPER)
def bag(request, shop, pk=None):
    """Whose bag it is; of the order `pk` also whether it is one of its. Looking changes nothing."""
    expected = get_object_or_404(boards.on_desk(shop), pk=pk) if pk else None
    form = CodeForm(request.POST or None)
    check = None
    if request.method == "POST" and form.is_valid():
        check = bags.check(shop, form.cleaned_data["code"], expected=expected)
        form = CodeForm()  # for the next bag
    context = {
        "shop": shop,
        "section": "board",
        "shop_order": expected,
        "form": form,
        "check": check,
        "counters": hooks.counters(shop),
    }
    return render(request, "shops/desk/bag.html", context)
