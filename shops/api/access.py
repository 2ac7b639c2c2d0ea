"""Who calls: a key of one shop, that may do what is asked, not too often, with a body that is not too large."""

import json
from datetime import timedelta

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.security import HttpBearer

from marketplace.foundation import ratelimits
from shops.api import problems
from shops.models import TillKey
from shops.tills import keys

CALLS_A_MINUTE = 120
LARGEST_CALL = 256 * 1024  # bytes: 500 lines with everything in them are 90 kB


class ByKey(HttpBearer):
    """Lets a call in whose key has `right`, a flag of `TillKey`; `request.auth` is the key, with its shop."""

    def __init__(self, right: str):
        super().__init__()
        self._right = right

    def authenticate(self, request: HttpRequest, token: str) -> TillKey:
        """The key. Raises what stands in `problems`."""
        key = keys.find(token)
        if key is None:
            raise problems.UnknownKey
        seconds = ratelimits.take(f"till:{key.pk}", limit=CALLS_A_MINUTE, per=timedelta(minutes=1))
        if seconds:
            raise problems.TooOften(seconds)
        if not getattr(key, self._right):
            raise problems.NotAllowed
        if request.method == "POST":
            _look_at_body(request)
        keys.note_use(key)
        return key


def _look_at_body(request: HttpRequest) -> None:
    """Before a byte of it is read."""
    if request.content_type != "application/json":
        raise problems.NotJson
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise problems.NoLength
    if len(length) > 9 or int(length) > LARGEST_CALL:
        raise problems.TooLarge(LARGEST_CALL)


class StrictParser(Parser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no half characters, and not nested without end."""

    def parse_body(self, request: HttpRequest):
        """The content of the body. Raises `ValueError`."""
        try:
            content = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
            json.dumps(content, ensure_ascii=False).encode("utf-8")
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        return content


def _no_number(word: str):
    raise ValueError(f"{word} is not a number")
