"""The shops of the town: their people, their account at the fake Stripe, their goods."""

from decimal import Decimal
from itertools import product

from marketplace.demo import pictures, town
from marketplace.demo.people import person
from shops import allergens, photos, products, variants
from shops.imports.catalogue import import_catalogue
from shops.models import ProductChange, ProductSheet, Shop, ShopStaff
from shops.payments import onboarding
from shops.payments.fake import connect
from shops.payments.fake.models import Account

BOOK_COVERS = ["blue-book", "green-book", "orange-book", "closed-book", "open-book", "books"]
BOOK_LITRES = Decimal("0.80")
COVER_PX = 500  # two hundred covers in full size would take longer than all other photos


def open_shops() -> None:
    """Every shop with its people and its goods; what is there already stays as it is."""
    for entry in town.shops():
        shop = Shop.objects.filter(slug=entry["slug"]).first() or found(entry)
        for member in entry["people"]:
            ShopStaff.objects.get_or_create(shop=shop, user=person(member), defaults={"role": member["role"]})
        become_payable(shop)
        fill_shelves(shop, entry)


def fill_shelves(shop: Shop, entry: dict) -> None:
    """The goods of the shop's own file, and those of its till where it has one."""
    known = set(shop.sheets.values_list("reference", flat=True))
    for row in town.goods(shop.slug):
        if row["reference"] not in known:
            _put_on_shelf(shop, row)
    if "catalogue" in entry and not shop.sheets.exclude(ean="").exists():
        import_catalogue(shop, (town.CATALOGUES / entry["catalogue"]).read_bytes())
    _give_covers(shop)
    if not known:
        ProductChange.objects.filter(sheet__shop=shop).delete()  # in a fresh town nobody has changed anything yet


def found(entry: dict, *, status: str = Shop.Status.OPEN) -> Shop:
    """The shop of an entry with its photo; nobody works there yet."""
    market = town.read("town")["market"]
    latitude, longitude = entry["position"]
    shop = Shop(
        name=entry["name"],
        slug=entry["slug"],
        trade=entry["trade"],
        tagline=entry["tagline"],
        story=entry["story"],
        status=status,
        legal_name=entry["legal_name"],
        siret=f"{entry['siren']}00010",
        vat_number=f"FR00{entry['siren']}",
        street=entry["street"],
        postcode=market["postcode"],
        town=market["town"],
        latitude=Decimal(str(latitude)),
        longitude=Decimal(str(longitude)),
        phone=entry["phone"],
        email=entry["people"][0]["email"],
        opening_hours=entry["hours"],
        lead_minutes=entry["lead_minutes"],
    )
    shop.save()
    photos.keep(shop, pictures.photo(entry["photo"]))
    return shop


def become_payable(shop: Shop) -> None:
    """What the shopkeeper does on Stripe's onboarding pages."""
    if shop.transfers_active:
        return
    if not shop.stripe_account:
        onboarding.open_account(shop)
    connect.set_capability(Account.objects.get(pk=shop.stripe_account), "active")
    onboarding.refresh(shop)


def _put_on_shelf(shop: Shop, row: dict[str, str]) -> None:
    sheet = products.create(
        shop,
        title=row["title"],
        **_price(row),
        stock=int(row["stock"]),
        vat_rate=Decimal(row["vat"]).quantize(Decimal("0.01")),
        category=products.category_at(row["category"]),
        reference=row["reference"],
        description=row["description"],
        net_quantity=Decimal(row["net"]),
        net_unit=row["unit"],
        temperature=row["keeping"],
        volume_l=Decimal(row["litres"]),
        withdrawal=row["withdrawal"],
        kind=row.get("kind", ""),
        ingredients=row.get("ingredients", ""),
        allergens=allergens.read(row["allergens"])[0],
        origin=row["origin"],
        maker=_maker(shop, row.get("maker", "")),
        min_age=int(row["age"] or 0),
        longest_cm=int(row["longest_cm"]) if row["longest_cm"] else None,
        lead_minutes=int(row["lead_minutes"]) if row["lead_minutes"] else None,
    )
    products.update(sheet, photo=pictures.photo(row["photo"]), photo_alt=sheet.title[:160], **_rhythm(row))
    if row.get("variants"):
        _give_variants(sheet, row["variants"])


def _rhythm(row: dict[str, str]) -> dict:
    """Pieces a day and days of collection, of the shops whose file says so."""
    found = {}
    if row.get("daily"):
        found["daily_stock"] = int(row["daily"])
    if row.get("days"):
        found["collect_days"] = row["days"]
    return found


def _give_variants(sheet: ProductSheet, written: str) -> None:
    """ "taille: S, M / couleur: marine, rouge": all combinations, the first of which is `sheet` itself."""
    options = dict(part.split(": ") for part in written.split(" / "))
    first, *others = product(*(values.split(", ") for values in options.values()))
    family = variants.make(sheet, options=list(options), values=list(first))
    for number, values in enumerate(others, start=1):
        variants.add(
            family,
            list(values),
            price=sheet.price,
            stock=number % 4,  # some are gone: a resident sees how that looks
            reference=f"{sheet.reference}-{number}",
        )


def _maker(shop: Shop, written: str) -> str:
    """The maker of a row; "maison": the shop itself."""
    return f"{shop.legal_name}, {shop.address}, {shop.email}" if written == "maison" else written


def _price(row: dict[str, str]) -> dict:
    """The price of a piece, or of a kilo of what usually weighs as much as its content."""
    if not row.get("kilo"):
        return {"price": Decimal(row["price"])}
    kilo = Decimal(row["kilo"])
    return {"sold_by": ProductSheet.SoldBy.WEIGHT, "price_per_kg": kilo, "expected_g": int(row["net"])}


def _give_covers(shop: Shop) -> None:
    """Goods from a till come without photo, content and size: books look like books and take little room."""
    for position, sheet in enumerate(shop.sheets.filter(photo="").select_related("product").order_by("pk")):
        book = {"volume_l": BOOK_LITRES, "net_quantity": Decimal(1), "net_unit": ProductSheet.Unit.PIECE}
        cover = pictures.photo(BOOK_COVERS[position % len(BOOK_COVERS)], longest_px=COVER_PX)
        products.update(sheet, photo=cover, photo_alt=sheet.title[:160], **book)
