"""How the shop works with its orders."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shops.desk.habits import HabitsForm
from shops.permissions import Role, may, shop_staff


@shop_staff(Role.MANAGER)
def habits(request, shop):
    """Paper in the morning; owners also say how much others may refund."""
    form = HabitsForm(request.POST or None, instance=shop, may_limit=may(request.staff, Role.OWNER))
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=list(form.fields))  # a pause that begins meanwhile stays
        messages.success(request, _("It is saved."))
        return redirect("desk:habits", shop.slug)
    return render(request, "shops/desk/habits.html", {"shop": shop, "section": "shop", "form": form})
