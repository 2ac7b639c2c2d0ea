"""Makers of town pages and of an association's things."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Site

from cms.models import AssociationPage, HomePage, PromotionPage


def make_home() -> HomePage:
    """The town's home page, as root of the default site."""
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title="Accueil", slug="accueil", headline="Toute la ville")
    )
    Site.objects.update(root_page=home)
    return home


def make_association(home: HomePage, name: str = "Vitrines") -> AssociationPage:
    """A published association below the home page."""
    home.refresh_from_db()
    return home.add_child(instance=AssociationPage(title=name, slug=name.lower(), legal_name=f"{name}, association"))


def make_promotion(above, title: str = "Braderie", *, body=(), live: bool = True, **fields) -> PromotionPage:
    """A promotion below `above`."""
    above.refresh_from_db()
    slug = title.lower().replace(" ", "-")
    page = PromotionPage(title=title, slug=slug, body=list(body), live=live, **fields)
    return above.add_child(instance=page)


def make_image(title: str = "Affiche", *, collection: Collection | None = None):
    """A small picture in Wagtail's library."""
    written = BytesIO()
    PillowImage.new("RGB", (40, 30), "green").save(written, "PNG")
    written.seek(0)
    home = collection or Collection.get_first_root_node()
    return get_image_model().objects.create(title=title, file=ImageFile(written, "a.png"), collection=home)


def make_document(title: str = "Règlement", *, collection: Collection | None = None):
    """A text file in Wagtail's library."""
    home = collection or Collection.get_first_root_node()
    file = ContentFile(b"du texte", name="reglement.txt")
    return get_document_model().objects.create(title=title, file=file, collection=home)
