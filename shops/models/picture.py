"""Pictures that products are waiting for: from an address, or from an archive that their shop has sent."""

from uuid import uuid4

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone


def private_storage():
    """Files that no address leads to."""
    return storages["private"]


def _file_name(archive, name: str) -> str:
    return f"pictures/{uuid4().hex}"


class PictureArchive(models.Model):
    """A ZIP of pictures, kept until the last product has got its own out of it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="picture_archives")
    file = models.FileField(upload_to=_file_name, storage=private_storage)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"Pictures of {self.shop_id}, {self.created_at:%d/%m/%Y}"


class PictureWantedQuerySet(models.QuerySet):
    """Vocabulary of wanted pictures."""

    def waiting(self):
        """Not there yet, and not given up."""
        return self.filter(got_at=None, is_given_up=False)

    def due(self, now=None):
        """Waiting, and their time has come."""
        return self.waiting().filter(try_at__lte=now or timezone.now()).order_by("try_at", "pk")


class PictureWanted(models.Model):
    """The picture that one product is to get: `sources` are tried in their order. It stays when the picture is there, so that
    the same file imported twice fetches nothing again."""

    sheet = models.OneToOneField("shops.ProductSheet", on_delete=models.CASCADE, related_name="wanted_picture")
    archive = models.ForeignKey(PictureArchive, null=True, on_delete=models.CASCADE, related_name="wanted")
    sources = models.JSONField()  # addresses, or names of files in the archive
    alt = models.CharField(max_length=160, blank=True)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    got_at = models.DateTimeField(null=True, blank=True)
    is_given_up = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)

    objects = PictureWantedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], condition=Q(got_at=None, is_given_up=False), name="picture_due"),
        ]

    def __str__(self):
        return f"Picture of {self.sheet_id}"
