"""Tables of collection: places, lockers, what waits in them, and what the lockers reported."""

from pickup.models.collection import Collection, Leg, Parcel
from pickup.models.device import Bank, ClassCapacity, Compartment, Zone
from pickup.models.event import BankCommand, BankEvent
from pickup.models.key import ServerKey
from pickup.models.place import Point
from pickup.models.trace import BankDay, DwellCurve, Refusal

__all__ = [
    "Bank",
    "BankCommand",
    "BankDay",
    "BankEvent",
    "ClassCapacity",
    "Collection",
    "Compartment",
    "DwellCurve",
    "Leg",
    "Parcel",
    "Point",
    "Refusal",
    "ServerKey",
    "Zone",
]
