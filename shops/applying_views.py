"""The public way into the market for a shop: the form, and the page behind the link in the mail."""

import re

from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.foundation.ratelimits import allow, visitor_address
from shops import applying
from shops.models import Application

TRIES = 30  # of one connection in ten minutes: a whole association may apply from one room

AUTOCOMPLETE = {
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "shop_name": "organization",
    "street": "street-address",
    "postcode": "postal-code",
    "town": "address-level2",
}


class ApplicationForm(forms.ModelForm):
    """Eight answers that every shopkeeper knows by heart, or has on the last invoice."""

    siret = forms.CharField(
        label=_("SIRET number"),
        max_length=40,
        help_text=_("14 digits, on every invoice of yours. Spaces do no harm."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Application
        fields = ["shop_name", "trade", "siret", "street", "postcode", "town", "first_name", "last_name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, words in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = words
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"
        self.fields["trade"].choices = [("", _("Choose…")), *self.fields["trade"].choices[1:]]
        self.fields["email"].help_text = _("The link to go on is sent there.")

    def clean_siret(self):
        return re.sub(r"[\s.\-]", "", self.cleaned_data["siret"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request):
    """Sell on this marketplace: what it takes, and the form. Whatever is refused, everything typed stays."""
    form = ApplicationForm(request.POST or None, initial={"town": "", "email": ""})
    if request.method == "POST" and form.is_valid():
        if not allow(f"apply:{visitor_address(request)}", limit=TRIES, per=applying.PERIOD):
            form.add_error("email", str(applying.TooManyMails()))
        else:
            try:
                application = applying.apply(**form.cleaned_data, language=get_language())
            except applying.SiretTaken as error:
                form.add_error("siret", str(error))
            except applying.ApplyingError as error:
                form.add_error("email", str(error))
            else:
                context = {"email": application.email, "days": applying.LINK_DAYS}
                return render(request, "shops/applying/sent.html", context)
    return render(request, "shops/applying/form.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """Behind the link. Programs that look at mails follow links too, so only a tap on the button begins anything."""
    try:
        if request.method != "POST":
            application = applying.read(token)
            if application.confirmed_at is None:
                return render(request, "shops/applying/confirm.html", {"application": application})
        begun = applying.confirm(token)
    except applying.ApplyingError as error:
        return render(request, "shops/applying/over.html", {"sentence": str(error)}, status=410)
    desk = reverse("desk:joining", args=[begun.shop.slug])
    if request.user.is_authenticated and request.user.pk == begun.owner.pk:
        return redirect(desk)
    if not begun.owner.has_usable_password():
        uid = urlsafe_base64_encode(force_bytes(begun.owner.pk))
        return redirect("accounts:choose_password", uid, default_token_generator.make_token(begun.owner))
    return redirect_to_login(desk)
