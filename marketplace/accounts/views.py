"""One door for residents, shopkeepers, editors and operators."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from oscar.core.loading import get_model

from marketplace.foundation.ratelimits import allow, visitor_address
from shops.models import Shop

TRIES, PERIOD = 10, timedelta(minutes=10)


class SignInForm(AuthenticationForm):
    """Counts tries per address and per account before it looks at the password; all refusals sound alike."""

    def clean(self):
        email = (self.cleaned_data.get("username") or "").lower()
        keys = [f"signin:{visitor_address(self.request)}", f"signin:{email[:120]}"]
        allowed = [allow(key, limit=TRIES, per=PERIOD) for key in keys]  # both are counted, whatever the first says
        if not all(allowed):
            self.add_error(None, _("Too many tries. Please wait ten minutes."))
            return self.cleaned_data
        return super().clean()


class SignIn(LoginView):
    """E-mail and password."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@login_required
@never_cache
def after_login(request):
    """To where this person works."""
    user = request.user
    if Shop.objects.of(user).exists():
        return redirect("desk:home")
    if user.is_staff:
        return redirect("pickup:wall")
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
