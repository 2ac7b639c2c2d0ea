"""The in-process transport: the SDK's own client speaks to the fake without a socket. For tests."""

from contextlib import contextmanager
from urllib.parse import urlsplit

import stripe
from requests.structures import CaseInsensitiveDict

from shops.payments import gateway
from shops.payments.fake import api


class InProcess(stripe.HTTPClient):
    """Hands each request of the SDK to the fake's state machine; retries do not wait."""

    name = "halles-fake"

    def _sleep_time_seconds(self, num_retries):
        return 0

    def request(self, method, url, headers, post_data=None, *, _usage=None):
        address = urlsplit(url)
        path = address.path[max(address.path.find("/v1/"), address.path.find("/v2/"), 0) :]
        try:
            answer = api.answer(method.upper(), f"{path}?{address.query}", headers, post_data or "")
        except api.NoAnswer as error:
            raise stripe.APIConnectionError("No answer.", should_retry=True) from error
        return answer.text, answer.status, CaseInsensitiveDict(answer.headers)

    async def request_async(self, method, url, headers, post_data=None):
        return self.request(method, url, headers, post_data)

    async def sleep_async(self, secs):
        """Nobody waits for a fake."""

    def close(self):
        """Nothing is open."""

    async def close_async(self):
        """Nothing is open."""


@contextmanager
def in_process():
    """Within the block the site's calls reach the fake directly."""
    with gateway.through(InProcess()):
        yield
