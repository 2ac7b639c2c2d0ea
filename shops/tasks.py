"""Periodic work of the shops. Each task works off rows that are due and may run twice."""

from celery import shared_task

from shops import orders
from shops.payments import sweep


@shared_task
def work_payments():
    """Everything that payments owe: calls, webhooks, payments that hang, orders that nobody paid."""
    sweep.work()


@shared_task
def catch_up_payments():
    """Webhooks that were lost, and shops whose account may have become payable."""
    sweep.catch_up()


@shared_task
def close_deadlines():
    """The silence of a shop refuses."""
    orders.close_due()
