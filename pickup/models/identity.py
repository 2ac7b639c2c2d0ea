"""Who a bank is to the server, from one provisioning to the next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BankIdentityQuerySet(models.QuerySet):
    """Vocabulary of identities."""

    def live(self):
        """Those that may speak: one per bank at most."""
        return self.filter(disabled_at=None)


class BankIdentity(models.Model):
    """The secrets and names of one generation. A former one is disabled and stays: its names are never given again."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="identities")
    generation = models.PositiveIntegerField(_("generation"))
    secret_hash = models.CharField(max_length=64)
    secret_number = models.PositiveIntegerField(default=1)
    next_secret = models.CharField(max_length=64, blank=True)
    """On its way to the bank with its configuration; gone from here as soon as the bank has used it."""
    device_key = models.CharField(max_length=64, blank=True)
    """Public Ed25519 key of the bank's computer, base64url; its private half never left it."""
    mqtt_user = models.CharField(max_length=32, unique=True)
    mqtt_hash = models.CharField(max_length=160)
    """The password at the broker, as Mosquitto keeps it."""
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    disabled_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = BankIdentityQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "-generation"]
        verbose_name = _("identity of a bank")
        verbose_name_plural = _("identities of banks")
        constraints = [
            models.UniqueConstraint(fields=["bank", "generation"], name="bank_generation_once"),
            models.UniqueConstraint(fields=["bank"], condition=Q(disabled_at=None), name="one_live_identity"),
        ]

    def __str__(self):
        return f"{self.bank.code} {self.generation}"


class ProvisioningToken(models.Model):
    """That somebody was shown a one-time token, and why. Of one bank the newest alone is good, once; its text is kept nowhere."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="provisioning_tokens")
    generation = models.PositiveIntegerField(_("generation"))
    """Of the identity that it promises."""
    why = models.CharField(_("reason"), max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("one-time token")
        verbose_name_plural = _("one-time tokens")

    def __str__(self):
        return f"{self.bank_id} {self.generation} {self.given_at:%Y-%m-%d %H:%M}"
