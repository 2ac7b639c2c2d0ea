"""The one door to Stripe: the only package of the application that imports `stripe`.

Each function takes our rows, makes one call and returns a small frozen value in integer cents (`answers.py`); each raises
only the `GatewayError`s of `errors.py`. Nothing here touches the database, and nothing here runs inside a transaction.
"""

from shops.payments.answers import Dispute, Line, Made, Movement, Notice, Page, Payability, Standing
from shops.payments.gateway.accounts import account_link, create_account, payability
from shops.payments.gateway.charging import cancel, capture, close_page, open_page, standing
from shops.payments.gateway.connection import CURRENCY, client, through
from shops.payments.gateway.notices import read_notice, undelivered
from shops.payments.gateway.sending import (
    dispute,
    movements,
    refund,
    refunds_of,
    reversals_of,
    reverse,
    transfer,
    transfers_of,
)

__all__ = [
    "CURRENCY",
    "Dispute",
    "Line",
    "Made",
    "Movement",
    "Notice",
    "Page",
    "Payability",
    "Standing",
    "account_link",
    "cancel",
    "capture",
    "client",
    "close_page",
    "create_account",
    "dispute",
    "movements",
    "open_page",
    "payability",
    "read_notice",
    "refund",
    "refunds_of",
    "reversals_of",
    "reverse",
    "standing",
    "through",
    "transfer",
    "transfers_of",
    "undelivered",
]
