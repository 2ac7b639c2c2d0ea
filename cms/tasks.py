"""Periodic work of the pages."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_pages():
    """Publish what is due and take off what has ended. May run twice."""
    call_command("publish_scheduled")
