"""Before the shop is open: what is missing, who sells, what was agreed."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from shops import contracts, joining
from shops import trader as traders
from shops.models import ContractVersion, Shop
from shops.models.joining import validate_phone, validate_postcode
from shops.permissions import Role, shop_staff


@shop_staff(Role.OWNER)
@require_GET
def checklist(request, shop):
    """What is done, what is missing, and the next step first."""
    items = joining.checklist(shop)
    needed = [item for item in items if not item.requirement.advised]
    context = {
        "shop": shop,
        "section": "joining",
        "rows": [(item, _address(shop, item.requirement)) for item in items],
        "done": sum(item.settled for item in needed),
        "all": len(needed),
        "sent_back": shop.history().filter(current=Shop.Status.DRAFT).last(),
        "minimum": settings.MINIMUM_PRODUCTS,
        "on_shelf": joining.products_on_shelf(shop),
    }
    return render(request, "shops/desk/joining.html", context)


def _address(shop: Shop, requirement: joining.Requirement) -> str:
    return reverse(f"desk:{requirement.address}", args=[shop.slug, *requirement.arguments])


@shop_staff(Role.OWNER)
@require_POST
def ask(request, shop):
    """Ask the association to open the shop."""
    try:
        joining.ask(shop, by=request.user)
    except joining.JoiningError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The association has your request. You get a mail as soon as it has looked at your shop.")
        )
    return redirect("desk:joining", shop.slug)


class TraderForm(forms.ModelForm):
    """Who sells, as residents read it."""

    is_true = forms.BooleanField(
        label=gettext_lazy("These details are true, and I offer only goods that the law allows me to sell."),
        error_messages={"required": gettext_lazy("Please tick this box: the law asks for your word.")},
    )

    class Meta:
        model = Shop
        fields = traders.FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("phone", "register_number"):
            self.fields[name].required = True
        self.fields["phone"].validators.append(validate_phone)
        self.fields["postcode"].validators.append(validate_postcode)
        self.fields["phone"].widget.input_type = "tel"
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"
        self.fields["legal_name"].help_text = _(
            "As in the register. If you trade under your own name: your first and last name."
        )
        self.fields["legal_form"].help_text = _("For example SARL, EURL, sole trader.")
        self.fields["register_number"].help_text = _(
            "For example RCS Angers 123 456 789, or RNE with your SIREN number."
        )
        self.fields["vat_number"].help_text = _("Leave it empty if you are exempt, and tick the box below.")

    def clean_vat_number(self):
        strict = settings.INSTANCE_MODE == "live"
        return traders.clean_vat_number(self.cleaned_data["vat_number"], siret=self.instance.siret, strict=strict)

    def clean(self):
        cleaned = super().clean()
        if "vat_number" in cleaned and bool(cleaned["vat_number"]) == bool(cleaned.get("vat_exempt")):
            self.add_error(
                "vat_number", _("Give your VAT number, or tick the box that you are exempt: one of the two.")
            )
        return cleaned


@shop_staff(Role.OWNER)
def trader(request, shop):
    """Who sells: the details that the law asks for, with the owner's word."""
    shown = Shop.objects.get(pk=shop.pk)  # what the page is titled with, whatever the form makes of its own instance
    form = TraderForm(request.POST or None, instance=shop)
    if request.method == "POST" and form.is_valid():
        traders.certify(shown, by=request.user, **{name: form.cleaned_data[name] for name in traders.FIELDS})
        messages.success(request, _("Your details are saved."))
        return redirect("desk:joining" if _joins(shown) else "desk:trader", shop.slug)
    return render(request, "shops/desk/trader.html", {"shop": shown, "section": "joining", "form": form})


def _joins(shop: Shop) -> bool:
    return shop.status in (Shop.Status.DRAFT, Shop.Status.WAITING)


@shop_staff(Role.OWNER)
def contract(request, shop, kind):
    """The text to accept, and what was accepted before: by whom, when, which words."""
    if kind not in ContractVersion.Kind.values:
        raise Http404
    if request.method == "POST":
        version = request.POST.get("version", "")[:18]
        if request.POST.get("agree") != "on":
            messages.error(request, _("Please tick the box if you agree."))
            return redirect("desk:contract", shop.slug, kind)
        try:
            contracts.accept(
                shop,
                kind=kind,
                version_pk=int(version) if version.isascii() and version.isdigit() else 0,
                by=request.user,
            )
        except contracts.ContractError as error:
            messages.error(request, str(error))
            return redirect("desk:contract", shop.slug, kind)
        messages.success(request, _("Accepted. You find the text here whenever you need it."))
        return redirect(
            "desk:joining" if _joins(shop) else "desk:contract", *([shop.slug] if _joins(shop) else [shop.slug, kind])
        )
    context = {
        "shop": shop,
        "section": "joining",
        "kind": ContractVersion.Kind(kind),
        "standing": contracts.standing(shop, kind),
        "notice_days": contracts.NOTICE_DAYS,
    }
    return render(request, "shops/desk/contract.html", context)
