"""One product: the form to make it and to change it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shops import changes, legal, photos, products
from shops.desk.product_form import FORM_NAMES, ProductForm
from shops.permissions import Role, shop_staff

MOST_MAKERS = 50


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
    form = ProductForm(request.POST or None, request.FILES or None, instance=sheet, shop=shop, like=like)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, shop, sheet, form)
        if saved is not None:
            messages.success(request, _said(saved))
            return redirect(reverse("desk:products", args=[shop.slug]) + f"#product-{saved.pk}")
    context = {
        "shop": shop,
        "section": "products",
        "sheet": sheet,
        "form": form,
        "makers": _makers(shop),
        "gaps": legal.gaps(sheet) if sheet and not form.is_bound else [],
    }
    return render(request, "shops/desk/product.html", context)


def _makers(shop) -> list[str]:
    """The makers whose goods the shop sells already, to choose from."""
    return list(
        shop.sheets.exclude(maker="").order_by("maker").values_list("maker", flat=True).distinct()[:MOST_MAKERS]
    )


def _said(sheet) -> str:
    sentence = _("“%(title)s” is on sale.") if sheet.product.is_public else _("“%(title)s” is kept as a draft.")
    return sentence % {"title": sheet.title}


def _save(request, shop, sheet, form):
    """The written product, or None with the reason in the form."""
    values = form.values()
    try:
        if form.cleaned_data["upload"]:
            values["photo"] = photos.accept(form.cleaned_data["upload"])
        if sheet is None:
            return products.create(shop, **values)
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
        return shop.sheets.with_all().get(pk=sheet.pk)
    return None
