"""What banks reported and what they were told. Append-only for the help desk: refused attempts too."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Evidence in disputes about payments and hand-overs (docs/operating.md).
KEPT_FOR = timedelta(days=548)


class Kept(Exception):
    """Somebody tried to change or to drop what a bank reported."""


class BankEventQuerySet(models.QuerySet):
    """Vocabulary of events. What a bank reported is never changed, and not dropped before its time."""

    def delete(self):
        raise Kept("What a bank reported is kept.")

    def forget_old(self, now: datetime) -> int:
        """Drop what is older than 18 months and was applied; the number dropped."""
        return models.QuerySet.delete(self.filter(at__lt=now - KEPT_FOR).exclude(applied_at=None))[0]

    def waiting(self):
        """Stored and not yet applied, in the order in which they happened."""
        return self.filter(applied_at=None).order_by("generation", "boot_id", "seq")

    def stirring(self):
        """Those that wait and may change more than the bank's own rows, once their turn has come."""
        return self.filter(applied_at=None).exclude(type=BankEvent.OUTCOME)


class BankEvent(models.Model):
    """One event or command outcome; `(bank, generation, boot_id, seq)` names it for ever.

    A new identity may come with a new journal, which counts its boots from 1 again: hence the generation.
    """

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="events")
    generation = models.PositiveIntegerField()
    boot_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    type = models.CharField(_("event"), max_length=60)
    at = models.DateTimeField(_("happened"))
    data = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(_("could not be applied because"), max_length=300, blank=True)

    OUTCOME = "command.outcome"
    OURS = {"applied_at", "problem"}
    """What this server adds to an event."""

    objects = BankEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a bank")
        verbose_name_plural = _("events of banks")
        constraints = [models.UniqueConstraint(fields=["bank", "generation", "boot_id", "seq"], name="bank_event_once")]
        indexes = [
            models.Index(fields=["bank", "-at"]),
            models.Index(fields=["bank"], condition=models.Q(applied_at=None), name="bank_event_waiting"),
        ]

    def __str__(self):
        return f"{self.type} {self.boot_id}/{self.seq}"

    def save(self, **options):
        """A new event, or only what became of it here."""
        if not self._state.adding and not set(options.get("update_fields") or ["all"]) <= self.OURS:
            raise Kept("What a bank reported is not changed.")
        super().save(**options)

    def delete(self, **options):
        raise Kept("What a bank reported is kept.")


class BankCommandQuerySet(models.QuerySet):
    """Vocabulary of commands."""

    def unanswered(self, now=None):
        """Still worth sending: no final answer, not too old; lowest number first."""
        return self.filter(outcome="", not_after__gt=now or timezone.now()).order_by("cseq")


class BankCommand(models.Model):
    """One signed order to a bank. `command_id` names the intent; each reply repeats it until a final answer is stored."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="commands")
    type = models.CharField(_("command"), max_length=60)
    command_id = models.CharField(max_length=26, unique=True)
    cseq = models.BigIntegerField()
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    not_after = models.DateTimeField(_("valid until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=60)
    note = models.CharField(_("note"), max_length=120, blank=True)
    data = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=30, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects = BankCommandQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_after"], condition=models.Q(outcome=""), name="bank_command_unanswered"),
        ]
        verbose_name = _("command to a bank")
        verbose_name_plural = _("commands to banks")
        constraints = [models.UniqueConstraint(fields=["bank", "cseq"], name="bank_command_number_once")]

    def __str__(self):
        return f"{self.type} {self.cseq}"

    def is_alive(self) -> bool:
        """Whether the bank may still fetch it."""
        return self.outcome == "" and self.not_after > timezone.now()
