"""How the shops of the demonstration have joined: contracts, words given, trial orders; one is on its way, one waits."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from marketplace.demo import town, trade
from marketplace.demo.people import person
from shops import contracts, joining, shop_mail
from shops.models import ContractVersion, Shop, ShopStaff

SOLE_TRADERS = "entreprise individuelle"
FORMS = ("SARL", "EURL", "SAS", "SA")


def publish_contracts() -> None:
    """The texts that shops agree to; before there are shops, so that nobody gets a mail."""
    for entry in town.read("joining")["contracts"]:
        if not ContractVersion.objects.filter(kind=entry["kind"]).exists():
            text = entry["text"].strip()
            contracts.publish(kind=entry["kind"], number=entry["number"], text=text, valid_from=timezone.localdate())


def complete_shops() -> None:
    """The open shops have done everything on the list; two more are on their way to it."""
    for shop in Shop.objects.filter(status=Shop.Status.OPEN, certified_at=None):
        _complete(shop)
    for entry in town.read("joining")["shops"]:
        if not Shop.objects.filter(slug=entry["slug"]).exists():
            _join(entry)


def let_association_open() -> None:
    """The people who write the pages of an association also open its shops, and act for those that let them."""
    rights = Permission.objects.filter(content_type__app_label="shops", codename__in=["open_shop", "act_for_shop"])
    emails = [entry["editor"]["email"] for entry in town.read("town")["associations"]]
    for user in get_user_model().objects.filter(email__in=emails):
        user.user_permissions.add(*rights)


def _join(entry: dict) -> None:
    shop = trade.found(entry, status=Shop.Status.DRAFT)
    owner = person(entry["people"][0])
    ShopStaff.objects.create(shop=shop, user=owner, role=ShopStaff.Role.OWNER)
    trade.fill_shelves(shop, entry)
    if entry["stage"] == "waiting":
        trade.become_payable(shop)
        _complete(shop)
        joining.ask(shop, by=owner)


def _complete(shop: Shop) -> None:
    owner = shop.staff.get(role=ShopStaff.Role.OWNER).user
    now, siren = timezone.now(), shop.siret[:9]
    shop.legal_form = next((form for form in FORMS if form in shop.legal_name.split()), SOLE_TRADERS)
    shop.register_number = f"RCS Valmont {siren[:3]} {siren[3:6]} {siren[6:]}"
    shop.certified_at, shop.certified_by = now, owner
    shop.hours_confirmed_at = shop.rehearsed_at = now
    shop.save()
    for version in ContractVersion.objects.all():
        contracts.accept(shop, kind=version.kind, version_pk=version.pk, by=owner)
    if any(item.requirement.key == "products" for item in joining.missing(shop)):
        opener = shop_mail.openers().order_by("pk").first()
        joining.waive(shop, requirement="products", reason="Petite gamme : tout est déjà en ligne.", by=opener)
