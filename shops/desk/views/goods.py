"""One product in its form: a new one, and changing it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shops import photos, products
from shops.desk.forms import ProductForm
from shops.permissions import Role, shop_staff


def _sheets(shop):
    return shop.sheets.with_all()


@shop_staff(Role.MANAGER)
def new(request, shop):
    """A new product: photo, name, price, stock; the rest later."""
    return _edit(request, shop, None)


@shop_staff(Role.MANAGER)
def edit(request, shop, pk):
    """Change a product."""
    return _edit(request, shop, get_object_or_404(_sheets(shop), pk=pk))


def _edit(request, shop, sheet):
    like = _sheets(shop).order_by("-pk").first() if sheet is None else None
    form = ProductForm(request.POST or None, request.FILES or None, instance=sheet, like=like)
    if request.method == "POST" and form.is_valid():
        saved = _save(shop, sheet, form)
        if saved is not None:
            messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
            return redirect(reverse("desk:products", args=[shop.slug]) + f"#product-{saved.pk}")
    context = {"shop": shop, "section": "products", "sheet": sheet, "form": form}
    return render(request, "shops/desk/product.html", context)


# Where the form calls a field otherwise than `products` does.
FORM_NAMES = {"stock": "stock_left", "photo": "upload"}


def _save(shop, sheet, form):
    """The written product, or None with the reason in the form."""
    values = form.values()
    try:
        if form.cleaned_data["upload"]:
            values["photo"] = photos.accept(form.cleaned_data["upload"])
        if sheet is None:
            return products.create(shop, **values)
        products.update(sheet, **values)
    except photos.PhotoRefused as error:
        form.add_error("upload", str(error))
    except products.ReferenceTaken as error:
        form.add_error("reference", str(error))
    except products.WrongValue as error:
        name = FORM_NAMES.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, str(error))
    else:
        return shop.sheets.with_all().get(pk=sheet.pk)
    return None
