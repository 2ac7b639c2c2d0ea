"""The life of a collection. Every function is one transaction that locks the Oscar order first; moves are told by
`pickup.signals.collection_moved` inside it."""

from pickup.collections.cold import cold_log
from pickup.collections.deposit_times import change_deposit_lead
from pickup.collections.ending import expire_due, overdue_goods, remind_due
from pickup.collections.extending import can_extend_until, extend
from pickup.collections.filling import close_deposits, deposit, deposit_at_counter, move_parcels
from pickup.collections.handing import collect, hand_over, move_to_counter
from pickup.collections.losing import lose
from pickup.collections.progress import Progress, doors_for, progress, shops_that_did_not_come, whereabouts
from pickup.collections.redirecting import redirect_displaced
from pickup.collections.reporting import answer_problem, can_report, report_problem, shops_concerned
from pickup.collections.reserving import confirm, release, reserve, withdraw
from pickup.collections.sharing import note_use, revoke, share

__all__ = [
    "Progress",
    "answer_problem",
    "can_extend_until",
    "can_report",
    "change_deposit_lead",
    "close_deposits",
    "cold_log",
    "collect",
    "confirm",
    "deposit",
    "deposit_at_counter",
    "doors_for",
    "expire_due",
    "extend",
    "hand_over",
    "lose",
    "move_parcels",
    "move_to_counter",
    "note_use",
    "overdue_goods",
    "progress",
    "redirect_displaced",
    "release",
    "remind_due",
    "report_problem",
    "reserve",
    "revoke",
    "share",
    "shops_concerned",
    "shops_that_did_not_come",
    "whereabouts",
    "withdraw",
]
