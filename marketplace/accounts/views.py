"""One door for residents, shopkeepers, editors and operators."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from oscar.core.loading import get_model

from marketplace.accounts import passwords
from marketplace.foundation.ratelimits import allow, uncount, visitor_address
from shops.models import Shop

TRIES, PERIOD = 10, timedelta(minutes=10)
LINKS, LINK_PERIOD = 3, timedelta(minutes=10)  # mails to one address


class SignInForm(AuthenticationForm):
    """Counts tries per address and per account before it looks at the password; all refusals sound alike.

    A right password does not count: behind the one address of a market hall many people sign in.
    """

    def clean(self):
        email = (self.cleaned_data.get("username") or "").lower()
        keys = [f"signin:{visitor_address(self.request)}", f"signin:{email[:120]}"]
        # An address that is out of tries takes none from the account: its password is not looked at.
        if not all(allow(key, limit=TRIES, per=PERIOD) for key in keys):
            self.add_error(None, _("Too many tries. Please wait ten minutes."))
            return self.cleaned_data
        cleaned = super().clean()  # raises when the password is wrong
        uncount(keys)
        return cleaned


class SignIn(LoginView):
    """E-mail and password."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@require_safe
@never_cache
def other_door(request):
    """Where Django's and Wagtail's back offices have sign-in pages of their own: to the one door that counts tries.

    Somebody who is signed in already and is sent here may not enter: for them the office does not exist.
    """
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.GET.get("next", ""))


class EmailForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


@method_decorator(never_cache, name="dispatch")
class ForgottenPassword(FormView):
    """Ask for a link by mail. A known and an unknown address get the same answer, and as many tries."""

    template_name = "accounts/forgotten_password.html"
    form_class = EmailForm
    success_url = reverse_lazy("accounts:link_sent")

    def form_valid(self, form):
        email = form.cleaned_data["email"].lower()
        by_visitor = allow(f"password:{visitor_address(self.request)}", limit=TRIES, per=PERIOD)
        by_address = allow(f"password:{email[:120]}", limit=LINKS, per=LINK_PERIOD)
        if not (by_visitor and by_address):
            form.add_error("email", _("Too many tries. Please wait ten minutes."))
            return self.form_invalid(form)
        passwords.send_link(email, language=get_language())
        return super().form_valid(form)


@require_safe
def link_sent(request):
    """What happens next, whoever asked."""
    return render(request, "accounts/link_sent.html", {"days": passwords.LINK_DAYS})


class PasswordForm(SetPasswordForm):
    """The new password twice, in the words of the market."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = gettext_lazy("New password")
        self.fields["new_password1"].help_text = gettext_lazy("At least 8 characters, and not a common word.")
        self.fields["new_password2"].label = gettext_lazy("The same once more")
        self.fields["new_password2"].help_text = ""


class ChoosePassword(PasswordResetConfirmView):
    """Behind the link of the mail, which is good once: choose a password and be signed in. Other sessions end."""

    template_name = "accounts/choose_password.html"
    form_class = PasswordForm
    post_reset_login = True
    success_url = reverse_lazy("accounts:after_login")


@login_required
@never_cache
def after_login(request):
    """To where this person works."""
    user = request.user
    if Shop.objects.of(user).exists():
        return redirect("desk:home")
    if user.is_staff:
        return redirect("pickup:wall")
    if user.has_perm("shops.open_shop"):
        return redirect("admission:shops")
    if user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect("accounts:orders")


@require_safe
@login_required
@never_cache
def orders(request):
    """The resident's own orders, the newest first."""
    mine = get_model("order", "Order").objects.filter(user=request.user, details__isnull=False)
    return render(request, "accounts/orders.html", {"orders": mine.select_related("details").order_by("-pk")[:100]})
