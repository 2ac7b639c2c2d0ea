"""The shapes of calls and answers. They are the reference: docs/api/openapi.json is made of them."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WrapValidator, model_validator

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
    """What became of a line. `stock` less `promised` is `left`: what residents can buy."""

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
