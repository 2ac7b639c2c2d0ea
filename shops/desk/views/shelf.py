"""The list of the shop's products: price and stock in place, shown or hidden, undo, and who did what."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shops import changes, products, taps, undoing
from shops.desk.shelf_form import UNDO_FOR, ListQuery, ShelfForm
from shops.desk.views.tapping import key_of
from shops.models import ProductChange
from shops.permissions import Role, may, shop_staff

PER_PAGE = 30
CHANGES_SHOWN = 50
HELPERS_CHANGE = {"price", "price_per_kg", "stock", "sold_out_until"}


@shop_staff(Role.HELPER)
@require_GET
def products_list(request, shop):
    """All products of the shop, the newest first, by name, reference or barcode, and by what residents see of them."""
    query = ListQuery(request.GET)
    page = Paginator(query.apply(shop.sheets.with_all().with_last_change()), PER_PAGE).get_page(query.page)
    last = changes.last_deeds(list(page), since=timezone.now() - UNDO_FOR)
    context = {
        "shop": shop,
        "section": "products",
        "page": page,
        "rows": [_row(request, sheet, last.get(sheet.pk, [])) for sheet in page],
        "query": query,
        "is_manager": may(request.staff, Role.MANAGER),
    }
    return render(request, "shops/desk/products.html", context)


def _row(request, sheet, last: list[ProductChange], form: ShelfForm | None = None) -> dict:
    """What one row shows: the product, its form, and the last thing done to it."""
    return {
        "sheet": sheet,
        "form": form or ShelfForm(sheet=sheet, seen=changes.seen(sheet)),
        "last": _last(request, last),
    }


def _last(request, rows: list[ProductChange]) -> dict | None:
    if not rows:
        return None
    words = {"who": changes.name_of(rows[0].by), "what": changes.sentence(rows)}
    return {"words": _("%(who)s – %(what)s") % words, "deed": rows[0].deed if _may_undo(request, rows) else None}


def _may_undo(request, rows: list[ProductChange]) -> bool:
    names = {row.field for row in rows}
    return undoing.can_undo(rows) and (names <= HELPERS_CHANGE or may(request.staff, Role.MANAGER))


@shop_staff(Role.HELPER)
@require_POST
def save(request, shop, pk):
    """Change price and stock from the list. What cannot be saved is shown again, beside its field, with what was typed."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    form = ShelfForm(request.POST, sheet=sheet, seen=changes.seen(sheet))
    outcome = taps.Outcome(False, "")
    if form.is_valid():
        outcome = taps.once(
            shop, key=key_of(request), deed=f"shelf {pk}", action=lambda: _save(sheet, form, by=request.staff.user)
        )
        sheet = shop.sheets.with_all().get(pk=pk)
    if key_of(request) is not None:
        return _told(request, sheet, form, outcome)
    if form.errors:
        context = {
            "shop": shop,
            "section": "products",
            **_row(request, sheet, [], form),
            "query": ListQuery(request.POST),
        }
        return render(request, "shops/desk/shelf.html", context)
    messages.success(request, outcome.words)
    return _back_to_list(request, shop, sheet.pk)


def _save(sheet, form: ShelfForm, *, by) -> taps.Outcome:
    """Write what the form holds; what is in the way stands in the form afterwards."""
    try:
        products.update(sheet, by=by, seen=form.shown, **form.values())
    except changes.Conflict as conflict:
        mine = {form.field_of(clash.field) for clash in conflict.clashes}
        fresh = sheet.shop.sheets.with_all().get(pk=sheet.pk)
        form.show_again(fresh, changes.seen(fresh), kept=mine)
        for clash in conflict.clashes:
            form.add_error(form.field_of(clash.field), str(clash))
        return taps.Outcome(False, str(conflict))
    except products.WrongValue as error:
        form.add_error(form.field_of(error.field), str(error))
        return taps.Outcome(False, str(error))
    return taps.Outcome(True, _("“%(title)s” is saved.") % {"title": sheet.title})


def _told(request, sheet, form: ShelfForm, outcome: taps.Outcome) -> JsonResponse:
    """The answer to the page's script: how the product stands now, what is wrong, and what can be undone."""
    last = changes.last_deeds(
        list(sheet.shop.sheets.with_last_change().filter(pk=sheet.pk)), since=timezone.now() - UNDO_FOR
    )
    last = _last(request, last.get(sheet.pk, []))
    fresh = ShelfForm(sheet=sheet, seen=changes.seen(sheet))
    errors = form.errors or (
        {} if outcome.done else {"price": [outcome.words]}
    )  # a tap that comes back has its words only
    answer = {
        "done": outcome.done,
        "soldOut": not sheet.left,
        "values": {name: str(fresh[name].value()) for name in ("price", "stock")},
        "seen": fresh["seen"].value(),
        "errors": {name: " ".join(texts) for name, texts in errors.items()},
        "last": last["words"] if last else "",
        "deed": str(last["deed"] or "") if last else "",
    }
    return JsonResponse(answer)


@shop_staff(Role.MANAGER)
@require_POST
def publish(request, shop, pk):
    """Show the product to residents, or hide it."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    is_public = request.POST.get("is_public") == "1"
    try:
        products.update(sheet, by=request.staff.user, is_public=is_public)
    except products.Unlawful as error:
        messages.error(request, str(error))
        return redirect("desk:product", shop.slug, pk)
    text = _("“%(title)s” is shown to residents.") if is_public else _("“%(title)s” is hidden from residents.")
    messages.success(request, text % {"title": sheet.title})
    return _back_to_list(request, shop, pk)


@shop_staff(Role.MANAGER)
@require_POST
def publish_chosen(request, shop):
    """Show or hide all products that were ticked, in one go that one tap undoes."""
    chosen = [int(pk) for pk in request.POST.getlist("product") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    is_public = request.POST.get("is_public") == "1"
    count, refused = products.publish_all(shop, chosen[:PER_PAGE], is_public=is_public, by=request.staff.user)
    if is_public:
        text = ngettext("%(count)s product is shown now.", "%(count)s products are shown now.", count)
    else:
        text = ngettext("%(count)s product is hidden now.", "%(count)s products are hidden now.", count)
    if count or not refused:
        messages.success(request, text % {"count": count})
    for error in refused:
        messages.error(request, str(error))
    return _back_to_list(request, shop)


@shop_staff(Role.HELPER)
@require_POST
def undo(request, shop):
    """Take back one deed, of one or many products."""
    rows = list(ProductChange.objects.filter(deed=_deed(request.POST.get("deed", "")), sheet__shop=shop))
    if not rows or not _may_undo(request, rows):
        raise Http404
    try:
        sheets = undoing.undo(shop, rows[0].deed, by=request.staff.user)
    except (products.ProductError, changes.Conflict) as error:
        messages.error(request, str(error))
        return _back_to_list(request, shop, rows[0].sheet_id)
    text = ngettext("“%(title)s” is as it was before.", "%(count)s products are as they were before.", len(sheets))
    messages.success(request, text % {"title": sheets[0].title, "count": len(sheets)})
    return _back_to_list(request, shop, sheets[0].pk)


def _deed(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@shop_staff(Role.HELPER)
@require_GET
def history(request, shop, pk):
    """Who did what to a product, the last first."""
    sheet = get_object_or_404(shop.sheets.with_all(), pk=pk)
    deeds: dict[UUID, list[ProductChange]] = {}
    for row in sheet.changes.select_related("by").order_by("-pk")[:CHANGES_SHOWN]:
        deeds.setdefault(row.deed, []).append(row)
    told: set[str] = set()
    rows = []
    for deed in deeds.values():
        names = {row.field for row in deed}
        can = not names & told and _may_undo(request, deed)
        told |= names
        rows.append({"at": deed[0].at, "can_undo": can, "deed": deed[0].deed, **_spoken(deed)})
    context = {"shop": shop, "section": "products", "sheet": sheet, "rows": rows}
    return render(request, "shops/desk/product_history.html", context)


def _spoken(deed: list[ProductChange]) -> dict:
    return {"who": changes.name_of(deed[0].by), "what": changes.sentence(deed[::-1])}


def _back_to_list(request, shop, pk: int | None = None):
    """To the list as it was, at the product."""
    place = f"#product-{pk}" if pk else ""
    return redirect(reverse("desk:products", args=[shop.slug]) + ListQuery(request.POST).address + place)
