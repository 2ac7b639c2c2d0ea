"""Who works in the shop. Owners only."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shops import staffing
from shops.desk.forms import PersonForm, RoleForm
from shops.permissions import Role, shop_staff


def _active(shop):
    return shop.staff.filter(is_active=True).select_related("user").order_by("pk")


@shop_staff(Role.OWNER)
def team(request, shop):
    """The people of the shop, and a new one."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            staffing.add(shop, **form.cleaned_data, by=request.user)
        except staffing.StaffError as error:
            form.add_error("email", str(error))
        else:
            text = _("%(email)s can work in this shop from now on: a mail says how to come in.")
            messages.success(request, text % {"email": form.cleaned_data["email"]})
            return redirect("desk:people", shop.slug)
    rows = [(staff, RoleForm(initial={"role": staff.role}, auto_id=f"id_{staff.pk}_%s")) for staff in _active(shop)]
    return render(request, "shops/desk/people.html", {"shop": shop, "section": "people", "form": form, "rows": rows})


@shop_staff(Role.OWNER)
@require_POST
def change_role(request, shop, pk):
    """Another role."""
    staff = get_object_or_404(_active(shop), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["role"][0])
        return redirect("desk:people", shop.slug)
    return _do(request, shop, lambda: staffing.change_role(staff, role=form.cleaned_data["role"], by=request.user))


@shop_staff(Role.OWNER)
@require_POST
def invite_again(request, shop, pk):
    """The mail once more, for somebody who has not come yet."""
    staff = get_object_or_404(_active(shop), pk=pk)
    return _do(
        request,
        shop,
        lambda: staffing.invite_again(staff, by=request.user),
        done=_("%(email)s gets the invitation once more.") % {"email": staff.user.email},
    )


@shop_staff(Role.OWNER)
@require_POST
def remove(request, shop, pk):
    """The person works here no longer."""
    staff = get_object_or_404(shop.staff, pk=pk)
    if not staff.is_active:
        messages.info(request, _("This person no longer works here already."))
        return redirect("desk:people", shop.slug)
    return _do(request, shop, lambda: staffing.remove(staff, by=request.user))


def _do(request, shop, change, *, done: str = ""):
    try:
        change()
    except staffing.StaffError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done or _("The team is saved."))
    is_owner = _active(shop).filter(user=request.user, role=Role.OWNER).exists()
    return redirect("desk:people", shop.slug) if is_owner else redirect("desk:home")
