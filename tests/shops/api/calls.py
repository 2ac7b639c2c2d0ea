"""Calling the API as a till does: over HTTP, with a key and JSON."""

import json

from django.test import Client

from shops.models import Shop, TillKey
from shops.tills import keys


def make_key(shop: Shop, **rights) -> tuple[TillKey, str]:
    """A key that may everything, but for what `rights` says."""
    return keys.make(shop, **{"name": "Caisse", "may_stock": True, "may_orders": True, **rights})


class Till:
    """A program with the key of a shop. `secret` None: it has none."""

    def __init__(self, secret: str | None):
        self._client = Client()
        self._headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, *, language: str = "en", **query):
        """The answer to a GET below /api/v1."""
        return self._client.get(f"/api/v1{path}", query, headers={**self._headers, "Accept-Language": language})

    def post(self, path: str, body, *, key: str = "", language: str = "en", content_type: str = "application/json"):
        """The answer to a POST below /api/v1. `body`: anything that JSON can say, or bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**self._headers, "Accept-Language": language, **({"Idempotency-Key": key} if key else {})}
        return self._client.post(f"/api/v1{path}", content, content_type=content_type, headers=headers)

    def lines(self, *lines: dict, key: str = "") -> list[dict]:
        """What became of the lines of one call that was taken."""
        answer = self.post("/stock", {"lines": list(lines)}, key=key)
        assert answer.status_code == 200, answer.content
        return answer.json()["lines"]


def till_of(shop: Shop, **rights) -> Till:
    """A till with a new key of `shop`."""
    return Till(make_key(shop, **rights)[1])
