"""The pictures of a shop: one main photo and some more, each made small, turned and freed of what the camera noted."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from shops import deeds, photos, signals
from shops.models import Deed, Shop, ShopPicture

MOST = 8  # beside the main photo


class TooMany(photos.PhotoRefused):
    """A page that shows everything shows nothing."""

    def __init__(self):
        super().__init__(_("A shop shows %(most)s pictures at most: please remove one first.") % {"most": MOST + 1})


def add(shop: Shop, photo: ContentFile, *, alt: str = "", by) -> None:
    """Show one more accepted photo; the first of all becomes the main one. Raises `TooMany`."""
    with transaction.atomic():
        shop = Shop.objects.select_for_update().get(pk=shop.pk)
        if not shop.photo:
            photos.keep(shop, photo)
        elif shop.pictures.count() >= MOST:
            raise TooMany
        else:
            photos.keep(ShopPicture(shop=shop, alt=alt), photo)
        _changed(shop, by)


def put_first(picture: ShopPicture, *, by) -> None:
    """This one becomes the main photo, the main one takes its place."""
    with transaction.atomic():
        shop = Shop.objects.select_for_update().get(pk=picture.shop_id)
        first, other = picture.photo.name, shop.photo.name
        Shop.objects.filter(pk=shop.pk).update(photo=first)
        if other:
            ShopPicture.objects.filter(pk=picture.pk).update(photo=other)
        else:
            ShopPicture.objects.filter(pk=picture.pk).delete()
        _changed(shop, by)


def remove(picture: ShopPicture, *, by) -> None:
    """Show it no longer; its files go once the change is committed."""
    with transaction.atomic():
        photos.drop(picture)
        picture.delete()
        _changed(picture.shop, by)


def _changed(shop: Shop, by) -> None:
    deeds.note(shop, Deed.Kind.PICTURES, by=by)
    signals.shop_changed.send(Shop, shop=shop)
