"""The shapes of calls and answers. They are the reference: docs/api/openapi.json is made of them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WrapValidator, model_validator

from shops.models import ProductSheet, ShopOrder, ShopOrderLine
from shops.products import HIGHEST_PRICE, HIGHEST_STOCK
from shops.tills.shelf import LINES_AT_ONCE

Euros = Annotated[Decimal, Field(ge=Decimal("0.01"), le=HIGHEST_PRICE, decimal_places=2, max_digits=7)]
WORDS = r"^[^\x00-\x1f\x7f]+$"


class StockLine(Schema):
    """A product of your shop and what is new about it: its stock, its price, or both."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"ean": "3017620422003", "stock": 12, "price": "3.50"},
                {"reference": "L0022", "delta": -1},
            ]
        },
    )

    ean: Annotated[str, Field(pattern=r"^[0-9]{8,13}$")] | None = Field(None, description="The barcode, or:")
    reference: Annotated[str, Field(min_length=1, max_length=64, pattern=WORDS)] | None = Field(
        None, description="The reference that the product has at Halles. Exactly one of both."
    )
    stock: Annotated[int, Field(ge=0, le=HIGHEST_STOCK, strict=True)] | None = Field(
        None, description="Pieces that stand in the shop, those promised to residents included."
    )
    delta: Annotated[int, Field(ge=-HIGHEST_STOCK, le=HIGHEST_STOCK, strict=True)] | None = Field(
        None, description="Or how many came (5) or went (-1). The call then needs an Idempotency-Key."
    )
    price: Euros | None = Field(None, description="Euros, VAT included, as text or as a number.")

    @model_validator(mode="after")
    def _says_one_thing(self):
        if (self.ean is None) == (self.reference is None):
            raise ValueError("name")
        if self.stock is not None and self.delta is not None:
            raise ValueError("both")
        if self.stock is None and self.delta is None and self.price is None:
            raise ValueError("nothing")
        return self


class Unreadable(BaseModel):
    """A line that is none; `cause` is a sentence."""

    cause: str


CAUSES = {
    "ean": gettext_lazy("A barcode has 8 to 13 digits and stands between quotation marks."),
    "reference": gettext_lazy("A reference is a text of 1 to 64 characters."),
    "stock": gettext_lazy("The stock is a whole number from 0 to 1,000,000."),
    "delta": gettext_lazy("The difference is a whole number between -1,000,000 and 1,000,000."),
    "price": gettext_lazy("A price lies between 0.01 and 99,999.99 euros and has two decimals at most."),
    "Value error, name": gettext_lazy("A line names one product, by “ean” or by “reference”."),
    "Value error, both": gettext_lazy("A line has either “stock” or “delta”, not both."),
    "Value error, nothing": gettext_lazy("A line says a “stock”, a “delta” or a “price”."),
}


def _line(value: Any, read) -> StockLine | Unreadable:
    """A line is answered by itself, also when it cannot be read."""
    try:
        return read(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else first["msg"]
        return Unreadable(cause=str(CAUSES.get(field, _("This is not a line: please look at the description."))))


class StockCall(Schema):
    """Up to 500 lines, done in their order, each by itself."""

    lines: Annotated[list[Annotated[StockLine, WrapValidator(_line)]], Field(min_length=1, max_length=LINES_AT_ONCE)]


class LineAnswer(Schema):
    """What became of a line. `left` is what residents can buy: `stock` less `promised`, none while it is called sold out."""

    line: int = Field(description="Its place in the call, from 1.", examples=[1])
    outcome: Literal["ok", "unknown", "refused"] = Field(
        description="“unknown”: your shop has no such product. “refused”: see “cause”; nothing of this line was done."
    )
    cause: str | None = Field(None, description="Why, in a sentence.")
    reference: str | None = Field(None, examples=["L0022"])
    stock: int | None = Field(None, examples=[12])
    promised: int | None = Field(None, examples=[2])
    left: int | None = Field(None, examples=[10])
    price: Decimal | None = Field(None, examples=["3.50"])
    changed: bool | None = Field(None, description="False when all of it was so before.")


class StockAnswer(Schema):
    """The lines in the order of the call, and how many were done."""

    done: int = Field(examples=[2])
    lines: list[LineAnswer]


class ProblemDocument(Schema):
    """RFC 9457: what went wrong."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Forbidden"])
    status: int = Field(examples=[403])
    detail: str = Field(description="A sentence, in the language of Accept-Language: French or English.")
    errors: list[dict] | None = None


class OrderLineOut(Schema):
    """A line. `accepted` is null until the shop has answered; `total` is what its goods cost now, in euros."""

    reference: str | None = Field(examples=["L0022"])
    ean: str | None = Field(examples=["9780201615869"])
    title: str = Field(examples=["Tomme de brebis"])
    quantity: int = Field(examples=[2])
    accepted: int | None = Field(examples=[2])
    unit_price: Decimal = Field(
        description="Of goods sold by weight the most that a piece may cost.", examples=["4.60"]
    )
    price_per_kg: Decimal | None = Field(examples=["20.00"])
    weighed_g: int | None = Field(examples=[431])
    vat_rate: Decimal = Field(description="Percent.", examples=["5.50"])
    total: Decimal = Field(examples=["8.62"])
    outcome: ShopOrderLine.Outcome = Field(examples=["promised"])
    offered_instead: bool = Field(
        description="Of goods that are missing; the resident takes them or not.", examples=[False]
    )


class OrderOut(Schema):
    """A shop's part of an order, without anything of the resident. Moments are ISO 8601 with their offset, sums are euros."""

    number: str = Field(examples=["K7M2PQ4X-1"])
    status: ShopOrder.Status = Field(examples=["confirmed"])
    total: Decimal = Field(
        description="What was ordered, and once the shop has answered what it gives.", examples=["8.62"]
    )
    bags: int = Field(examples=[1])
    placed_at: datetime
    answer_by: datetime = Field(description="Until then the shop answers, at its desk; silence refuses.")
    deposit_by: datetime = Field(description="Until then the goods are at the collection point.")
    answered_at: datetime | None
    ready_at: datetime | None
    collected_at: datetime | None
    lines: list[OrderLineOut]

    @classmethod
    def of(cls, order: ShopOrder) -> "OrderOut":
        """The order as it is sent; its lines and their products are loaded."""
        names = (
            "number",
            "status",
            "total",
            "bags",
            "answer_by",
            "deposit_by",
            "answered_at",
            "ready_at",
            "collected_at",
        )
        lines = [_order_line(line) for line in order.lines.all()]
        return cls(placed_at=order.paid_at, lines=lines, **{name: getattr(order, name) for name in names})


def _order_line(line: ShopOrderLine) -> OrderLineOut:
    names = ("title", "quantity", "unit_price", "price_per_kg", "weighed_g", "vat_rate", "outcome")
    return OrderLineOut(
        reference=line.sheet and line.sheet.reference,
        ean=line.sheet and line.sheet.ean or None,
        accepted=line.accepted_quantity,
        total=line.accepted_total,
        offered_instead=line.replaces_id is not None,
        **{name: getattr(line, name) for name in names},
    )


class OrderPage(Schema):
    """Orders, where to go on, and whether there are more already."""

    orders: list[OrderOut]
    next: int = Field(examples=[4711])
    more: bool = Field(examples=[False])


class ProductOut(Schema):
    """A product with its stock: what can be sent back to `/stock` unchanged. Sums are euros, VAT included."""

    reference: str = Field(examples=["L0022"])
    ean: str = Field(examples=["9780201615869"])
    title: str = Field(examples=["Tomme de brebis"])
    stock: int = Field(examples=[12])
    promised: int = Field(examples=[2])
    left: int = Field(examples=[10])
    price: Decimal = Field(description="Of goods sold by weight the most that a piece may cost.", examples=["4.60"])
    price_per_kg: Decimal | None = Field(examples=["20.00"])
    vat_rate: Decimal = Field(description="Percent.", examples=["5.50"])
    is_public: bool = Field(description="Whether residents see it.", examples=[True])
    updated_at: datetime

    @classmethod
    def of(cls, sheet: ProductSheet) -> "ProductOut":
        """The product as it is sent; its product and stock are loaded."""
        return cls(
            reference=sheet.reference,
            ean=sheet.ean,
            title=sheet.title,
            stock=sheet.stock.num_in_stock or 0,
            promised=sheet.stock.num_allocated or 0,
            left=sheet.left,
            price=sheet.price,
            price_per_kg=sheet.price_per_kg if sheet.by_weight else None,
            vat_rate=sheet.vat_rate,
            is_public=sheet.product.is_public,
            updated_at=sheet.updated_at,
        )


class ProductPage(Schema):
    """Products, where to go on, and whether there are more already."""

    products: list[ProductOut]
    next: str = Field(examples=["1764410400000000-0-0"])
    more: bool = Field(examples=[False])
