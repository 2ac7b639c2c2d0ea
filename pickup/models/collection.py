"""One order's collection, and its legs by temperature."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle
from pickup.models.device import Size
from shops.models import Payment, Temperature

REMINDER_BEFORE_END = timedelta(hours=3)
# A resident who comes a little late still gets food; later only a shop or an operator opens.
FOOD_GRACE = timedelta(minutes=30)


def random_number() -> int:
    """A reservation number on the wire: 63 random bits, never 0."""
    return secrets.randbelow(2**63 - 1) + 1


class CollectionQuerySet(models.QuerySet):
    """Vocabulary of collections."""

    def waiting(self):
        """Goods are there and can be handed over."""
        return self.filter(status__in=Collection.WAITING)

    def waiting_at(self, point):
        """Of which this place has goods to hand out: all that wait at it, and those of which it is the counter of a part."""
        part = Leg.objects.filter(collection=OuterRef("pk"), status=Leg.Status.AT_COUNTER, counter=point)
        return self.waiting().filter(Q(point=point) | Exists(part))

    def live(self):
        """Neither ended nor unpaid."""
        return self.filter(status__in=Collection.LIVE)

    def captured(self):
        """The resident's card has been debited: shops may deposit."""
        taken = Payment.objects.filter(order=OuterRef("order"), status__in=Payment.TAKEN)
        return self.filter(Exists(taken))

    def ending_soon(self, now: datetime):
        """Waiting, within three hours of the end, and nobody has been reminded."""
        return self.filter(
            status__in=[Collection.Status.READY, Collection.Status.PARTIAL_READY],
            reminded_at=None,
            ends_at__gt=now,
            ends_at__lte=now + REMINDER_BEFORE_END,
        )


class Collection(Lifecycle):
    """The promise to the resident: this place, this window, one code for everything.

    held → confirmed → depositing → ready → collected
    held, confirmed, depositing → released (not paid, cancelled, or nothing came)
    depositing → partial_ready (a shop did not come) → ready, collected
    ready, partial_ready → overdue → collected, or where it stood (the bank was out of order)
    any with goods → at_counter → collected, released (not collected)
    ready, partial_ready → released (spoiled in the locker)
    ready, partial_ready, overdue, at_counter, collected → disputed (goods are missing) → where it stood, by an answer
    """

    class Status(models.TextChoices):
        HELD = "held", _("waiting for the payment")
        CONFIRMED = "confirmed", _("being prepared")
        DEPOSITING = "depositing", _("being deposited")
        READY = "ready", _("ready to collect")
        PARTIAL_READY = "partial_ready", _("ready in part")
        COLLECTED = "collected", _("collected")
        OVERDUE = "overdue", _("not collected in time")
        AT_COUNTER = "at_counter", _("waiting at the counter")
        DISPUTED = "disputed", _("goods are missing")
        RELEASED = "released", _("ended without collection")

    MOVES = {
        Status.HELD: {Status.CONFIRMED, Status.RELEASED},
        Status.CONFIRMED: {Status.DEPOSITING, Status.RELEASED},
        Status.DEPOSITING: {Status.READY, Status.PARTIAL_READY, Status.COLLECTED, Status.AT_COUNTER, Status.RELEASED},
        Status.PARTIAL_READY: {
            Status.READY,
            Status.COLLECTED,
            Status.OVERDUE,
            Status.AT_COUNTER,
            Status.DISPUTED,
            Status.RELEASED,
        },
        Status.READY: {Status.COLLECTED, Status.OVERDUE, Status.AT_COUNTER, Status.DISPUTED, Status.RELEASED},
        Status.OVERDUE: {
            Status.READY,
            Status.PARTIAL_READY,
            Status.COLLECTED,
            Status.AT_COUNTER,
            Status.RELEASED,
            Status.DISPUTED,
        },
        Status.AT_COUNTER: {Status.COLLECTED, Status.RELEASED, Status.DISPUTED},
        Status.COLLECTED: {Status.DISPUTED},
        Status.DISPUTED: {
            Status.READY,
            Status.PARTIAL_READY,
            Status.OVERDUE,
            Status.AT_COUNTER,
            Status.COLLECTED,
            Status.RELEASED,
        },
    }
    ENDED = [Status.COLLECTED, Status.RELEASED]
    WAITING = [Status.READY, Status.PARTIAL_READY, Status.OVERDUE, Status.AT_COUNTER, Status.DISPUTED]
    LIVE = [Status.CONFIRMED, Status.DEPOSITING, *WAITING]

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="collection")
    point = models.ForeignKey("pickup.Point", on_delete=models.PROTECT, related_name="collections")
    status = models.CharField(_("status"), max_length=13, choices=Status, default=Status.HELD)
    number = models.BigIntegerField(unique=True, default=random_number, editable=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    deposit_from = models.DateTimeField(_("shops may deposit from"))
    held_until = models.DateTimeField(_("to be paid by"))
    low_door = models.BooleanField(_("low door"), default=False)
    code_bank = models.ForeignKey(
        "pickup.Bank", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    code_version = models.PositiveSmallIntegerField(default=1, editable=False)
    pin_mac = models.CharField(max_length=20, blank=True, editable=False)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    collected_at = models.DateTimeField(_("collected"), null=True, blank=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="collection_window_in_order"),
            models.CheckConstraint(condition=Q(deposit_from__lte=F("starts_at")), name="collection_deposit_first"),
            models.UniqueConstraint(
                fields=["code_bank", "pin_mac"],
                condition=~Q(pin_mac="") & ~Q(status__in=["collected", "released", "disputed"]),
                name="live_code_once_per_bank",
            ),
        ]
        indexes = [
            models.Index(fields=["point", "status", "ends_at"]),
            models.Index(fields=["status", "ends_at"]),
            models.Index(fields=["pin_mac"], name="collection_code"),
        ]

    def __str__(self):
        return f"{self.order_id}: {self.point} ({self.status})"

    @property
    def is_waiting(self) -> bool:
        """Whether goods can be handed over."""
        if self.status == self.Status.DISPUTED:  # some may be in the resident's hands already
            return self.legs.filter(status__in=Leg.COLLECTABLE).exists()
        return self.status in self.WAITING


# Written with OR, in the query as in the index: SQLite takes a partial index for bound values only when the words agree.
NEEDS_DOOR = Q(status="reserved") | Q(status="depositing") | Q(status="ready")


class LegQuerySet(models.QuerySet):
    """Vocabulary of legs."""

    def planned(self, now: datetime):
        """Which need a door: not ended, and not of a hold that has run out."""
        return self.filter(NEEDS_DOOR).exclude(
            collection__status=Collection.Status.HELD, collection__held_until__lte=now
        )

    def behind(self, **door):
        """Which are inside behind a door, their own or a further one; `door` names it as a filter of compartments does."""
        own = Q(**{f"compartment__{name}": value for name, value in door.items()})
        further = Q(**{f"more_doors__compartment__{name}": value for name, value in door.items()})
        return self.filter(own | further, status__in=Leg.INSIDE).distinct()

    def by_compartment(self, banks) -> dict[int, "Leg"]:
        """The legs inside these banks, by the key of each of their doors."""
        inside = self.filter(status__in=Leg.INSIDE, compartment__bank__in=banks).prefetch_related("more_doors")
        return {door: leg for leg in inside for door in leg.door_ids}


class Leg(Lifecycle):
    """The goods of one temperature of one collection, in a compartment chosen at the first deposit, and in further ones (`more_doors`).

    reserved → depositing → ready → collected; reserved → released; with goods → at_counter → collected, released
    """

    class Status(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        DEPOSITING = "depositing", _("being deposited")
        READY = "ready", _("ready")
        COLLECTED = "collected", _("collected")
        AT_COUNTER = "at_counter", _("at the counter")
        RELEASED = "released", _("released")

    MOVES = {
        Status.RESERVED: {Status.DEPOSITING, Status.RELEASED},
        Status.DEPOSITING: {Status.READY, Status.AT_COUNTER, Status.RELEASED},
        Status.READY: {Status.COLLECTED, Status.AT_COUNTER, Status.RELEASED},
        Status.AT_COUNTER: {Status.COLLECTED, Status.RELEASED},
        Status.RELEASED: {Status.DEPOSITING},  # a shop that was given up came all the same
    }
    INSIDE = [Status.DEPOSITING, Status.READY]
    PLANNED = [Status.RESERVED, *INSIDE]
    COLLECTABLE = [Status.READY, Status.AT_COUNTER]

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="legs")
    temperature = models.CharField(_("temperature"), max_length=7, choices=Temperature)
    size = models.CharField(_("size"), max_length=1, choices=Size, blank=True)
    volume_l = models.DecimalField(_("volume in litres"), max_digits=8, decimal_places=2)
    keeps_until = models.DateTimeField(
        _("the food keeps until"),
        null=True,
        blank=True,
        help_text=_("Empty: the goods keep longer than anybody waits."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RESERVED)
    compartment = models.ForeignKey(
        "pickup.Compartment", null=True, blank=True, on_delete=models.PROTECT, related_name="legs"
    )
    counter = models.ForeignKey(
        "pickup.Point",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Where its goods were brought when somebody took them out of the locker."),
    )
    collected_at = models.DateTimeField(_("collected"), null=True, blank=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "temperature"], name="one_leg_per_temperature"),
            models.UniqueConstraint(
                fields=["compartment"], condition=Q(status__in=["depositing", "ready"]), name="one_leg_per_compartment"
            ),
        ]
        indexes = [
            models.Index(fields=["status"]),
            models.Index(fields=["collection"], condition=NEEDS_DOOR, name="leg_needs_door"),
        ]

    def __str__(self):
        return f"{self.collection_id} {self.temperature} ({self.status})"

    @property
    def door_ids(self) -> list[int]:
        """The compartments that its goods may be in, its own first."""
        own = [self.compartment_id] if self.compartment_id else []
        return [*own, *(door.compartment_id for door in self.more_doors.all())]

    @property
    def doors(self) -> list:
        """The same as compartments, for those who prefetched `more_doors__compartment`."""
        own = [self.compartment] if self.compartment else []
        return [*own, *(door.compartment for door in self.more_doors.all())]

    @property
    def hard_exp(self) -> datetime | None:
        """When the bank stops opening for the resident: he may be a little late for his food, not more."""
        return None if self.keeps_until is None else self.keeps_until + FOOD_GRACE
