"""Periodic work of the shops. Each task works off rows that are due and may run twice."""

from celery import shared_task
from django.core.cache import cache

from shops import applying, leaving, orders, pending, suspending, taps, unmet
from shops.desk import day_sheets
from shops.orders import replacing, weighing
from shops.payments import sweep
from shops.tills import answers, calling, events, hooks

PICTURES_SECONDS = 50  # then the other tasks have their turn
CATALOGUES_SECONDS = 40
HOOKS_SECONDS = 30


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
    """The silence of a shop refuses, that of a resident takes nothing instead; goods that nobody weighed cost what their usual
    weight does; suspensions begin on their day."""
    orders.close_due()
    replacing.close_due()
    weighing.close_due()
    suspending.begin_due()


@shared_task
def send_day_sheets():
    """The orders of the day for shops without a computer, in the morning."""
    day_sheets.send_due()


@shared_task
def forget_taps():
    """Keys of taps that no phone will send again, answers that no till will ask for, old calls to shops, unwanted photos."""
    taps.forget()
    answers.forget()
    hooks.forget()
    pending.forget()


@shared_task
def call_hooks():
    """Number what has happened in shops, and tell their addresses; in one place of the house at a time, for a while."""
    if not cache.add("hooks at work", True, HOOKS_SECONDS * 3):
        return
    try:
        events.number_all()
        calling.work_due(seconds=HOOKS_SECONDS)
    finally:
        cache.delete("hooks at work")


@shared_task
def forget_searches():
    """What residents looked for more than 90 days ago."""
    unmet.forget()


@shared_task
def forget_applications():
    """Wishes of people who have not followed their link, and how one reached shops that left long ago."""
    applying.forget()
    leaving.forget_contacts()


@shared_task
def work_pictures():
    """Pictures that products wait for: one at a time in the whole house, so that no server is asked for two at once."""
    from shops.imports import pictures

    if not cache.add("pictures at work", True, PICTURES_SECONDS * 6):
        return
    try:
        pictures.work_due(seconds=PICTURES_SECONDS)
    finally:
        cache.delete("pictures at work")


@shared_task
def work_catalogues():
    """Catalogue files that are to be read, written or taken back: one worker at a time, so that the others sell."""
    from shops.imports import sending

    if not cache.add("catalogues at work", True, CATALOGUES_SECONDS * 6):
        return
    try:
        sending.work_due(seconds=CATALOGUES_SECONDS)
    finally:
        cache.delete("catalogues at work")


@shared_task
def forget_catalogues():
    """Catalogue files of long ago."""
    from shops.imports import sending

    sending.forget()
