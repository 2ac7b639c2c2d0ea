"""A door behind which nothing is: said on its page; and goods that are given up, on the page of their order."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pickup.errors import PickupError
from pickup.forms import EmptyForm
from pickup.models import Compartment
from pickup.operating import looking
from pickup.operating.rights import operators_only
from pickup.views.papers import noted
from pickup.views.walls import door_page


@operators_only
@require_POST
def found_empty(request, pk):
    """A person stood before the open door."""
    compartment = get_object_or_404(Compartment.objects.select_related("bank__point", "zone"), pk=pk)
    form = EmptyForm(request.POST, auto_id="empty-%s")
    if not form.is_valid():
        return door_page(request, compartment, empty_form=form)
    words = form.cleaned_data
    try:
        seen = looking.find_empty(compartment, expected=words["expected"], why=words["why"], by=request.user)
    except PickupError as error:
        messages.error(request, str(error))
        return redirect("pickup:door", pk)
    if seen.leg is None:
        messages.success(request, _("Compartment %(label)s is noted as empty.") % {"label": compartment.label})
        return redirect("pickup:door", pk)
    messages.warning(request, _("Noted. Please find out what became of the goods, and say it here."))
    return redirect("pickup:timeline", seen.leg.collection_id)


@operators_only
@require_POST
def lost(request, pk):
    """Nobody knows where the goods are: the resident gets the money back."""
    return noted(request, pk, looking.give_up, _("Noted: the goods are lost, the resident is refunded."))
