"""A code of its own for somebody whom the resident sends."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pickup.models.collection import Collection


class ShareQuerySet(models.QuerySet):
    """Vocabulary of shares."""

    def active(self):
        """Not withdrawn."""
        return self.filter(revoked_at=None)

    def revoked(self):
        """Withdrawn, of collections that a bank may still open: it must know of them."""
        return self.exclude(revoked_at=None).exclude(collection__status__in=Collection.ENDED)


class Share(models.Model):
    """One person besides the resident who may collect, with a PIN and a QR code of their own.

    It opens what the resident's code opens, can be withdrawn, and cannot be passed on: only the resident's page makes
    shares. A row stays after it was withdrawn, for the history and for banks that have not heard of it.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="shares")
    name = models.CharField(_("for whom"), max_length=40)
    jti = models.CharField(max_length=12, unique=True, editable=False)
    code_version = models.PositiveSmallIntegerField(default=1, editable=False)
    pin_mac = models.CharField(max_length=20, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("given on"), default=timezone.now)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("shared code")
        verbose_name_plural = _("shared codes")
        constraints = [
            models.UniqueConstraint(fields=["collection"], condition=Q(revoked_at=None), name="one_active_share"),
        ]
        indexes = [models.Index(fields=["pin_mac"], name="share_code")]

    def __str__(self):
        return f"{self.collection_id}: {self.name}"

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None

    @property
    def was_used_after_withdrawal(self) -> bool:
        """Whether a bank that had not heard of the withdrawal opened for it."""
        return self.revoked_at is not None and self.used_at is not None and self.used_at > self.revoked_at
