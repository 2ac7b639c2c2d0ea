"""What changes in the market changes in the search, in the same transaction."""

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from marketplace.search import index
from marketplace.search.models import SearchEntry
from shops.models import ProductSheet, Shop
from shops.signals import product_changed, products_changed, shop_changed


@receiver(product_changed, dispatch_uid="search_product_changed")
def _product_changed(sender, sheet, **kwargs):
    index.update_product(sheet)


@receiver(products_changed, dispatch_uid="search_products_changed")
def _products_changed(sender, sheets, **kwargs):
    index.update_products(sheets)


@receiver(shop_changed, dispatch_uid="search_shop_changed")
def _shop_changed(sender, shop, **kwargs):
    index.update_shop(shop)


@receiver([page_published, page_unpublished], dispatch_uid="search_page_changed")
def _page_changed(sender, instance, **kwargs):
    index.update_page(instance)


@receiver(post_delete, dispatch_uid="search_row_deleted")
def _row_deleted(sender, instance, **kwargs):
    if issubclass(sender, ProductSheet):
        index.remove(SearchEntry.Kind.PRODUCT, instance.pk)
    elif issubclass(sender, Shop):
        index.remove(SearchEntry.Kind.SHOP, instance.pk)
    elif sender is Page:
        index.remove(SearchEntry.Kind.PAGE, instance.pk)
