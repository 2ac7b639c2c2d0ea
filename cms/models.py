"""The pages of the town: its home page, the trees of its associations, their promotions."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Collection, Orderable, Page, PagePermissionTester
from wagtail.search import index

from cms.addresses import validate_page_slug
from cms.blocks import HOME_BLOCKS, PROMOTION_BLOCKS, TEXT_FEATURES
from cms.forms import CopyPageForm, TextPageForm
from shops.models import Shop

PREVIEW_SIZES = [
    {"name": "phone", "icon": "mobile-alt", "device_width": 390, "label": _("Preview as on a phone")},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 820, "label": _("Preview as on a tablet")},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("Preview as on a computer")},
]


class TownPage(Page):
    """What all our pages share: preview at the width of a phone, and no address that belongs to the market."""

    copy_form_class = CopyPageForm

    class Meta:
        abstract = True

    @property
    def preview_sizes(self):
        return PREVIEW_SIZES

    def clean(self):
        super().clean()
        try:
            validate_page_slug(self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error


class HomePage(TownPage):
    """The first page of the market."""

    headline = models.CharField(_("headline"), max_length=90)
    lead = models.TextField(_("sentence below the headline"), max_length=300, blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
    )
    body = StreamField(HOME_BLOCKS, blank=True, verbose_name=_("content"))

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.AssociationPage", "cms.PromotionPage", "cms.TextPage"]
    max_count = 1
    template = "cms/home_page.html"

    content_panels = [
        *TownPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("headline"), FieldPanel("lead"), FieldPanel("image")], heading=_("top of the page")
        ),
        FieldPanel("body"),
    ]
    search_fields = [*TownPage.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        promotions = PromotionPage.objects.descendant_of(self).live().public().order_by("-first_published_at")
        associations = AssociationPage.objects.child_of(self).live().public()
        return super().get_context(request, *args, **kwargs) | {
            "promotions": promotions.select_related("image")[:3],
            "associations": associations.select_related("logo"),
        }


class AssociationRootPermissions(PagePermissionTester):
    """Editors of an association write its first page; taking it away or moving it is up to who may edit above it."""

    def _may_edit_above(self) -> bool:
        return self.page.get_parent().permissions_for_user(self.user).can_edit()

    def can_delete(self, ignore_bulk=False):
        return self._may_edit_above() and super().can_delete(ignore_bulk)

    def can_unpublish(self):
        return self._may_edit_above() and super().can_unpublish()


class AssociationPage(TownPage):
    """An association of shopkeepers: the root of its own tree of pages, and its members."""

    logo = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("logo"),
    )
    tagline = models.CharField(_("in one line"), max_length=160, blank=True)
    text = RichTextField(_("text"), blank=True, features=TEXT_FEATURES)
    legal_name = models.CharField(_("legal name"), max_length=160)
    rna = models.CharField(_("number in the register of associations (RNA)"), max_length=10, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PromotionPage", "cms.TextPage"]
    template = "cms/association_page.html"

    content_panels = [
        *TownPage.content_panels,
        FieldPanel("logo"),
        FieldPanel("tagline"),
        FieldPanel("text"),
        InlinePanel("members", heading=_("members"), label=_("shop")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("legal_name", "rna", "address", "email", "phone")],
            heading=_("legal identity"),
        ),
    ]
    search_fields = [*TownPage.search_fields, index.SearchField("tagline"), index.SearchField("text")]

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")

    def permissions_for_user(self, user):
        return AssociationRootPermissions(user, self)

    def get_context(self, request, *args, **kwargs):
        pages = self.get_children().live().public()
        return super().get_context(request, *args, **kwargs) | {
            "shops": Shop.objects.public().filter(associations__page=self).order_by("associations__sort_order"),
            "promotions": PromotionPage.objects.child_of(self).live().public().select_related("image"),
            "texts": pages.type(TextPage),
        }


class AssociationMember(Orderable):
    """A shop that belongs to an association."""

    page = ParentalKey(AssociationPage, on_delete=models.CASCADE, related_name="members")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="associations", verbose_name=_("shop"))

    panels = [FieldPanel("shop")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "shop"], name="association_member_once")]


class AssociationTree(models.Model):
    """Who writes the pages of an association (`group`) and where its pictures and documents are (`collection`).

    A table of its own, because the fields of a page come back from an old revision when it is restored.
    """

    page = models.OneToOneField(AssociationPage, on_delete=models.CASCADE, related_name="tree")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+")
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return str(self.group)


class PromotionPage(TownPage):
    """A campaign: blocks with live products. Wagtail's scheduled publishing gives it its beginning and end."""

    summary = models.CharField(_("summary for cards and search engines"), max_length=200, blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture for cards"),
    )
    body = StreamField(PROMOTION_BLOCKS, blank=True, verbose_name=_("content"))

    parent_page_types = ["cms.HomePage", "cms.AssociationPage"]
    subpage_types = []
    template = "cms/promotion_page.html"

    content_panels = [
        *TownPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [*TownPage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")


class TextPage(TownPage):
    """Plain text: legal notice, how it works, history of an association.

    A page of the town itself may have a `purpose`: then the footer links to it, and the last step of the checkout to the terms.
    """

    class Purpose(models.TextChoices):
        TERMS = "terms", _("terms of sale")
        WITHDRAWAL = "withdrawal", _("right of withdrawal")
        RANKING = "ranking", _("how products are ranked")
        PRIVACY = "privacy", _("privacy")
        ACCESSIBILITY = "accessibility", _("accessibility statement")
        LEGAL = "legal", _("legal notice")

    purpose = models.CharField(
        _("purpose"),
        max_length=20,
        choices=Purpose.choices,
        blank=True,
        help_text=_("Only for pages of the town itself: the market links to this page for this purpose."),
    )
    text = RichTextField(_("text"), features=TEXT_FEATURES)

    parent_page_types = ["cms.HomePage", "cms.AssociationPage"]
    subpage_types = []
    template = "cms/text_page.html"
    base_form_class = TextPageForm

    content_panels = [*TownPage.content_panels, FieldPanel("text")]
    settings_panels = [*TownPage.settings_panels, FieldPanel("purpose")]
    search_fields = [*TownPage.search_fields, index.SearchField("text")]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
