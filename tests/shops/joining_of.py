"""Makers of shops on their way to their opening."""

from django.contrib.auth.models import Permission
from django.utils import timezone

from shops import contracts
from shops.models import ContractVersion, Shop
from tests.factories import make_product, make_shop, make_staff, make_user

TRADER = {
    "legal_name": "Boutique SARL",
    "legal_form": "SARL",
    "register_number": "RCS Angers 000 000 000",
    "phone": "02 00 00 00 00",
    "vat_exempt": True,
}


def publish_contracts() -> None:
    """The first text of each kind, in force today."""
    for kind in ContractVersion.Kind.values:
        if not ContractVersion.objects.filter(kind=kind).exists():
            contracts.publish(kind=kind, number="1", text=f"Texte {kind}", valid_from=timezone.localdate())


def make_draft(name: str = "", **fields) -> Shop:
    """A shop that has only applied: not payable, nothing confirmed."""
    return make_shop(name, **{"status": Shop.Status.DRAFT, "stripe_account": "", "transfers_active": False} | fields)


def make_ready(name: str = "", *, products: int = 10, **fields) -> tuple[Shop, object]:
    """A shop in draft with everything done, and its owner."""
    now = timezone.now()
    done = {**TRADER, "certified_at": now, "hours_confirmed_at": now, "rehearsed_at": now}
    shop = make_shop(name, **{"status": Shop.Status.DRAFT, **done, **fields})
    owner = make_staff(shop)
    publish_contracts()
    for version in ContractVersion.objects.all():
        contracts.accept(shop, kind=version.kind, version_pk=version.pk, by=owner)
    for _number in range(products):
        make_product(shop)
    return shop, owner


def make_opener(email: str = ""):
    """Somebody of the association who opens shops."""
    user = make_user(email)
    user.user_permissions.add(Permission.objects.get(content_type__app_label="shops", codename="open_shop"))
    return user
