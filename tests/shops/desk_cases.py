"""One case per address of the desk: who may, and a request that works there. The walls are tested with nothing else.

An address without a case fails `test_every_address_of_the_desk_has_a_case`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from marketplace.foundation.models import Message
from shops import mandates, orders, pending, products, staffing, suspending, tablets
from shops.desk import urls
from shops.imports import sending
from shops.models import (
    CatalogueImport,
    CatalogueRow,
    CategoryTranslation,
    Closure,
    ContractAcceptance,
    ContractVersion,
    Deed,
    HookCall,
    Mandate,
    Operation,
    Payment,
    PictureArchive,
    PictureWanted,
    ProductSheet,
    Refund,
    Shop,
    ShopHook,
    ShopOrder,
    ShopOrderLine,
    ShopPicture,
    ShopStaff,
    Suspension,
    Tablet,
    TillKey,
    Transfer,
)
from shops.tills import hooks, keys
from tests.factories import make_product, make_shop, make_staff, make_user
from tests.shops.orders_of import pay, place

Role = ShopStaff.Role
SECRETS = ("resident-secret", "Leur fromage", "La leur", "43,00", "43.00", "40,00")


class Town:
    """Two shops that share one paid order; each with a product, a closure, an owner and an invited helper."""

    def __init__(self):
        self.ours, self.theirs = make_shop("La nôtre", opening_hours="24/7"), make_shop("La leur", opening_hours="24/7")
        self.owner, self.stranger = make_staff(self.ours), make_staff(self.theirs)
        our_product = make_product(self.ours, "Notre pain", price="3.00")
        their_product = make_product(self.theirs, "Leur fromage", price="40.00")
        self.shared = place((our_product, 1), (their_product, 1), email="resident-secret@example.org")
        pay(self.shared)
        today = timezone.localdate()
        for shop in (self.ours, self.theirs):
            Closure.objects.create(shop=shop, first_on=today, last_on=today)
            keys.make(shop, name="Caisse", may_stock=True, may_orders=True)
            hook = hooks.add(shop, address="https://till.example/", kinds=["order.placed"])
            hooks.try_line(hook)
            HookCall.objects.update(given_up_at=timezone.now())
            ShopHook.objects.update(is_on=False)
            staffing.add(shop, email=f"invited-{shop.pk}@example.org", role=Role.HELPER)
            ShopPicture.objects.create(shop=shop, photo=f"shops/{shop.pk}.webp")
            tablets.add(shop, name="Comptoir", most_role=Role.MANAGER, idle_minutes=5, by=None)
            file = SimpleUploadedFile("a.csv", b"reference;nom;prix;stock\nNEU;Neuf;1;1\n")
            sending.receive(shop, file, by=None)

    @staticmethod
    def order(shop: Shop) -> ShopOrder:
        return shop.shop_orders.get()

    @staticmethod
    def line(shop: Shop) -> ShopOrderLine:
        return shop.shop_orders.get().lines.get()

    @staticmethod
    def product(shop: Shop) -> ProductSheet:
        return shop.sheets.earliest("pk")

    @staticmethod
    def deed(shop: Shop) -> str:
        """The last change of the shop's product."""
        return str(Town.product(shop).changes.latest("pk").deed)

    def reduced(self) -> None:
        """Both products became cheaper."""
        for shop in (self.ours, self.theirs):
            products.update(self.product(shop), price=Decimal("2.00"))

    def sold_out(self) -> None:
        """Both products are gone for today."""
        for shop in (self.ours, self.theirs):
            products.update(self.product(shop), sold_out_until=timezone.now() + timedelta(hours=1))

    @staticmethod
    def catalogue(shop: Shop) -> CatalogueImport:
        return shop.catalogue_imports.earliest("pk")

    @staticmethod
    def closure(shop: Shop) -> Closure:
        return shop.closures.get()

    @staticmethod
    def till_key(shop: Shop) -> TillKey:
        return shop.till_keys.get()

    @staticmethod
    def hook(shop: Shop) -> ShopHook:
        return shop.hooks.get()

    @staticmethod
    def hook_call(shop: Shop) -> HookCall:
        return HookCall.objects.get(hook__shop=shop)

    @staticmethod
    def person(shop: Shop) -> ShopStaff:
        """The invited helper."""
        return shop.staff.get(role=Role.HELPER, joined_at=None)

    @staticmethod
    def picture(shop: Shop) -> ShopPicture:
        return shop.pictures.get()

    @staticmethod
    def tablet(shop: Shop) -> Tablet:
        return shop.tablets.first()

    def mandated(self) -> None:
        """The association may act for both shops."""
        for shop in (self.ours, self.theirs):
            mandates.give(shop, until_on=timezone.localdate(), by=make_user())

    def answered(self) -> None:
        """Both shops accept everything."""
        for shop_order in self.shared.shop_orders.all():
            orders.accept_all(shop_order, by=None)

    def packed(self) -> None:
        self.answered()
        for shop_order in self.shared.shop_orders.all():
            orders.mark_ready(shop_order, bags=1)

    def imported(self) -> None:
        """The files of both shops are written."""
        for shop in (self.ours, self.theirs):
            sending.begin(self.catalogue(shop), by=None)
        sending.work_due(seconds=10)

    def suspended(self) -> None:
        for shop in (self.ours, self.theirs):
            suspending.suspend(shop, ground="tax", reasons="Courrier du fisc", by=make_user())

    def ended(self) -> None:
        """Nobody waits for anything."""
        for shop_order in self.shared.shop_orders.all():
            orders.refuse_all(shop_order, reason="", by=None)

    def without_pictures(self) -> None:
        """The pictures of both products were given up."""
        for shop in (self.ours, self.theirs):
            PictureWanted.objects.create(sheet=self.product(shop), sources=["a.jpg"], is_given_up=True)

    def debited(self) -> None:
        """Stripe says that the money was taken."""
        self.answered()
        payment = self.shared.payments.get()
        payment.move(Payment.Status.CAPTURED, captured=payment.amount)


def no_fields(shop: Shop) -> dict:
    return {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """The lowest role that may, the object in the address, and the fields of a request that changes something.

    `kind`: the word in the address that is no object. `fields` None: the page is only looked at.
    `before`: how far the shared order must have come.
    """

    role: str = Role.HELPER
    of: str = ""
    kind: str = ""
    fields: Callable[[Shop], dict] | None = None
    before: Callable[[Town], None] = staticmethod(lambda town: None)

    def address(self, name: str, shop: Shop, objects_of: Shop) -> str:
        pks = [getattr(Town, self.of)(objects_of).pk] if self.of else []
        return reverse(f"desk:{name}", args=[shop.slug, *pks, *([self.kind] if self.kind else [])])


def product_fields(shop: Shop) -> dict:
    return {
        "title": "Volé", "price": "1", "stock_left": "1", "vat_rate": "20.00", "net_unit": "piece", "is_public": "on",
        "temperature": "ambient", "min_age": "0", "volume_l": "1", "withdrawal": "full",
    }  # fmt: skip


def photo_fields(shop: Shop) -> dict:
    content = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return {"photo": SimpleUploadedFile("photo.jpg", content.getvalue())}


def archive_fields(shop: Shop) -> dict:
    """A ZIP with one file that is named like the shop's product."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(f"{Town.product(shop).reference}.jpg", b"looked at later")
    return {"file": SimpleUploadedFile("photos.zip", content.getvalue())}


def photo_file() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return SimpleUploadedFile("photo.jpg", content.getvalue(), "image/jpeg")


def shelf_fields(shop: Shop) -> dict:
    pk = Town.product(shop).pk
    return {f"{pk}-price": "0.01", f"{pk}-stock": "1"}


def trader_fields(shop: Shop) -> dict:
    return {
        "legal_name": "Volé SARL", "register_number": "RCS Angers 1", "street": "1 rue", "postcode": "49000",
        "town": "Valmont", "phone": "02 00 00 00 01", "email": shop.email, "vat_exempt": "on", "is_true": "on",
    }  # fmt: skip


def contract_fields(shop: Shop) -> dict:
    version, _created = ContractVersion.objects.get_or_create(
        kind="terms", number="1", defaults={"text": "Les règles", "valid_from": timezone.localdate()}
    )
    return {"version": version.pk, "agree": "on"}


CASES = {
    "board": Case(),
    "board_fragment": Case(),
    "worker": Case(),
    "accept_new": Case(fields=lambda shop: {"order": Town.order(shop).pk}),
    "order": Case(
        of="order",
        fields=lambda shop: {f"quantity_{Town.line(shop).pk}": "0", f"reason_{Town.line(shop).pk}": "sold_out"},
    ),
    "accept": Case(of="order", fields=no_fields),
    "refuse": Case(of="order", fields=lambda shop: {"reason": "sold_out"}),
    "ready": Case(of="order", fields=lambda shop: {"bags": "2"}, before=Town.answered),
    "deposit_code": Case(of="order", before=Town.packed),
    "pick_list": Case(before=Town.answered),
    "bag": Case(),
    "order_bag": Case(of="order", before=Town.packed),
    "labels": Case(of="order", before=Town.packed),
    "habits": Case(
        role=Role.MANAGER,
        fields=lambda shop: (
            {"wants_day_sheet": "on"}
            | dict.fromkeys(["refund_limit_helper", "refund_limit_order", "refund_limit_day"], "9.00")
        ),
    ),
    "refund": Case(
        of="order",
        fields=lambda shop: {f"pieces_{Town.line(shop).pk}": 1, "reason": "quality", "made": 0, "confirm": "1"},
        before=Town.debited,
    ),
    "products": Case(),
    "new_product": Case(role=Role.MANAGER, fields=product_fields),
    "scan": Case(),
    "keep_photo": Case(role=Role.MANAGER, fields=photo_fields),
    "turn_photo": Case(role=Role.MANAGER, fields=photo_fields),
    "product": Case(role=Role.MANAGER, of="product", fields=product_fields),
    "shelf": Case(of="product", fields=shelf_fields),
    "sell_out": Case(of="product", fields=no_fields),
    "sell_again": Case(of="product", fields=no_fields, before=lambda town: town.sold_out()),
    "selling": Case(
        role=Role.MANAGER, of="product", fields=lambda shop: {"daily_stock": "20", "days": ["4", "5"], "unit": "60"}
    ),
    "publish": Case(role=Role.MANAGER, of="product", fields=lambda shop: {"is_public": "0"}),
    "product_history": Case(of="product"),
    "publish_chosen": Case(role=Role.MANAGER, fields=lambda shop: {"product": Town.product(shop).pk, "is_public": "0"}),
    "undo": Case(fields=lambda shop: {"deed": Town.deed(shop)}, before=lambda town: town.reduced()),
    "import": Case(
        role=Role.MANAGER, fields=lambda shop: {"file": SimpleUploadedFile("a.csv", b"reference,title,price\nA,B,1\n")}
    ),
    "import_file": Case(role=Role.MANAGER, of="catalogue"),
    "import_rows": Case(role=Role.MANAGER, of="catalogue", fields=lambda shop: {"action": "run"}),
    "import_columns": Case(role=Role.MANAGER, of="catalogue", fields=lambda shop: {"column-0": "reference"}),
    "import_aisles": Case(role=Role.MANAGER, of="catalogue", fields=lambda shop: {"aisle-0": "none"}),
    "import_undo": Case(role=Role.MANAGER, of="catalogue", fields=no_fields, before=Town.imported),
    "import_state": Case(role=Role.MANAGER, of="catalogue"),
    "export": Case(role=Role.MANAGER, kind="csv"),
    "pictures": Case(role=Role.MANAGER, fields=archive_fields),
    "pictures_again": Case(role=Role.MANAGER, fields=no_fields, before=Town.without_pictures),
    "shop": Case(
        role=Role.HELPER,
        fields=lambda shop: {"tagline": "Volé", "email": shop.email, "lead_minutes": "60", "answer_minutes": "60"},
    ),
    "portrait": Case(role=Role.MANAGER, fields=lambda shop: {"upload": photo_file(), "alt": "Volé"}),
    "portrait_first": Case(role=Role.MANAGER, of="picture", fields=no_fields),
    "portrait_remove": Case(role=Role.MANAGER, of="picture", fields=no_fields),
    "week": Case(role=Role.MANAGER, fields=lambda shop: {"Mo_from_1": "09:00", "Mo_to_1": "10:00"}),
    "closures": Case(role=Role.MANAGER, fields=lambda shop: {"first_on": "2027-01-01", "last_on": "2027-01-01"}),
    "remove_closure": Case(role=Role.MANAGER, of="closure", fields=no_fields),
    "pause": Case(fields=lambda shop: {"minutes": "15"}),
    "payouts": Case(role=Role.OWNER),
    "payouts_begin": Case(role=Role.OWNER, fields=no_fields),
    "payouts_resume": Case(role=Role.OWNER),
    "payouts_return": Case(role=Role.OWNER),
    "start": Case(),
    "joining": Case(role=Role.OWNER),
    "joining_ask": Case(role=Role.OWNER, fields=no_fields),
    "trader": Case(role=Role.OWNER, fields=trader_fields),
    "contract": Case(role=Role.OWNER, kind="terms", fields=contract_fields),
    "suspension": Case(
        role=Role.OWNER, fields=lambda shop: {"text": "Ce n’est pas vrai"}, before=lambda town: town.suspended()
    ),
    "leave": Case(role=Role.OWNER, fields=lambda shop: {"name": shop.name}, before=lambda town: town.ended()),
    "data": Case(role=Role.OWNER),
    "trial": Case(fields=lambda shop: {"action": "accept"}),
    "till": Case(role=Role.MANAGER),
    "till_key_new": Case(role=Role.MANAGER, fields=lambda shop: {"name": "Intruder", "may_stock": "on"}),
    "till_key_revoke": Case(role=Role.MANAGER, of="till_key", fields=no_fields),
    "hook_new": Case(
        role=Role.MANAGER, fields=lambda shop: {"address": "https://intruder.example/", "kinds": ["order.placed"]}
    ),
    "hook": Case(role=Role.MANAGER, of="hook"),
    "hook_rotate": Case(role=Role.MANAGER, of="hook", fields=no_fields),
    "hook_test": Case(role=Role.MANAGER, of="hook", fields=no_fields),
    "hook_on": Case(role=Role.MANAGER, of="hook", fields=no_fields),
    "hook_remove": Case(role=Role.MANAGER, of="hook", fields=no_fields),
    "hook_again": Case(role=Role.MANAGER, of="hook_call", fields=no_fields),
    "people": Case(role=Role.OWNER, fields=lambda shop: {"email": "intruder@example.org", "role": "owner"}),
    "change_role": Case(role=Role.OWNER, of="person", fields=lambda shop: {"role": "owner"}),
    "invite_again": Case(role=Role.OWNER, of="person", fields=no_fields),
    "remove_person": Case(role=Role.OWNER, of="person", fields=no_fields),
    "activity": Case(role=Role.MANAGER),
    "figures": Case(role=Role.MANAGER),
    "pin": Case(fields=lambda shop: {"pin": "4827"}),
    "tablets": Case(
        role=Role.OWNER, fields=lambda shop: {"name": "Volée", "most_role": "manager", "idle_minutes": "60"}
    ),
    "end_tablet": Case(role=Role.OWNER, of="tablet", fields=no_fields),
    "mandate": Case(role=Role.OWNER, fields=lambda shop: {"until_on": f"{timezone.localdate()}", "agree": "on"}),
    "end_mandate": Case(role=Role.OWNER, fields=no_fields, before=lambda town: town.mandated()),
}


def desk_routes() -> dict[str, str]:
    """The route of every address below a shop's slug, by its name."""
    routes = []

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            else:
                routes.append((pattern.name, route))

    walk(urls.urlpatterns, "")
    below = [(name, route) for name, route in routes if "slug" in route]
    assert len(below) == len(dict(below))
    return dict(below)


def everything() -> list:
    """All rows that the desk can change, value by value; not when somebody first came."""
    tables: list[type[models.Model]] = [
        Shop, Closure, ProductSheet, ShopOrder, ShopOrderLine, Payment, Transfer, Refund, Operation, Message,
        ContractAcceptance, Suspension, PictureArchive, PictureWanted, TillKey, ShopPicture, Tablet, Mandate, Deed,
        CatalogueImport, CatalogueRow, CategoryTranslation,
        ShopHook, HookCall,
    ]  # fmt: skip
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    rows.append(
        list(ShopStaff.objects.order_by("pk").values("pk", "shop", "user", "role", "pin", "is_active", "invited_at"))
    )
    rows.append(
        list(
            ProductSheet.objects.order_by("pk").values_list(
                "stock__price",
                "stock__num_in_stock",
                "stock__num_allocated",
                "product__title",
                "product__is_public",
            )
        )
    )
    rows.append(_files_that_wait())
    return rows


def _files_that_wait() -> list[tuple[str, list[str]]]:
    """Photos put aside for products that are being typed."""
    storage = storages["private"]
    try:
        folders, _files = storage.listdir(pending.FOLDER)
    except FileNotFoundError:
        return []
    return [(folder, sorted(storage.listdir(f"{pending.FOLDER}/{folder}")[1])) for folder in sorted(folders)]


PRODUCT = {
    "title": "Croissant", "price": "1,30", "stock_left": "12", "vat_rate": "5.50", "is_public": "on", "net_unit": "piece",
    "temperature": "ambient", "min_age": "0", "volume_l": "1", "withdrawal": "perishable",
}  # fmt: skip


def client_of(shop, role=ShopStaff.Role.OWNER) -> Client:
    """Somebody of the shop's staff, signed in."""
    client = Client()
    client.force_login(make_staff(shop, role))
    return client


def posting_desk():
    """`desk(name, *args, **fields)` posts a form of a shop's desk; the shop is `desk.shop`, its owner's client `desk.client`."""
    shop = make_shop("Boulangerie", opening_hours="24/7")
    client = client_of(shop)

    def send(name, *args, **fields):
        return client.post(reverse(f"desk:{name}", args=[shop.slug, *args]), fields)

    send.shop, send.client = shop, client
    return send
