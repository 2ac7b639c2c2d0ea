"""Proof that the books agree: stock, orders, charges, refunds, transfers, commissions, ledger and Stripe, to the cent.

Each function yields `Difference`s; no difference means agreement. Nothing is corrected here.
"""

from shops.payments.books.at_stripe import balance_differences, stripe_differences
from shops.payments.books.differences import Difference, is_under_way, payments_to_compare
from shops.payments.books.goods import outcome_differences, stock_differences
from shops.payments.books.money import own_differences

__all__ = [
    "Difference",
    "balance_differences",
    "is_under_way",
    "outcome_differences",
    "own_differences",
    "payments_to_compare",
    "stock_differences",
    "stripe_differences",
]
