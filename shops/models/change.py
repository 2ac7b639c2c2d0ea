"""Who changed what of a product, and when: what an undo goes back to, and what two editors are told of each other."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["ProductChange"]


class ProductChange(models.Model):
    """One field of one product from `old` to `new`, as `shops.changes` writes values. Rows of one `deed` are undone together.

    The keys of one product grow with time: they are drawn under the lock of its row. `by` is empty for files and tills.
    """

    sheet = models.ForeignKey("shops.ProductSheet", on_delete=models.CASCADE, related_name="changes")
    deed = models.UUIDField(default=uuid4, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    field = models.CharField(max_length=30)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)

    class Meta:
        verbose_name = _("change of a product")
        verbose_name_plural = _("changes of products")

    def __str__(self):
        return f"{self.field}: {self.old} → {self.new}"
