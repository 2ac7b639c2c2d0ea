"""Connect my till: keys for programs, and addresses that hear what happens. For owners and managers."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shops.desk.till_forms import HookForm, KeyForm
from shops.permissions import Role, shop_staff
from shops.tills import keys


def show(request, shop, **more):
    """The page; `more` fills what was just made, or the form with its mistakes."""
    context = {
        "shop": shop,
        "section": "shop",
        "keys": shop.till_keys.valid(),
        "key_form": KeyForm(),
        "hooks": shop.hooks.all(),
        "hook_form": HookForm(),
        "api": f"{settings.SITE_URL}/api/v1",
        "example": shop.sheets.exclude(ean="").values_list("ean", flat=True).first() or "3017620422003",
        **more,
    }
    return render(request, "shops/desk/till.html", context)


@shop_staff(Role.MANAGER)
@require_GET
def overview(request, shop):
    """Keys, examples, and addresses."""
    return show(request, shop)


@shop_staff(Role.MANAGER)
@require_POST
def make_key(request, shop):
    """A new key. Its secret is on this one answer and nowhere else, so there is no redirect."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return show(request, shop, key_form=form, form=form)
    try:
        key, secret = keys.make(shop, **form.cleaned_data, by=request.user)
    except keys.TillError as error:
        messages.error(request, str(error))
        return redirect("desk:till", shop.slug)
    return show(request, shop, made=key, secret=secret)


@shop_staff(Role.MANAGER)
@require_POST
def revoke_key(request, shop, pk):
    """The key is good for nothing from now on."""
    key = get_object_or_404(shop.till_keys, pk=pk)
    keys.revoke(key)
    messages.success(request, _("The key “%(name)s” is withdrawn: it opens nothing any more.") % {"name": key.name})
    return redirect("desk:till", shop.slug)
