"""Periodic work of the foundation."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

from marketplace.foundation import messages


@shared_task
def send_messages():
    """Send what is due."""
    messages.send_due()


@shared_task
def run_wagtail_task(path: str, args: list, kwargs: dict):
    """Run one of Wagtail's own background tasks."""
    import_string(path).call(*args, **kwargs)


@shared_task
def tidy():
    """Forget what nobody needs: expired sessions and used-up rate limits."""
    from marketplace.foundation.ratelimits import RateLimit

    call_command("clearsessions")
    RateLimit.objects.filter(ends_at__lt=timezone.now()).delete()
