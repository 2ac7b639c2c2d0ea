"""The life of an order between placing and hand-over: split, paid, answered, ready, collected; or cancelled, unpaid,
missing, not collected.

Every function is one transaction and locks Order, then ShopOrder, then stock. Whoever must know hears it from
`shops.signals`, inside that transaction. Oscar's own status is a mirror of ours: unpaid, paid or cancelled.
"""

from shops.orders.answering import NO_ANSWER, accept_all, answer, close_due, refuse_all
from shops.orders.cancelling import cancel
from shops.orders.errors import (
    AlreadyAnswered,
    AlreadyDebited,
    NotChosen,
    NotOffered,
    NotWeighed,
    NotYet,
    OrderError,
    TooLateToCancel,
    TooLateToChoose,
    WrongQuantity,
    WrongWeight,
)
from shops.orders.handing import MAX_BAGS, mark_collected, mark_no_show, mark_ready
from shops.orders.missing import mark_missing, note_late
from shops.orders.paying import confirm_payment
from shops.orders.replacing import choose
from shops.orders.ruining import mark_ruined
from shops.orders.splitting import answer_deadline, split
from shops.orders.weighing import weigh

__all__ = [
    "MAX_BAGS",
    "NO_ANSWER",
    "AlreadyAnswered",
    "AlreadyDebited",
    "NotChosen",
    "NotOffered",
    "NotWeighed",
    "NotYet",
    "OrderError",
    "TooLateToCancel",
    "TooLateToChoose",
    "WrongQuantity",
    "WrongWeight",
    "accept_all",
    "answer",
    "answer_deadline",
    "cancel",
    "choose",
    "close_due",
    "confirm_payment",
    "mark_collected",
    "mark_missing",
    "mark_no_show",
    "mark_ready",
    "mark_ruined",
    "note_late",
    "refuse_all",
    "split",
    "weigh",
]
