"""The shop's products: the list with price and stock in place, the form, the switches."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shops import photos, products
from shops.desk.forms import ProductForm, ShelfForm
from shops.permissions import Role, shop_staff

PER_PAGE = 30


def _sheets(shop):
    return shop.sheets.with_all()


@shop_staff(Role.HELPER)
@require_GET
def products_list(request, shop):
    """All products of the shop, newest change first, searchable by name, reference or barcode."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    sheets = _sheets(shop).order_by("-updated_at", "-pk")
    if wanted:
        sheets = (
            sheets.filter(product__title__icontains=wanted)
            | sheets.filter(reference=wanted)
            | sheets.filter(ean=wanted)
        )
    page = Paginator(sheets, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "shop": shop,
        "section": "products",
        "page": page,
        "rows": [(sheet, _shelf_form(sheet)) for sheet in page],
        "wanted": wanted,
    }
    return render(request, "shops/desk/products.html", context)


def _shelf_form(sheet, data=None) -> ShelfForm:
    return ShelfForm(data, prefix=str(sheet.pk), auto_id=f"id_{sheet.pk}_%s", sheet=sheet)


@shop_staff(Role.HELPER)
@require_POST
def shelf(request, shop, pk):
    """Change price and stock from the list. What cannot be saved is shown again, beside its field."""
    sheet = get_object_or_404(_sheets(shop), pk=pk)
    form = _shelf_form(sheet, request.POST)
    if not form.is_valid():
        return render(
            request, "shops/desk/shelf.html", {"shop": shop, "section": "products", "sheet": sheet, "form": form}
        )
    products.update(sheet, **form.values())
    messages.success(request, _("“%(title)s” is saved.") % {"title": sheet.title})
    return _back_to_list(request, shop, sheet)


@shop_staff(Role.HELPER)
@require_POST
def sell_out(request, shop, pk):
    """Nothing left to sell; what is promised to orders stays promised."""
    sheet = get_object_or_404(_sheets(shop), pk=pk)
    products.update(sheet, stock=0)
    messages.success(request, _("“%(title)s” is sold out.") % {"title": sheet.title})
    return _back_to_list(request, shop, sheet)


@shop_staff(Role.MANAGER)
@require_POST
def publish(request, shop, pk):
    """Show the product to residents, or hide it."""
    sheet = get_object_or_404(_sheets(shop), pk=pk)
    is_public = request.POST.get("is_public") == "1"
    products.update(sheet, is_public=is_public)
    text = _("“%(title)s” is shown to residents.") if is_public else _("“%(title)s” is hidden from residents.")
    messages.success(request, text % {"title": sheet.title})
    return _back_to_list(request, shop, sheet)


def _back_to_list(request, shop, sheet):
    """To the list as it was, at the product."""
    query = {name: request.POST[name][:100] for name in ("q", "page") if request.POST.get(name)}
    address = reverse("desk:products", args=[shop.slug])
    return redirect(f"{address}{'?' + urlencode(query) if query else ''}#product-{sheet.pk}")


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
