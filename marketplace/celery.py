"""The Celery application. The database is the truth: a task only works off rows that are due, and may run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.base")

app = Celery("halles")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
