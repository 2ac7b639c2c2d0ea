"""Who a bank is: the one-time token with which a new computer becomes it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from pickup import codes
from pickup.banks import provisioning
from pickup.forms import ReasonForm
from pickup.models import Bank
from pickup.operating.rights import SET_UP_BANKS, entrusted_only

RECENT = 8


@entrusted_only(SET_UP_BANKS)
@require_http_methods(["GET", "POST"])
def token(request, pk):
    """Who has connected a computer to this bank, and the button that lets the next one."""
    bank = get_object_or_404(Bank.objects.select_related("point"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show(request, bank, why=form.cleaned_data["why"])
    now = timezone.now()
    given = bank.provisioning_tokens.select_related("by", "bank")[:RECENT]
    context = {
        "bank": bank,
        "form": form,
        "identity": bank.identities.live().first(),
        "given": [(row, provisioning.is_good(row, now)) for row in given],
    }
    return render(request, "pickup/operating/token.html", context, status=400 if form.errors else 200)


@sensitive_variables("text", "command", "context")
def _show(request, bank: Bank, *, why: str):
    """The token, once: it stands in no address and in no table."""
    row, text = provisioning.new_token(bank, why=why, by=request.user)
    command = provisioning.command(text)
    context = {
        "bank": bank,
        "token": row,
        "command": command,
        "qr": codes.qr_svg(command, title=_("The command as a QR code")),
    }
    return render(request, "pickup/operating/token_shown.html", context)
