"""Wagtail's background tasks go to Celery, after the commit, so that the worker never reads an uncommitted row."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import TaskResult, TaskResultStatus


class CeleryBackend(BaseTaskBackend):
    """Sends a django-tasks task to `run_wagtail_task`. Results are not kept: nightly index rebuilds mend a loss."""

    supports_async_task = False

    def enqueue(self, task, args, kwargs):
        from marketplace.foundation.tasks import run_wagtail_task

        self.validate_task(task)

        def send():
            run_wagtail_task.apply_async((task.module_path, list(args), dict(kwargs)))

        transaction.on_commit(send, robust=True)
        return TaskResult(
            task=task,
            id=str(uuid4()),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
