"""From a barcode to its product: read by the camera or typed. A known one opens, an unknown one begins a new product."""

from csp.decorators import csp_update
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shops.imports import cells
from shops.permissions import Role, may, shop_staff


@shop_staff(Role.HELPER)
@require_GET
@csp_update(
    {"script-src": ["'self'", "'wasm-unsafe-eval'"]}
)  # the reader where the browser has none; on this page only
def scan(request, shop):
    """The page with the camera; with `?ean=` on to the product."""
    typed, error = request.GET.get("ean", "")[:40], ""
    try:
        ean = cells.ean(typed)
    except cells.CellError as refusal:
        ean, error = "", str(refusal)
    if ean:
        return _on(request, shop, ean)
    context = {"shop": shop, "section": "products", "typed": typed, "error": error}
    return render(request, "shops/desk/scan.html", context)


def _on(request, shop, ean: str):
    known = list(shop.sheets.filter(ean=ean).order_by("pk").values_list("pk", flat=True)[:2])
    is_manager = may(request.staff, Role.MANAGER)
    if len(known) == 1 and is_manager:
        return redirect("desk:product", shop.slug, known[0])
    if known:  # variants may share one; helpers change price and stock in the list
        return redirect(reverse("desk:products", args=[shop.slug]) + "?" + urlencode({"q": ean}))
    if is_manager:
        return redirect(reverse("desk:new_product", args=[shop.slug]) + "?" + urlencode({"ean": ean}))
    messages.warning(request, _("None of your products has the barcode %(ean)s.") % {"ean": ean})
    return redirect("desk:scan", shop.slug)
