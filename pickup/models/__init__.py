"""Tables of collection: places, lockers, what waits in them, and what the lockers reported."""

from pickup.models.cold import Excursion, ZoneRecord
from pickup.models.collection import Collection, Leg, Parcel
from pickup.models.device import Bank, ClassCapacity, Compartment, Zone
from pickup.models.event import BankCommand, BankEvent
from pickup.models.extension import Extension
from pickup.models.identity import BankIdentity
from pickup.models.key import ServerKey
from pickup.models.leg_door import LegDoor
from pickup.models.operating import Alarm, OpeningRequest, Round, RoundCheck, ServiceCode
from pickup.models.outage import Outage
from pickup.models.place import Point
from pickup.models.problem import Problem
from pickup.models.share import Share
from pickup.models.trace import BankDay, DwellCurve, Refusal

__all__ = [
    "Alarm",
    "Bank",
    "BankCommand",
    "BankDay",
    "BankEvent",
    "BankIdentity",
    "ClassCapacity",
    "Collection",
    "Compartment",
    "DwellCurve",
    "Excursion",
    "Extension",
    "Leg",
    "LegDoor",
    "OpeningRequest",
    "Outage",
    "Parcel",
    "Point",
    "Problem",
    "Refusal",
    "Round",
    "RoundCheck",
    "ServerKey",
    "Share",
    "ServiceCode",
    "Zone",
    "ZoneRecord",
]
