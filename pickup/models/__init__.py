"""Tables of collection: places, lockers, what waits in them, and what the lockers reported."""

from pickup.models.cold import Excursion, ZoneRecord
from pickup.models.collection import Collection, Leg
from pickup.models.device import Bank, ClassCapacity, Compartment, Zone
from pickup.models.event import BankCommand, BankEvent
from pickup.models.extension import Extension
from pickup.models.identity import BankIdentity, ProvisioningToken
from pickup.models.key import ServerKey
from pickup.models.leg_door import LegDoor
from pickup.models.operating import Alarm, CodeReading, OpeningRequest, PaperList, Round, RoundCheck, ServiceCode
from pickup.models.outage import Outage
from pickup.models.parcel import Parcel
from pickup.models.place import Point
from pickup.models.problem import EmptyDoor, Problem
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
    "CodeReading",
    "Collection",
    "Compartment",
    "DwellCurve",
    "EmptyDoor",
    "Excursion",
    "Extension",
    "Leg",
    "LegDoor",
    "OpeningRequest",
    "Outage",
    "PaperList",
    "Parcel",
    "Point",
    "Problem",
    "ProvisioningToken",
    "Refusal",
    "Round",
    "RoundCheck",
    "ServerKey",
    "Share",
    "ServiceCode",
    "Zone",
    "ZoneRecord",
]
