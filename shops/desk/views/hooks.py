"""Addresses that hear what happens in the shop, and what became of each call. For owners and managers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shops.desk.till_forms import HookForm
from shops.desk.views.till import show
from shops.models import HookCall, ShopEvent
from shops.permissions import Role, shop_staff
from shops.tills import hooks
from shops.tills.keys import TillError

PER_PAGE = 20


def _page(request, shop, hook, **more):
    calls = hook.calls.order_by("-pk")
    context = {
        "shop": shop,
        "section": "shop",
        "hook": hook,
        "kinds": [kind.label for kind in ShopEvent.Kind if kind.value in hook.kinds],
        "page": Paginator(calls, PER_PAGE).get_page(request.GET.get("page")),
        **more,
    }
    return render(request, "shops/desk/hook.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def add(request, shop):
    """A new address. Its secret is on this one answer and nowhere else, so there is no redirect."""
    form = HookForm(request.POST)
    if not form.is_valid():
        return show(request, shop, hook_form=form, form=form)
    try:
        hook = hooks.add(shop, **form.cleaned_data)
    except TillError as error:
        form.add_error("address", str(error))
        return show(request, shop, hook_form=form, form=form)
    return _page(request, shop, hook, secret=hook.secret)


@shop_staff(Role.MANAGER)
@require_GET
def log(request, shop, pk):
    """What was sent to an address, and what it answered."""
    return _page(request, shop, get_object_or_404(shop.hooks, pk=pk))


@shop_staff(Role.MANAGER)
@require_POST
def rotate(request, shop, pk):
    """A new secret, shown on this one answer; the old one signs beside it for a day."""
    hook = get_object_or_404(shop.hooks, pk=pk)
    return _page(request, shop, hook, secret=hooks.rotate(hook), rotated=True)


@shop_staff(Role.MANAGER)
@require_POST
def try_line(request, shop, pk):
    """A call that tells of nothing."""
    hook = get_object_or_404(shop.hooks, pk=pk)
    hooks.try_line(hook)
    messages.success(request, _("The test is on its way: the answer stands here in a few seconds."))
    return redirect("desk:hook", shop.slug, pk)


@shop_staff(Role.MANAGER)
@require_POST
def switch_on(request, shop, pk):
    """Call the address again."""
    hooks.switch_on(get_object_or_404(shop.hooks, pk=pk))
    messages.success(request, _("The address is called again from now on."))
    return redirect("desk:hook", shop.slug, pk)


@shop_staff(Role.MANAGER)
@require_POST
def remove(request, shop, pk):
    """Nothing more is sent there."""
    hooks.remove(get_object_or_404(shop.hooks, pk=pk))
    messages.success(request, _("The address is removed: nothing more is sent there."))
    return redirect("desk:till", shop.slug)


@shop_staff(Role.MANAGER)
@require_POST
def send_again(request, shop, pk):
    """The same message once more."""
    call = HookCall.objects.filter(hook__shop=shop, pk=pk).first()
    if call is None:
        raise Http404
    if hooks.send_again(call):
        messages.success(request, _("The message is sent again: the answer stands here in a few seconds."))
    else:
        messages.info(request, _("This message is being sent at this very moment."))
    return redirect("desk:hook", shop.slug, call.hook_id)
