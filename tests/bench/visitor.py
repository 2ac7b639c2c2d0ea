"""A browser as the server sees it: it speaks WSGI to the application in this process, keeps cookies and sends forms."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from shops.payments import gateway
from shops.payments.fake.transport import InProcess

FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """A response with what it cost this process. `queries` is 0 unless they were counted."""

    status: int
    location: str
    text: str
    cpu_ms: float
    queries: int


class Border(InProcess):
    """The fake Stripe in this process. What it costs would be Stripe's cost: it is kept apart."""

    def __init__(self):
        super().__init__()
        self.cpu_ms, self.queries = 0.0, 0

    def request(self, *arguments, **more):
        begun, logged = time.process_time(), len(connection.queries_log)
        try:
            return super().request(*arguments, **more)
        finally:
            self.cpu_ms += (time.process_time() - begun) * 1000
            self.queries += len(connection.queries_log) - logged


@contextmanager
def stripe_apart() -> Iterator[Border]:
    """Within the block payments reach the fake, and visitors given the yielded border do not pay for it."""
    border = Border()
    with gateway.through(border):
        yield border


class Visitor:
    """Somebody with a browser. `counting` counts queries, which costs CPU time: never do both at once."""

    def __init__(self, application, border: Border, *, counting: bool = False, user=None):
        self.application = application
        self.border = border
        self.counting = counting
        self.cookies = SimpleCookie()
        if user is not None:
            self._sign_in(user)

    def get(self, address: str) -> Answer:
        return self._send("GET", address)

    def post(self, address: str, form: str = "", **fields) -> Answer:
        """Send `fields` as the page `form` would: with the hidden token that stands in it."""
        if token := FORM_TOKEN.search(form):
            fields["csrfmiddlewaretoken"] = token[1]
        return self._send("POST", address, urlencode(fields).encode())

    def _sign_in(self, user) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def _send(self, method: str, address: str, body: bytes = b"") -> Answer:
        headers = {"Host": "127.0.0.1", "Sec-Fetch-Site": "same-origin", "Accept-Language": "fr"}
        headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        form = "application/x-www-form-urlencoded" if method == "POST" else ""
        environ = RequestFactory().generic(method, address, body, content_type=form, headers=headers).environ
        if not self.counting:
            return self._answer(environ, queries=0)
        apart = self.border.queries
        with CaptureQueriesContext(connection) as captured:
            answer = self._answer(environ, queries=0)
        return Answer(**vars(answer) | {"queries": len(captured) - (self.border.queries - apart)})

    def _answer(self, environ: dict, *, queries: int) -> Answer:
        told = {}

        def start_response(status, headers):
            told["status"], told["headers"] = int(status.split()[0]), headers

        apart, begun = self.border.cpu_ms, time.process_time()
        response = self.application(environ, start_response)
        content = b"".join(response)
        response.close()  # ends the request: connections are returned here, as under a real server
        cpu_ms = (time.process_time() - begun) * 1000 - (self.border.cpu_ms - apart)
        for name, value in told["headers"]:
            if name == "Set-Cookie":
                self.cookies.load(value)
        location = dict(told["headers"]).get("Location", "")
        return Answer(told["status"], location, content.decode(), cpu_ms, queries)
