"""Periodic work of collection: works off rows that are due, may run twice."""

from celery import shared_task

from pickup import collections
from pickup.kpi import nightly
from pickup.operating import alarms, forgetting


@shared_task
def keep_collections():
    """Close deposits, mark what is overdue, find other places, remind residents whose time ends soon."""
    collections.expire_due()
    collections.redirect_displaced()
    collections.remind_due()


@shared_task
def keep_alarms():
    """Notice banks that say nothing and goods that nobody clears."""
    alarms.watch()


@shared_task
def forget_old_records():
    """Records of the lockers go after 18 months, names in them after 12."""
    forgetting.forget_old()


@shared_task
def count_days():
    """The numbers of each bank's last days, and what it has learnt of its stays."""
    nightly.count_banks()
