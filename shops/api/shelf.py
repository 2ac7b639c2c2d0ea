"""Stock and prices, in and out."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Router

from shops.api import problems
from shops.api.access import ByKey
from shops.api.schemas import LineAnswer, ProblemDocument, StockAnswer, StockCall, StockLine, Unreadable
from shops.models import Shop
from shops.tills import answers, shelf

router = Router(tags=["Stock and prices"])
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", max_length=80, pattern=r"^[\x21-\x7e]*$", examples=["receipt-4711"])
]


@router.post(
    "/stock",
    auth=ByKey("may_stock"),
    response={200: StockAnswer, frozenset({400, 401, 403, 409, 411, 413, 415, 422, 429}): ProblemDocument},
    exclude_none=True,
    operation_id="write_stock",
    summary="Set stock and prices",
)
def write_stock(request: HttpRequest, call: StockCall, idempotency_key: IdempotencyKey = ""):
    """Up to 500 lines. Each is answered by itself: one that is refused or unknown keeps no other one back.

    The same call with the same `Idempotency-Key` within seven days changes nothing and is answered as before: after a call
    without an answer, send it again with its key. Lines with a `delta` need one.
    """
    if request.auth.shop.status == Shop.Status.CLOSED:
        raise problems.ShopHasLeft
    if not idempotency_key and any(isinstance(line, StockLine) and line.delta is not None for line in call.lines):
        raise problems.NeedsIdempotencyKey
    return answers.once(
        request.auth, key=idempotency_key, body=request.body, action=lambda: _write(request.auth.shop, call.lines)
    )


def _write(shop: Shop, lines: list[StockLine | Unreadable]) -> dict:
    """The answer as it is sent, and kept."""
    readable = [line for line in lines if isinstance(line, StockLine)]
    done = iter(shelf.write(shop, [shelf.Wish(**line.model_dump(exclude_none=True)) for line in readable]))
    answered = [
        _answer(number, shelf.Refused(cause=line.cause) if isinstance(line, Unreadable) else next(done))
        for number, line in enumerate(lines, start=1)
    ]
    return {"done": sum(each["outcome"] == "ok" for each in answered), "lines": answered}


def _answer(number: int, answer: shelf.Answer) -> dict:
    match answer:
        case shelf.Unknown():
            fields = {"outcome": "unknown"}
        case shelf.Refused():
            fields = {"outcome": "refused", "cause": answer.cause}
        case shelf.Done():
            fields = {"outcome": "ok", **vars(answer)}
    return LineAnswer(line=number, **fields).model_dump(mode="json", exclude_none=True)
