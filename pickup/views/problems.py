"""What residents have reported: who waits for an answer, and the answers, which are sent."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pickup import collections
from pickup.errors import PickupError
from pickup.forms import AnswerForm
from pickup.models import Problem
from pickup.operating.computer import ago
from pickup.operating.rights import operators_only

RECENT = 30


@operators_only
@require_safe
def problems_page(request):
    """Those that wait, the promise that ends first on top, then the last ones that were answered."""
    return _page(request)


@operators_only
@require_POST
def answer(request, pk):
    """Send the answer, once."""
    problem, form = get_object_or_404(Problem.objects.select_related("collection"), pk=pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong={problem.pk: form}, status=400)
    try:
        if collections.answer_problem(problem, answer=form.cleaned_data["answer"], by=request.user):
            messages.success(request, _("Your answer is sent."))
        else:
            messages.info(request, _("Somebody has answered already."))
    except PickupError as error:
        messages.error(request, str(error))
    if request.POST.get("back") == "timeline":
        return redirect("pickup:timeline", problem.collection_id)
    return redirect("pickup:problems")


def _page(request, *, wrong: dict[int, AnswerForm] | None = None, status: int = 200):
    now = timezone.now()
    rows = Problem.objects.select_related(
        "collection__order", "collection__point", "collection__code_bank__point", "compartment", "answered_by"
    )
    waiting = [
        {
            "problem": problem,
            "age": ago(problem.reported_at, now),
            "is_late": problem.answer_by <= now,
            "form": (wrong or {}).get(problem.pk) or AnswerForm.of(problem),
        }
        for problem in rows.open().order_by("answer_by", "pk")
    ]
    answered = rows.filter(status=Problem.Status.ANSWERED).order_by("-answered_at", "-pk")[:RECENT]
    context = {"waiting": waiting, "answered": answered}
    return render(request, "pickup/operating/problems.html", context, status=status)
