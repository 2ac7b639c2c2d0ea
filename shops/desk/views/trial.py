"""The trial order: pages as the real ones, an order that does not exist."""

from dataclasses import asdict

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops import rehearsal
from shops.desk.answering import ReadyForm
from shops.permissions import Role, shop_staff


class CodeForm(forms.Form):
    """The keypad of the locker bank."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@shop_staff(Role.HELPER)
def walk(request, shop):
    """One step after the other; anybody of the shop may walk, as often as they like."""
    key = f"trial:{shop.pk}"
    trial = rehearsal.Rehearsal.read(request.session.get(key))
    sheet = rehearsal.goods(shop)
    ready, code = ReadyForm(), CodeForm()
    if request.method == "POST" and sheet is not None:
        action, before = request.POST.get("action"), trial
        if action == "again":
            trial = rehearsal.Rehearsal.begin()
        elif action == "accept":
            trial = rehearsal.accept(trial)
        elif action == "ready":
            ready = ReadyForm(request.POST)
            trial = rehearsal.pack(trial, bags=ready.cleaned_data["bags"]) if ready.is_valid() else trial
        elif action == "deposit":
            code = CodeForm(request.POST)
            trial = rehearsal.deposit(trial, shop, code=code.cleaned_data["code"]) if code.is_valid() else trial
            if code.is_valid() and trial.step == rehearsal.DEPOSIT:
                code.add_error(
                    "code", _("This is not the code above. At the bank no door would open either: type it again.")
                )
        request.session[key] = asdict(trial)
        if trial != before:
            return redirect("desk:trial", shop.slug)
    context = {"shop": shop, "section": "joining", "trial": trial, "sheet": sheet, "ready": ready, "code": code}
    if sheet is not None:
        context |= {"pieces": rehearsal.PIECES, "total": rehearsal.total(sheet), "steps": _steps(trial)}
    return render(request, "shops/desk/trial.html", context)


def _steps(trial: rehearsal.Rehearsal) -> list[tuple[str, str]]:
    """(name, "done", "now" or "") of each station."""
    names = [_("New order"), _("Prepare"), _("Deposit"), _("Collected")]
    reached = rehearsal.STEPS.index(trial.step)
    states = ["done" if n < reached else "now" if n == reached else "" for n in range(len(names))]
    return list(zip(names, states, strict=True))
