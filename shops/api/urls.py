"""The API and its addresses. What is not there is answered as everything else: with a problem document."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import re_path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from shops.api import problems, reading, shelf
from shops.api.access import StrictParser
from shops.api.description import SelfDescribing

WRONG_METHOD = 405

api = SelfDescribing(
    title="Halles: API for tills",
    version="1",
    description=(
        "Keep the stock and prices of a shop as its till has them, and hear of its orders. One key is good for one shop; "
        "its people make it at the shop desk, under “Connect my till”. 120 calls a minute."
    ),
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", shelf.router)
api.add_router("", reading.router)
problems.handle(api)


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """No address of the API."""
    missing = problems.NotFound()
    return problems.answer(missing.status, str(missing))


def _in_words(view):
    """The view in the language that the program asks for; also what Django and ninja refuse by themselves is a problem
    document. Nobody on the way keeps a copy."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        response = view(request, *args, **kwargs)
        if response.status_code == WRONG_METHOD:
            allowed, refusal = response.headers["Allow"], problems.WrongMethod()
            response = problems.answer(refusal.status, str(refusal), headers={"Allow": allowed})
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


patterns, app_name, namespace = api.urls
patterns = [*(each for each in patterns if each.name != "api-root"), re_path(r"^(?P<rest>.*)$", nothing_here)]
for each in patterns:
    each.callback = _in_words(each.callback)
urlpatterns = (patterns, app_name, namespace)
