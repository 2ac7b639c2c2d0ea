"""Halles: the composition root. Knows every package; nobody imports it except for `marketplace.foundation`."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
