"""States: one table of allowed moves per model, one door, one history row per move.

A move is a compare-and-swap (`UPDATE … WHERE status IN (…)`): of two racing callers exactly one gets `True`, and side
effects hang on that `True`. Nobody assigns `.status`.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone


class ForbiddenMove(Exception):
    """The row is in a state from which the wanted state cannot be reached; nothing was changed."""

    def __init__(self, row, wanted):
        self.row, self.wanted = row, wanted
        super().__init__(f"{row._meta.label} {row.pk} cannot move from {row.status} to {wanted}.")


class StateChange(models.Model):
    """One move of one row: append-only, readable by the help desk."""

    model = models.CharField(max_length=60)
    row = models.BigIntegerField()
    previous = models.CharField(max_length=24)
    current = models.CharField(max_length=24)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["model", "row", "at"])]

    def __str__(self):
        return f"{self.model} {self.row}: {self.previous} → {self.current}"


class Lifecycle(models.Model):
    """Base of every model with states. Subclasses give `status` its choices and fill `MOVES`."""

    MOVES: ClassVar[dict[str, set[str]]] = {}

    class Meta:
        abstract = True

    def can_move(self, to: str) -> bool:
        """Whether the table allows the move from the state this instance last saw."""
        return to in self.MOVES.get(self.status, ())

    def move(self, to: str, *, by=None, reason: str = "", **fields) -> bool:
        """Move to `to`, writing `fields` with it.

        True when this call moved it, False when it was already there. Raises `ForbiddenMove` when the table does not
        allow the move from the row's present state; the instance then carries that state.
        """
        sources = [state for state, targets in self.MOVES.items() if to in targets]
        model = type(self)
        with transaction.atomic():
            previous = self.status
            rows = model._base_manager.filter(pk=self.pk)
            moved = previous in sources and rows.filter(status=previous).update(status=to, **fields)
            if not moved:
                previous = rows.values_list("status", flat=True).get()
                if previous == to:
                    self.refresh_from_db()
                    return False
                moved = previous in sources and rows.filter(status=previous).update(status=to, **fields)
            if not moved:
                self.refresh_from_db()
                if self.status == to:
                    return False
                raise ForbiddenMove(self, to)
            StateChange.objects.create(
                model=model._meta.label_lower, row=self.pk, previous=previous, current=to, by=by, reason=reason[:200]
            )
        self.status = to
        for name, value in fields.items():
            setattr(self, name, value)
        return True

    def history(self):
        """The moves of this row, oldest first."""
        return StateChange.objects.filter(model=self._meta.label_lower, row=self.pk).order_by("at", "pk")
