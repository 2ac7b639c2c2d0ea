"""How well a bank works, in numbers."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.foundation.csv_files import csv_file
from pickup.models import Bank
from pickup.operating import figures
from pickup.operating.rights import operators_only


@operators_only
@require_safe
def figures_page(request, pk):
    """The last four weeks."""
    bank = get_object_or_404(Bank.objects.select_related("point"), pk=pk)
    context = {"bank": bank, "page": figures.page(bank, timezone.now())}
    return render(request, "pickup/operating/figures.html", context)


@operators_only
@require_safe
def days(request, pk):
    """Every day of the bank as CSV."""
    bank = get_object_or_404(Bank, pk=pk)
    return csv_file(figures.rows_of_days(bank), bank.code)
