"""What went wrong, in words: every answer that is no success is a problem document (RFC 9457)."""

import logging

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shops.tills.keys import TillError

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A call cannot be answered; the text is a sentence for whoever has written the program."""

    status = 400
    headers: dict[str, str] = {}


class UnknownKey(Problem):
    """No key, a wrong one, or one that was withdrawn."""

    status = 401
    headers = {"WWW-Authenticate": 'Bearer realm="Halles"'}

    def __init__(self):
        super().__init__(_("This needs a valid key of your shop: “Authorization: Bearer halles_…”."))


class NotAllowed(Problem):
    """The key is good for other things."""

    status = 403

    def __init__(self):
        super().__init__(_("This key may not do this: please make one that may, at the shop desk."))


class NotFound(Problem):
    """Not there, or not this shop's."""

    status = 404

    def __init__(self):
        super().__init__(_("There is nothing at this address."))


class WrongMethod(Problem):
    """GET where POST is meant, or the other way."""

    status = 405

    def __init__(self):
        super().__init__(_("This address does not take calls of this kind."))


class ShopHasLeft(Problem):
    """Nothing can be sold any more."""

    status = 409

    def __init__(self):
        super().__init__(_("This shop is closed: its stock is not kept any more."))


class NoLength(Problem):
    """Whoever does not say how long the body is could send without end."""

    status = 411

    def __init__(self):
        super().__init__(_("Please send the header Content-Length."))


class TooLarge(Problem):
    """More than the largest call needs."""

    status = 413

    def __init__(self, most: int):
        super().__init__(_("The call is larger than %(most)s kB: please send it in parts.") % {"most": most // 1024})


class NotJson(Problem):
    """Another kind of content."""

    status = 415

    def __init__(self):
        super().__init__(_("Please send JSON, with “Content-Type: application/json”."))


class NeedsIdempotencyKey(Problem):
    """A difference that comes twice would count twice."""

    status = 400

    def __init__(self):
        super().__init__(
            _("Lines with “delta” need the header Idempotency-Key, so that a call that comes twice counts once.")
        )


class NoCursor(Problem):
    """Not what an earlier answer said."""

    status = 422

    def __init__(self):
        super().__init__(_("“since” is the “next” of an earlier answer, or empty."))


class TooOften(Problem):
    """The key was used too often."""

    status = 429

    def __init__(self, seconds: int):
        self.headers = {"Retry-After": str(seconds)}
        super().__init__(_("Too many calls: please try again in %(seconds)s seconds.") % {"seconds": seconds})


TITLES = {
    400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 411: "Length required", 413: "Content too large", 415: "Unsupported media type", 422: "Unprocessable content",
    429: "Too many requests",
}  # fmt: skip


def answer(status: int, detail: str, *, headers: dict[str, str] | None = None, **more) -> JsonResponse:
    """A problem document."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


def handle(api: NinjaAPI) -> None:
    """Let `api` answer everything that is raised in it with a problem document, but for bugs of ours."""

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, problem: Problem):
        return answer(problem.status, str(problem), headers=problem.headers)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError):
        return _problem(request, UnknownKey())

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, error: Http404):
        return _problem(request, NotFound())

    @api.exception_handler(HttpError)
    def _unreadable(request: HttpRequest, error: HttpError):
        return answer(400, _("The body of the call is not JSON that we understand."))

    @api.exception_handler(TillError)
    def _refused(request: HttpRequest, error: TillError):
        return answer(422, str(error))

    @api.exception_handler(ValidationError)
    def _wrong(request: HttpRequest, error: ValidationError):
        places = [{"at": ".".join(str(part) for part in each["loc"]), "why": each["msg"]} for each in error.errors[:20]]
        return answer(422, _("The call does not have the form that the description asks for."), errors=places)
