"""A suspension and the shop's answer; leaving; the data of the shop."""

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shops import leaving, suspending
from shops.permissions import Role, shop_staff


class AppealForm(forms.Form):
    """The shop's answer."""

    text = forms.CharField(label=gettext_lazy("Your answer"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))


class LeaveForm(forms.Form):
    """Closing is for good: the name is typed, so that no tap does it."""

    name = forms.CharField(label=gettext_lazy("Type the name of your shop"), max_length=100)

    def __init__(self, *args, shop, **kwargs):
        super().__init__(*args, **kwargs)
        self.shop = shop

    def clean_name(self):
        if self.cleaned_data["name"].strip().casefold() != self.shop.name.strip().casefold():
            raise forms.ValidationError(_("This is not the name of your shop: nothing is closed."))
        return self.cleaned_data["name"]


@shop_staff(Role.OWNER)
def suspension(request, shop):
    """The statement of reasons, and the one answer to it."""
    suspensions = list(shop.suspensions.all())
    current = next((each for each in suspensions if each.ended_at is None), None)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and (current is None or current.appealed_at is not None):
        messages.error(request, str(suspending.NotSuspended()))
        return redirect("desk:suspension", shop.slug)
    if request.method == "POST" and form.is_valid():
        try:
            suspending.appeal(current, text=form.cleaned_data["text"], by=request.user)
        except suspending.SuspendingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your answer is sent. You get the decision and its reasons by mail."))
        return redirect("desk:suspension", shop.slug)
    context = {"shop": shop, "section": "shop", "suspensions": suspensions, "current": current, "form": form}
    return render(request, "shops/desk/suspension.html", context)


@shop_staff(Role.OWNER)
def leave(request, shop):
    """Close the shop for good; take its data along."""
    form = LeaveForm(request.POST or None, shop=shop)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.close(shop, by=request.user)
        except leaving.LeavingError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Your shop is closed. Its data stays here for you."))
            return redirect("desk:leave", shop.slug)
    return render(request, "shops/desk/leave.html", {"shop": shop, "section": "shop", "form": form})


@shop_staff(Role.OWNER)
@require_GET
def download(request, shop):
    """Everything that is the shop's, as one file."""
    name = f"{shop.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(leaving.data_of(shop), as_attachment=True, filename=name, content_type="application/zip")
