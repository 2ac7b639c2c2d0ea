"""The Celery application. The database is the truth: a task only works off rows that are due, and may run twice."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.base")

app = Celery("halles")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def verify_instance(**kwargs):
    """Like the web site: no work where settings and instance row disagree about real money."""
    from shops.payments import instance

    instance.verify()
