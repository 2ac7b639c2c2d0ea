"""Periodic work of the checkout."""

from celery import shared_task

from marketplace.checkout import unpaid


@shared_task
def forget_visitors():
    """Keep of nobody for longer than a day where an order came from."""
    unpaid.forget()
