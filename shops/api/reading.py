"""Orders and products, read since the last time."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from shops.api import problems
from shops.api.access import ByKey
from shops.api.schemas import OrderOut, OrderPage, ProblemDocument, ProductOut, ProductPage
from shops.tills import feed

router = Router()
REFUSALS = frozenset({400, 401, 403, 404, 422, 429})


@router.get(
    "/orders",
    auth=ByKey("may_orders"),
    response={200: OrderPage, REFUSALS: ProblemDocument},
    operation_id="orders_since",
    summary="Orders since the last time",
    tags=["Orders"],
)
def orders_since(
    request: HttpRequest,
    since: Annotated[int, Query(ge=0, le=2**62, description="“next” of the last answer; 0 at the first time.")] = 0,
):
    """The orders to which something happened after `since`, as they stand now, each once; up to 100 events at a time.

    Keep `next` once you have kept the orders, and send it as `since` the next time; at once when there is `more`. Nothing is
    missed, in whatever order things happened at Halles at the same moment, and an order comes again only when something
    happened to it.
    """
    page = feed.orders_since(request.auth.shop, since)
    return OrderPage(orders=[OrderOut.of(order) for order in page.rows], next=page.next, more=page.more)


@router.get(
    "/orders/{number}",
    auth=ByKey("may_orders"),
    response={200: OrderOut, REFUSALS: ProblemDocument},
    operation_id="order",
    summary="One order",
    tags=["Orders"],
)
def one_order(request: HttpRequest, number: str):
    """An order of your shop, as it stands now."""
    order = None if "\x00" in number else feed.visible(request.auth.shop).filter(number=number).first()
    if order is None:
        raise problems.NotFound
    return OrderOut.of(order)


@router.get(
    "/products",
    auth=ByKey("may_stock"),
    response={200: ProductPage, REFUSALS: ProblemDocument},
    operation_id="products_since",
    summary="Products since the last time",
    tags=["Stock and prices"],
)
def products_since(
    request: HttpRequest,
    since: Annotated[str, Query(max_length=60, description="“next” of the last answer; empty at the first time.")] = "",
):
    """The products that were made or edited since, up to 200 at a time, the longest unchanged first.

    Nothing is missed; what was edited in the last half hour may come again. What orders take from the stock is no edit: orders
    tell of it.
    """
    try:
        page = feed.products_since(request.auth.shop, since)
    except ValueError as error:
        raise problems.NoCursor from error
    return ProductPage(products=[ProductOut.of(sheet) for sheet in page.rows], next=page.next, more=page.more)
