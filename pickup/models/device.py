"""A locker bank: its controller, its zones of temperature, its doors."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pickup.models.key import new_pin_key
from pickup.protocol.configs import LONGEST_ANSWER_MINUTES
from shops.models import Temperature

UNREACHABLE_AFTER = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=24)


class Size(models.TextChoices):
    """Size classes, nested and in this order: what fits a class fits all later ones."""

    S = "S", _("small")
    M = "M", _("medium")
    L = "L", _("large")


class BankQuerySet(models.QuerySet):
    """Vocabulary of banks."""

    def with_doors(self):
        """With point, compartments and their zones."""
        return self.select_related("point").prefetch_related(
            models.Prefetch("compartments", Compartment.objects.select_related("zone"))
        )


class Bank(models.Model):
    """One wall of lockers with one controller. Its `code` is opaque and never reused."""

    point = models.OneToOneField("pickup.Point", on_delete=models.PROTECT, related_name="bank")
    code = models.CharField(_("code"), max_length=20, unique=True)
    pin_key = models.CharField(max_length=64, default=new_pin_key, editable=False)
    generation = models.PositiveIntegerField(_("generation of its identity"), default=0, editable=False)
    deposit_lead_hours = models.PositiveSmallIntegerField(
        _("hours before the window from which shops may deposit"),
        default=9,
        help_text=_("9 hours before 19:00 is 10:00, when yesterday's chilled goods have left."),
    )
    certainty = models.DecimalField(
        _("how sure it must be that a promised compartment is free"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.870"),
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal(1))],
        help_text=_(
            "1 keeps every compartment free until the end of its window. Below 1 the bank counts on goods being collected "
            "sooner, once it has seen 300 stays. In our model of a bank that is always full 0.87 serves a sixth more orders "
            "than 1 and sends 8 deposits in 1000 to the counter."
        ),
    )
    monthly_cost = models.DecimalField(
        _("cost per month in euros"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Rent, power, network, repairs: for the cost of one collection. Empty: not shown."),
    )
    answer_minutes = models.PositiveSmallIntegerField(
        _("minutes within which the help number is answered"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ANSWER_MINUTES)],
        help_text=_("At any hour; the screen of the bank says it. Only what is kept. Empty: nothing is promised."),
    )
    boot_id = models.BigIntegerField(default=0, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    cseq = models.BigIntegerField(default=0, editable=False)
    config_seq = models.BigIntegerField(default=0, editable=False)
    config_hash = models.CharField(max_length=80, blank=True, editable=False)
    applied_config = models.CharField(
        _("configuration in force at the bank"), max_length=80, blank=True, editable=False
    )
    list_seq = models.BigIntegerField(default=0, editable=False)
    list_etag = models.CharField(max_length=80, blank=True, editable=False)
    applied_etag = models.CharField(_("list in force at the bank"), max_length=80, blank=True, editable=False)
    snapshot = models.JSONField(default=dict, blank=True, editable=False)
    snapshot_taken = models.JSONField(default=list, blank=True, editable=False)  # [generation, boot_id, mono_ms]
    said = models.JSONField(
        default=dict, blank=True, editable=False
    )  # {clock, health}: what its computer says of itself
    last_seen_at = models.DateTimeField(_("last contact"), null=True, blank=True, editable=False)

    objects = BankQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("locker bank")
        verbose_name_plural = _("locker banks")
        constraints = [models.CheckConstraint(condition=~Q(pin_key=""), name="bank_has_pin_key")]

    def __str__(self):
        return f"{self.point} ({self.code})"

    def is_reachable(self, now: datetime | None = None) -> bool:
        """Whether it has been heard within five minutes."""
        return self.last_seen_at is not None and (now or timezone.now()) - self.last_seen_at < UNREACHABLE_AFTER

    def is_forgotten(self, now: datetime | None = None) -> bool:
        """Whether it has been silent so long (24 h) that nobody may plan with it."""
        return self.last_seen_at is None or (now or timezone.now()) - self.last_seen_at >= FORGOTTEN_AFTER


class Zone(models.Model):
    """Compartments that share one temperature and one probe."""

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="zones")
    temperature = models.CharField(_("temperature"), max_length=7, choices=Temperature)
    in_service = models.BooleanField(_("in service"), default=True)
    last_c = models.DecimalField(_("last reading in °C"), max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [models.UniqueConstraint(fields=["bank", "temperature"], name="one_zone_per_temperature")]

    def __str__(self):
        return f"{self.bank.code}: {self.get_temperature_display()}"


class CompartmentQuerySet(models.QuerySet):
    """Vocabulary of compartments."""

    def planned_with(self):
        """Whose door counts for reservations: it and its zone are in service."""
        return self.filter(service=Compartment.Service.IN_SERVICE, zone__in_service=True)


class Compartment(models.Model):
    """One box and its door. Service, door and contents are three independent axes; the fourth, allocation, follows from
    the legs bound to it."""

    class Service(models.TextChoices):
        IN_SERVICE = "in_service", _("in service")
        DRAINING = "draining", _("takes nothing new")
        OUT_OF_SERVICE = "out_of_service", _("out of service")
        QUARANTINED = "quarantined", _("blocked for a check")

    class Door(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        UNKNOWN = "unknown", _("unknown")

    class Contents(models.TextChoices):
        EMPTY = "empty", _("empty")
        OCCUPIED = "occupied", _("occupied")
        SUSPECT = "suspect", _("perhaps not empty")
        UNKNOWN = "unknown", _("unknown")

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="compartments")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="compartments")
    label = models.CharField(_("label"), max_length=20)
    side = models.PositiveSmallIntegerField(_("side"), default=1)
    column = models.PositiveSmallIntegerField(_("column"))
    row = models.PositiveSmallIntegerField(_("row, 1 is the highest"))
    size = models.CharField(_("size"), max_length=1, choices=Size)
    is_low = models.BooleanField(_("can be reached seated"), default=False)
    address = models.PositiveIntegerField(_("address of the lock"))
    service = models.CharField(_("service"), max_length=14, choices=Service, default=Service.IN_SERVICE)
    service_reason = models.CharField(_("reason"), max_length=120, blank=True)
    door = models.CharField(_("door"), max_length=7, choices=Door, default=Door.UNKNOWN)
    contents = models.CharField(_("contents"), max_length=8, choices=Contents, default=Contents.EMPTY)

    objects = CompartmentQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "side", "column", "row"]
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")
        constraints = [
            models.UniqueConstraint(fields=["bank", "label"], name="compartment_label_once"),
            models.UniqueConstraint(fields=["bank", "address"], name="compartment_address_once"),
            models.UniqueConstraint(fields=["bank", "side", "column", "row"], name="compartment_place_once"),
        ]

    def __str__(self):
        return self.label

    @property
    def is_in_service(self) -> bool:
        return self.service == self.Service.IN_SERVICE


class ClassCapacity(models.Model):
    """How many doors of one temperature and size a bank can plan with: the row that a reservation locks.

    Kept by `pickup.capacity.recount`.
    """

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="classes")
    temperature = models.CharField(max_length=7, choices=Temperature)
    size = models.CharField(max_length=1, choices=Size)
    doors = models.PositiveIntegerField(default=0)
    low_doors = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("capacity of a class")
        verbose_name_plural = _("capacity by class")
        constraints = [
            models.UniqueConstraint(fields=["bank", "temperature", "size"], name="class_once"),
            models.CheckConstraint(condition=Q(low_doors__lte=models.F("doors")), name="class_low_doors_bounds"),
        ]

    def __str__(self):
        return f"{self.bank.code} {self.temperature} {self.size}: {self.doors}"
