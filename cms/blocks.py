"""The building blocks of a page. What they show of the shops is looked up when the page is read."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from cms import shelves
from cms.choosers import CategoryChooserBlock, ProductChooserBlock, ShopChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class LinkValue(blocks.StructValue):
    """A link that knows where it leads."""

    @property
    def url(self) -> str:
        """The page's present address, else the typed one; empty when the page is gone or unpublished."""
        page = self.get("page")
        if page is not None:
            return page.url if page.live else ""
        return self.get("address") or ""


class LinkBlock(blocks.StructBlock):
    """A link to a page of the town or to any address."""

    label = blocks.CharBlock(label=_("words"), required=False, max_length=60)
    page = blocks.PageChooserBlock(label=_("page"), required=False)
    address = blocks.CharBlock(
        label=_("or address"), required=False, max_length=300, help_text=_("For example /boutiques/ or https://…")
    )

    class Meta:
        value_class = LinkValue
        icon = "link"
        label = _("link")

    def clean(self, value):
        value = super().clean(value)
        address = value.get("address") or ""
        is_local = address.startswith("/") and not address.startswith("//")
        if address and not is_local and not address.startswith("https://"):
            problem = ValidationError(_now("An address begins with / for this site or with https:// for another one."))
            raise StructBlockValidationError({"address": problem})
        if value.url and not value.get("label"):
            raise StructBlockValidationError({"label": ValidationError(_now("Say where the link leads."))})
        return value


class HeroBlock(blocks.StructBlock):
    """A large picture with a title and one link."""

    title = blocks.CharBlock(label=_("title"), max_length=90)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=400, rows=3)
    image = ImageBlock(label=_("picture"), required=False)
    link = LinkBlock(required=False)

    class Meta:
        template = "cms/blocks/hero.html"
        icon = "image"
        label = _("large picture")


class TextBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs):
        super().__init__(**({"features": TEXT_FEATURES} | kwargs))

    class Meta:
        template = "cms/blocks/text.html"
        icon = "pilcrow"
        label = _("text")


class ShelfBlock(blocks.StructBlock):
    """Products, looked up when the page is read: what is sold out, withdrawn or deleted is not shown."""

    title = blocks.CharBlock(label=_("title"), max_length=90)
    products = blocks.ListBlock(
        ProductChooserBlock(label=_("product"), required=False),
        label=_("chosen products"),
        help_text=_("Leave empty to show the newest products of the shop or category below."),
        default=[],
        max_num=24,
    )
    shop = ShopChooserBlock(label=_("shop"), required=False)
    category = CategoryChooserBlock(label=_("category"), required=False)
    limit = blocks.IntegerBlock(label=_("how many at most"), default=8, min_value=1, max_value=24)
    fallback = blocks.TextBlock(
        label=_("text when there is nothing to show"),
        required=False,
        max_length=200,
        rows=2,
        help_text=_("Without it the whole block is left out."),
    )

    class Meta:
        template = "cms/blocks/shelf.html"
        icon = "tag"
        label = _("products")

    def get_context(self, value, parent_context=None):
        sheets = shelves.goods(
            limit=value["limit"], shop=value["shop"], category=value["category"], chosen=value["products"]
        )
        return super().get_context(value, parent_context) | {"sheets": sheets}


class ShopListBlock(blocks.StructBlock):
    """Shops as cards."""

    title = blocks.CharBlock(label=_("title"), max_length=90)
    shops = blocks.ListBlock(
        ShopChooserBlock(label=_("shop"), required=False),
        label=_("shops"),
        help_text=_("Leave empty to show all shops."),
        default=[],
    )

    class Meta:
        template = "cms/blocks/shop_list.html"
        icon = "home"
        label = _("shops")

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | {"shops": shelves.shops(chosen=value["shops"])}


class StepsBlock(blocks.StructBlock):
    """How something works, in numbered steps."""

    title = blocks.CharBlock(label=_("title"), max_length=90)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("title"), max_length=60)),
                ("text", blocks.TextBlock(label=_("text"), max_length=240, rows=2)),
            ]
        ),
        label=_("steps"),
        min_num=2,
        max_num=6,
    )

    class Meta:
        template = "cms/blocks/steps.html"
        icon = "list-ol"
        label = _("steps")


class EventBlock(blocks.StructBlock):
    """When and where something takes place."""

    title = blocks.CharBlock(label=_("title"), max_length=90)
    starts_at = blocks.DateTimeBlock(label=_("begins"))
    ends_at = blocks.DateTimeBlock(label=_("ends"), required=False)
    place = blocks.CharBlock(label=_("place"), max_length=120)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=400, rows=3)

    class Meta:
        template = "cms/blocks/event.html"
        icon = "calendar-alt"
        label = _("event")

    def clean(self, value):
        value = super().clean(value)
        if value["ends_at"] and value["ends_at"] <= value["starts_at"]:
            raise StructBlockValidationError({"ends_at": ValidationError(_now("An event ends after its beginning."))})
        return value


PROMOTION_BLOCKS = [
    ("hero", HeroBlock()),
    ("text", TextBlock()),
    ("shelf", ShelfBlock()),
    ("shop_list", ShopListBlock()),
    ("event", EventBlock()),
]

HOME_BLOCKS = [
    ("steps", StepsBlock()),
    ("hero", HeroBlock()),
    ("text", TextBlock()),
    ("shelf", ShelfBlock()),
    ("shop_list", ShopListBlock()),
]
