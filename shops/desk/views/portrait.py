"""The pictures of the shop page."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shops import photos, portrait
from shops.permissions import Role, shop_staff

ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/avif"


class PictureForm(forms.Form):
    """One more picture."""

    upload = forms.FileField(label=gettext_lazy("Photo"), widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    alt = forms.CharField(
        label=gettext_lazy("What can be seen"),
        help_text=gettext_lazy("For people who do not see the picture, in a few words."),
        max_length=120,
        required=False,
    )


@shop_staff(Role.MANAGER)
def pictures(request, shop):
    """The main photo, the others, and one more."""
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            photo = photos.accept(form.cleaned_data["upload"])
            portrait.add(shop, photo, alt=form.cleaned_data["alt"], by=request.user)
        except photos.PhotoRefused as error:
            form.add_error("upload", str(error))
        else:
            messages.success(request, _("The picture is on your page."))
            return redirect("desk:portrait", shop.slug)
    context = {
        "shop": shop,
        "section": "shop",
        "form": form,
        "pictures": shop.pictures.all(),
        "is_full": bool(shop.photo) and shop.pictures.count() >= portrait.MOST,
    }
    return render(request, "shops/desk/portrait.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def first(request, shop, pk):
    """Another main photo."""
    portrait.put_first(get_object_or_404(shop.pictures, pk=pk), by=request.user)
    messages.success(request, _("This is your main picture now."))
    return redirect("desk:portrait", shop.slug)


@shop_staff(Role.MANAGER)
@require_POST
def remove(request, shop, pk):
    """One picture less."""
    portrait.remove(get_object_or_404(shop.pictures, pk=pk), by=request.user)
    messages.success(request, _("The picture is removed."))
    return redirect("desk:portrait", shop.slug)
