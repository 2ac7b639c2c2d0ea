"""Periodic work of collection: works off rows that are due, may run twice."""

from celery import shared_task

from pickup import collections


@shared_task
def keep_collections():
    """Close deposits, mark what is overdue, remind residents whose time ends soon."""
    collections.expire_due()
    collections.remind_due()
