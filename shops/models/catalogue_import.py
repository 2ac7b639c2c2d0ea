"""Catalogue files that a shop has sent: what each row would do, what it did, and what it was like before."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle
from shops.models.picture import private_storage


def _file_name(row, name: str) -> str:
    return f"catalogues/{uuid4().hex}"


class CatalogueImportQuerySet(models.QuerySet):
    """Vocabulary of catalogue files."""

    def due(self):
        """A worker has something to do."""
        status = CatalogueImport.Status
        return self.filter(status__in=(status.PENDING, status.RUNNING, status.UNDOING)).order_by("pk")


class CatalogueImport(Lifecycle):
    """A catalogue file: pending -> previewed -> running -> done -> undoing -> undone; pending -> unreadable.

    Until somebody confirms nothing is written. Rows are worked off in parts, each in a transaction, by whichever worker
    comes: a killed one loses nothing.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("being read")
        UNREADABLE = "unreadable", _("unreadable")
        PREVIEWED = "previewed", _("to be confirmed")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    MOVES = {
        Status.PENDING: {Status.PREVIEWED, Status.UNREADABLE},
        Status.PREVIEWED: {Status.PENDING, Status.RUNNING},  # pending again: with other columns or categories
        Status.RUNNING: {Status.DONE},
        Status.DONE: {Status.UNDOING},
        Status.UNDOING: {Status.UNDONE},
    }

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="catalogue_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    file = models.FileField(upload_to=_file_name, storage=private_storage, blank=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="fr")  # in which refusals are worded
    format = models.CharField(max_length=4, blank=True)
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    dialect = models.CharField(max_length=20, blank=True)  # the system that wrote it, "" for a table like any other
    headers = models.JSONField(default=list)
    placed = models.JSONField(null=True)  # field -> position; None until the file is read or somebody has chosen
    notes = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    open_aisles = models.JSONField(default=dict)  # foreign categories that nobody has translated -> rows
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["shop", "-created_at"])]

    def __str__(self):
        return f"{self.name}, {self.created_at:%d/%m/%Y}"


class CatalogueRowQuerySet(models.QuerySet):
    """Vocabulary of rows."""

    def to_write(self):
        """Chosen, changing something, and not yet written."""
        return self.filter(verdict__in=("create", "change"), is_chosen=True, outcome="")

    def written(self):
        """They have changed the shelf, and nobody has undone it."""
        return self.filter(outcome__in=("create", "change"), undone="")


class CatalogueRow(models.Model):
    """One row: its cells, what it would do, what it did. `changes` is what the preview shows, once written what was done."""

    class Undone(models.TextChoices):
        BACK = "back", _("taken back")
        SOLD = "sold", _("hidden: it is part of orders")
        EDITED = "edited", _("left: somebody has changed it since")
        GONE = "gone", _("no longer there")

    file = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    verdict = models.CharField(max_length=7)  # shops.imports.verdicts
    key = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255, blank=True)
    problems = models.JSONField(default=list)  # [field, sentence]
    changes = models.JSONField(default=dict)  # field -> [neutral text before, after]
    is_chosen = models.BooleanField(default=True)
    outcome = models.CharField(max_length=7, blank=True)
    undone = models.CharField(max_length=6, blank=True, choices=Undone)
    sheet = models.ForeignKey("shops.ProductSheet", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = CatalogueRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="row_once_per_line")]
        indexes = [models.Index(fields=["file", "verdict", "line"]), models.Index(fields=["file", "key"])]

    def __str__(self):
        return f"{self.line}: {self.title}"


class CategoryTranslation(models.Model):
    """What a shop's other system calls a category, and which of ours that is; None: none of ours."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="category_translations")
    theirs = models.CharField(max_length=255)
    ours = models.ForeignKey("catalogue.Category", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "theirs"], name="category_translated_once")]

    def __str__(self):
        return f"{self.theirs} → {self.ours}"
