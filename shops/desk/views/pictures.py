"""Pictures of many products at once: a ZIP from the desk, and what became of those that a catalogue file named."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from shops.imports import pictures
from shops.imports.archives import MOST_BYTES, ArchiveRefused
from shops.models import PictureWanted
from shops.permissions import Role, shop_staff

MOST_LISTED = 50


class ArchiveForm(forms.Form):
    """A ZIP of pictures."""

    file = forms.FileField(
        label=gettext_lazy("ZIP archive of photos"), widget=forms.FileInput(attrs={"accept": ".zip,application/zip"})
    )


@shop_staff(Role.MANAGER)
def from_archive(request, shop):
    """Send a ZIP of pictures; how many are still on their way, and which could not be had."""
    form, nobody = ArchiveForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        try:
            count, nobody = pictures.send_archive(shop, form.cleaned_data["file"])
        except ArchiveRefused as error:
            form.add_error("file", str(error))
        else:
            _tell(request, count, nobody)
            if not nobody:
                return redirect("desk:pictures", shop.slug)
    wanted = PictureWanted.objects.filter(sheet__shop=shop)
    given_up = wanted.filter(is_given_up=True).select_related("sheet__product").order_by("sheet__reference")
    context = {
        "shop": shop,
        "section": "products",
        "form": form,
        "most_mb": MOST_BYTES // 1024**2,
        "nobody": nobody[:MOST_LISTED],
        "nobody_more": max(0, len(nobody) - MOST_LISTED),
        "waiting": wanted.waiting().count(),
        "given_up": given_up[:MOST_LISTED],
        "given_up_count": given_up.count(),
        "without": shop.sheets.filter(photo="").count(),
    }
    return render(request, "shops/desk/pictures.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def try_again(request, shop):
    """Begin anew with the pictures that could not be had."""
    pictures.try_again(shop)
    return redirect("desk:pictures", shop.slug)


def _tell(request, count: int, nobody: list[str]) -> None:
    if count:
        sentence = ngettext(
            "%(count)s product gets its photo from this archive in the next minutes.",
            "%(count)s products get their photos from this archive in the next minutes.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    else:
        messages.warning(request, _("No file of this archive is named like a reference or a barcode of your products."))
