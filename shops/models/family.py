"""A product that comes in several variants: a shirt in sizes and colours, a book in paper and cloth."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProductFamily(models.Model):
    """What its variants share: the shop, the title, and the names of one to three options ("size", "colour").

    Each variant is a product of its own, with price, stock, barcode and photo (`ProductSheet.family`).
    """

    MOST_OPTIONS = 3

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="families")
    title = models.CharField(_("name"), max_length=255)
    option_1 = models.CharField(_("first option"), max_length=30)
    option_2 = models.CharField(_("second option"), max_length=30, blank=True)
    option_3 = models.CharField(_("third option"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("product with variants")
        verbose_name_plural = _("products with variants")
        constraints = [
            models.UniqueConstraint(fields=["shop", "title"], name="family_title_once_per_shop"),
            models.UniqueConstraint(fields=["id", "shop"], name="family_of_one_shop"),  # what the sheets point at
            models.CheckConstraint(
                condition=~Q(option_1="") & (~Q(option_2="") | Q(option_3="")), name="family_options_in_order"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def options(self) -> list[str]:
        """The names of its options in their order, one to three."""
        return [name for name in (self.option_1, self.option_2, self.option_3) if name]
