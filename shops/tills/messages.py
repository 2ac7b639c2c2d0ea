"""What a shop's program is told: which order or product, and how it stands. Nothing of the resident.

The payload carries what a shop needs to decide whether to fetch more (GDPR art. 5(1)(c): no more data than needed); the lines
are fetched with a key.
"""

import json
from uuid import UUID

from django.utils import timezone

from shops.models import ProductSheet, ShopEvent, ShopOrder

TEST = "test"


def body(event: ShopEvent) -> str:
    """The JSON of one event, as https://www.standardwebhooks.com lays it out."""
    about = {"order": _order(event.shop_order)} if event.shop_order_id else {"product": _product(event.sheet)}
    return _message(event.kind, event.at, {"position": event.position, **about})


def test_body(uuid: UUID) -> str:
    """The JSON of a call that only tries the line."""
    return _message(TEST, timezone.now(), {"id": str(uuid)})


def _message(kind: str, at, data: dict) -> str:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)


def _order(order: ShopOrder) -> dict:
    return {
        "number": order.number,
        "status": order.status,
        "total": str(order.total),
        "answer_by": order.answer_by.isoformat(),
        "deposit_by": order.deposit_by.isoformat(),
    }


def _product(sheet: ProductSheet) -> dict:
    return {"reference": sheet.reference, "ean": sheet.ean, "left": sheet.left}
