"""What residents looked for and nobody sells: counted words, and nothing of who asked."""

from django.db import models


class UnmetSearch(models.Model):
    """How often something was searched on one day without a product or shop being found.

    Only plain words come here (`shops.unmet`), each visitor counts once a day, and rows live for 90 days.
    """

    key = models.CharField(max_length=40)  # folded: without accents or case
    words = models.CharField(max_length=40)  # as somebody first typed them
    on = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "on"], name="unmet_search_once")]
        indexes = [models.Index(fields=["on"], name="unmet_search_on")]

    def __str__(self):
        return f"{self.words}: {self.times}"
