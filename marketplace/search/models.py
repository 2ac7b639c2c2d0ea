"""The one table that a search reads; the words of it are indexed by the database (migration 0002)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What can be found of a product, a shop or a page. Price, stock and photo are read from their own rows."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product")
        SHOP = "shop", _("shop")
        PAGE = "page", _("page")

    kind = models.CharField(max_length=7, choices=Kind)
    object_id = models.PositiveBigIntegerField()  # ProductSheet, Shop or wagtail Page
    title = models.CharField(max_length=255)
    ean = models.CharField(max_length=13, blank=True, db_index=True)
    title_stems = models.TextField(blank=True)  # " pain chocolat ", between spaces so that `contains` finds whole words
    text = models.TextField()  # stems of everything, separated by spaces

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self):
        return self.title
