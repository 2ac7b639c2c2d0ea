"""One product: the form to make it and to change it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shops import changes, legal, pending, photos, products, taps
from shops.desk.product_form import FORM_NAMES, ProductForm
from shops.permissions import Role, shop_staff

MOST_MAKERS = 50
TOLD_SECONDS = 30 * 24 * 3600  # as long as a browser keeps a draft


@shop_staff(Role.MANAGER)
def new(request, shop):
    """A new product: photo, name, price, stock and what the law wants of its kind."""
    return _edit(request, shop, None)


@shop_staff(Role.MANAGER)
def edit(request, shop, pk):
    """Change a product."""
    return _edit(request, shop, get_object_or_404(shop.sheets.with_all(), pk=pk))


def _edit(request, shop, sheet):
    like = shop.sheets.with_all().order_by("-pk").first() if sheet is None else None
    form = ProductForm(
        request.POST or None, request.FILES or None, instance=sheet, shop=shop, like=like, ean=_scanned(request, sheet)
    )
    if request.method == "POST" and form.is_valid():
        saved = _save(request, shop, sheet, form)
        if saved is not None:
            return _done(request, shop, form, *saved)
    context = {
        "shop": shop,
        "section": "products",
        "sheet": sheet,
        "form": form,
        "makers": _makers(shop),
        "gaps": legal.gaps(sheet) if sheet and not form.is_bound else [],
    }
    return render(request, "shops/desk/product.html", context)


def _scanned(request, sheet) -> str:
    """The barcode that a new product begins with."""
    return request.GET.get("ean", "")[:13] if sheet is None else ""


def _makers(shop) -> list[str]:
    """The makers whose goods the shop sells already, to choose from."""
    return list(
        shop.sheets.exclude(maker="").order_by("maker").values_list("maker", flat=True).distinct()[:MOST_MAKERS]
    )


def _done(request, shop, form, pk: int | None, words: str):
    """Back to the list, at the product; the browser hears which sitting it need not keep any longer."""
    messages.success(request, words)
    address = reverse("desk:products", args=[shop.slug])
    answer = redirect(f"{address}#product-{pk}" if pk else address)
    if form.sitting:
        answer.set_cookie(
            "product_saved",
            str(form.sitting),
            max_age=TOLD_SECONDS,
            path=address,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


def _save(request, shop, sheet, form) -> tuple[int | None, str] | None:
    """The written product with the sentence about it, or None with the reason in the form."""
    try:
        values = form.values() | _photo(shop, form)
        if sheet is None:
            return _create(shop, form, values)
        products.update(sheet, by=request.staff.user, seen=form.shown, **values)
    except photos.PhotoRefused as error:
        form.add_error("upload", str(error))
    except products.ReferenceTaken as error:
        form.add_error("reference", str(error))
    except products.WrongValue as error:
        name = FORM_NAMES.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, str(error))
    except products.Unlawful as error:
        for gap in error.gaps:
            form.add_error(gap.field, gap.text)
    except changes.Conflict as conflict:
        clashes = {FORM_NAMES.get(clash.field, clash.field): str(clash) for clash in conflict.clashes}
        form.show_again(shop.sheets.with_all().get(pk=sheet.pk), clashed=set(clashes))
        for name, text in clashes.items():
            form.add_error(name if name in form.fields else None, text)
    else:
        return sheet.pk, _said(shop.sheets.with_all().get(pk=sheet.pk))
    return None


def _create(shop, form, values: dict) -> tuple[int | None, str]:
    """A sitting makes one product, however often a phone on poor signal sends it."""
    made = []

    def create() -> taps.Outcome:
        made.append(products.create(shop, **values))
        return taps.Outcome(True, _said(made[0]))

    outcome = taps.once(shop, key=form.sitting, deed="new product", action=create)
    return (made[0].pk if made else None), outcome.words


def _said(sheet) -> str:
    sentence = _("“%(title)s” is on sale.") if sheet.product.is_public else _("“%(title)s” is kept as a draft.")
    return sentence % {"title": sheet.title}


def _photo(shop, form) -> dict:
    """The photo that was sent while the product was being typed, else the one that comes with the form."""
    number, upload = form.cleaned_data["photo_number"], form.cleaned_data["upload"]
    photo = pending.take(shop, number) if number else None
    if photo is None and upload:
        photo = photos.accept(upload)
    if photo is None and number:
        raise photos.PhotoRefused(_("This photo has waited for too long: please take it again."))
    return {"photo": photo} if photo else {}
