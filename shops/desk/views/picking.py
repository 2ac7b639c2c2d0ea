"""The pick list, on the screen and on paper."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from shops.desk import picking
from shops.permissions import Role, shop_staff


@shop_staff(Role.HELPER)
@require_GET
def pick_list(request, shop):
    """What to fetch for all accepted orders, or for those that were ticked."""
    chosen = {
        int(text) for text in request.GET.getlist("order") if text.isascii() and text.isdigit() and len(text) < 19
    }
    context = {
        "shop": shop,
        "section": "board",
        "rounds": picking.rounds(shop, chosen=chosen),
        "choices": picking.to_pick(shop),
        "chosen": chosen,
    }
    return render(request, "shops/desk/pick_list.html", context)
