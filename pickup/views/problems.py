"""A person answers what a resident has reported; the answer is sent."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pickup import collections
from pickup.models import Problem
from pickup.operating.rights import operators_only

LONGEST = Problem._meta.get_field("answer").max_length


@operators_only
@require_POST
def answer(request, pk):
    """Send the answer, once."""
    problem = get_object_or_404(Problem.objects.select_related("collection"), pk=pk)
    text = request.POST.get("answer", "").strip()
    if not text or len(text) > LONGEST or "\0" in text:
        messages.error(request, _("Please write an answer of %(most)s letters at most.") % {"most": LONGEST})
    elif collections.answer_problem(problem, answer=text, by=request.user):
        messages.success(request, _("Your answer is sent."))
    else:
        messages.info(request, _("Somebody has answered already."))
    return redirect("pickup:timeline", problem.collection_id)
