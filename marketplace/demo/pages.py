"""The town's pages: home, two associations with editors, a promotion each, written with Wagtail's own functions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sites.models import Site as DjangoSite
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from cms import roles
from cms.languages import mirror
from cms.models import AssociationMember, AssociationPage, HomePage, PromotionPage, TextPage
from marketplace.demo import pictures, town
from marketplace.demo.people import person
from shops.models import ProductSheet, Shop

Category = get_model("catalogue", "Category")


@transaction.atomic
def publish() -> None:
    """The whole tree; nothing when the town has its home page already."""
    if HomePage.objects.exists():
        return
    town_pages = town.read("town")
    home = _home(town_pages["home"])
    for entry in town_pages["associations"]:
        _association(home, entry)
    _in_english(home, town.read("english"))


def _home(entry: dict) -> HomePage:
    """The first page, in place of the one that Wagtail's migrations make."""
    root = Page.get_first_root_node()
    welcome = list(root.get_children())
    home = HomePage(
        title=entry["title"],
        slug="accueil",
        headline=entry["headline"],
        lead=entry["lead"],
        image=_picture(entry["pictures"], title=entry["title"]),
        body=_blocks(entry["body"]),
    )
    root.add_child(instance=home)
    home.save_revision().publish()
    host, _separator, port = settings.SITE_URL.partition("://")[2].partition(":")
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.root_page, site.site_name = home, settings.MARKET_NAME
    site.hostname, site.port = host, int(port or 443)
    site.save()
    DjangoSite.objects.update_or_create(
        pk=settings.SITE_ID, defaults={"domain": settings.SITE_URL.partition("://")[2], "name": settings.MARKET_NAME}
    )
    for page in welcome:
        page.delete()
    for text in entry["texts"]:
        page = TextPage(title=text["title"], slug=text["slug"], text=text["text"], purpose=text["purpose"])
        home.refresh_from_db()
        home.add_child(instance=page)
        page.save_revision().publish()
    return home


def _in_english(home: HomePage, words: dict[str, dict]) -> None:
    """A page of its own for each entry of `words`, a mirror for the others."""
    english = Locale.objects.get(language_code="en")
    for page in home.get_descendants(inclusive=True).specific():
        mirror(page)
        entry = words.get(page.slug)
        if entry:
            _translate(page.get_translation(english), entry)


def _translate(page, words: dict) -> None:
    """Turn a mirror into a page with its own words; blocks keep their products, shops and pictures."""
    page.alias_of = None
    for name, value in words.items():
        if name == "body":
            blocks = zip(page.body, value, strict=True)
            value = [
                (block.block_type, said if isinstance(said, str) else {**block.value, **said}) for block, said in blocks
            ]
        setattr(page, name, value)
    page.save_revision().publish()


def _association(home: HomePage, entry: dict) -> None:
    page = AssociationPage(
        title=entry["title"],
        slug=entry["slug"],
        tagline=entry["tagline"],
        text=entry["text"],
        legal_name=entry["legal_name"],
        rna=entry["rna"],
        address=entry["address"],
        email=entry["email"],
        phone=entry["phone"],
    )
    page.members = [
        AssociationMember(shop=Shop.objects.get(slug=slug), sort_order=position)
        for position, slug in enumerate(entry["members"])
    ]
    home.refresh_from_db()
    home.add_child(instance=page)
    editor = person(entry["editor"])
    roles.add_editor(editor, page=page)
    page.logo = _picture([entry["logo"]], title=entry["title"], collection=page.tree.collection)
    page.save_revision(user=editor).publish()
    for promotion in entry["promotions"]:
        _promotion(page, promotion, editor)


def _promotion(association: AssociationPage, entry: dict, editor) -> None:
    """Published at once, or a draft that publishes itself some days from now."""
    collection = association.tree.collection
    page = PromotionPage(
        title=entry["title"],
        slug=entry["slug"],
        summary=entry["summary"],
        image=_picture(entry["pictures"], title=entry["title"], collection=collection),
        body=_blocks(entry["body"], collection=collection),
        live=False,
        owner=editor,
    )
    association.refresh_from_db()
    association.add_child(instance=page)
    if entry["published"]:
        page.save_revision(user=editor).publish()
    else:
        page.go_live_at = timezone.now() + timedelta(days=entry["scheduled_in_days"])
        page.save_revision(user=editor).publish(user=editor)


def _picture(names: list[str], *, title: str, collection: Collection | None = None):
    Image = get_image_model()
    home = collection or Collection.get_first_root_node()
    return Image.objects.create(title=title, file=pictures.mosaic(names), collection=home)


def _blocks(entries: list[dict], *, collection: Collection | None = None) -> list[tuple[str, object]]:
    """The blocks of a page as its StreamField takes them."""
    return [(entry["type"], _READERS[entry["type"]](entry, collection)) for entry in entries]


def _hero(entry: dict, collection) -> dict:
    image = _picture(entry["pictures"], title=entry["title"], collection=collection)
    image.contextual_alt_text, image.decorative = "", True
    return {"title": entry["title"], "text": entry["text"], "image": image, "link": entry["link"]}


def _shelf(entry: dict, _collection) -> dict:
    return {
        "title": entry["title"],
        "products": [_sheet(path) for path in entry.get("products", [])],
        "shop": None,
        "category": Category.objects.get(name=entry["category"]) if "category" in entry else None,
        "limit": entry.get("limit") or len(entry["products"]),
        "fallback": entry["fallback"],
    }


def _shop_list(entry: dict, _collection) -> dict:
    return {"title": entry["title"], "shops": [Shop.objects.get(slug=slug) for slug in entry.get("shops", [])]}


def _steps(entry: dict, _collection) -> dict:
    return {"title": entry["title"], "steps": entry["steps"]}


def _event(entry: dict, _collection) -> dict:
    day = timezone.localdate() + timedelta(days=entry["in_days"])
    zone = ZoneInfo(settings.TIME_ZONE)
    begins, ends = (datetime.combine(day, time.fromisoformat(entry[name]), zone) for name in ("begins", "ends"))
    return {
        "title": entry["title"],
        "starts_at": begins,
        "ends_at": ends,
        "place": entry["place"],
        "text": entry["text"],
    }


def _text(entry: dict, _collection) -> str:
    return entry["text"]


_READERS = {
    "hero": _hero,
    "shelf": _shelf,
    "shop_list": _shop_list,
    "steps": _steps,
    "event": _event,
    "text": _text,
}


def _sheet(path: str) -> ProductSheet:
    """The product at "shop/reference"."""
    shop, reference = path.split("/")
    return ProductSheet.objects.get(shop__slug=shop, reference=reference)
