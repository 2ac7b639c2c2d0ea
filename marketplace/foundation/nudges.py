"""A nudge tells the worker that rows are due. Losing one costs a sweep interval, never the work."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)


def nudge(task) -> None:
    """Send the Celery `task` after the commit of the running transaction; a broker that is down is logged, never raised."""

    def send():
        try:
            task.apply_async(expires=60)
        except Exception:  # any broker's any error: the beat sweep will do the work
            logger.warning("Nudge %s was not sent; the next sweep works the rows off.", task.name, exc_info=True)

    transaction.on_commit(send, robust=True)
