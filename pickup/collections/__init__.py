"""The life of a collection. Every function is one transaction that locks the Oscar order first; moves are told by
`pickup.signals.collection_moved` inside it."""

from pickup.collections.ending import expire_due, remind_due
from pickup.collections.filling import close_deposits, deposit, deposit_at_counter, move_parcels
from pickup.collections.handing import collect, hand_over, move_to_counter
from pickup.collections.progress import Progress, progress, whereabouts
from pickup.collections.reserving import confirm, release, reserve, withdraw

__all__ = [
    "Progress",
    "close_deposits",
    "collect",
    "confirm",
    "deposit",
    "deposit_at_counter",
    "expire_due",
    "hand_over",
    "move_parcels",
    "move_to_counter",
    "progress",
    "release",
    "remind_due",
    "reserve",
    "whereabouts",
    "withdraw",
]
