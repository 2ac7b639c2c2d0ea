"""What the operators of the marketplace hear, at the address for help, in the language of the instance."""

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation

from marketplace.checkout.models import OrderDetails
from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from pickup import collections
from pickup.models import Problem
from pickup.signals import problem_reported


def _tell(kind: str, *, key: str, **context) -> None:
    """Owe the operators a message; without an address for help nobody is written to."""
    if messages.owe(kind, key=key, to=settings.HELP_EMAIL, language=settings.LANGUAGE_CODE, context=context):
        nudge(send_messages)


@receiver(problem_reported, dispatch_uid="checkout.operators.problem_reported")
def tell_of_problem(problem: Problem, **kwargs):
    """A resident waits for an answer: who, what, until when."""
    order = problem.collection.order
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.SITE_URL}{reverse('pickup:timeline', args=[problem.collection_id])}"
    _tell(
        "problem_operator",
        key=f"problem_operator:{problem.pk}",
        problem=problem,
        order=order,
        point=problem.collection.point,
        details=OrderDetails.objects.filter(order=order).first(),
        shops=[each.shop.name for each in collections.shops_concerned(problem)],
        link=link,
    )
