"""What a visitor asked a list of products for: order, shop, in stock. All of it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from shops.models.product import sold_out

PAGE_SIZE = 24

# Neutral by default: what can be bought first, then by name. Nobody can pay for a better place
# (code de la consommation, art. L111-7).
SORTS = {
    "nom": (_("Name"), ["product__title", "pk"]),
    "prix": (_("Price"), ["stock__price", "product__title", "pk"]),
    "nouveau": (_("Newest"), ["-created_at", "-pk"]),
}
DEFAULT_SORT = "nom"


@dataclass(frozen=True)
class Wish:
    """Read from the address; what makes no sense there counts as not asked."""

    sort: str = DEFAULT_SORT
    shop: str = ""
    in_stock: bool = False

    @classmethod
    def of(cls, query) -> "Wish":
        sort = query.get("tri", "")
        return cls(
            sort=sort if sort in SORTS else DEFAULT_SORT,
            shop=query.get("boutique", "")[:100],
            in_stock=query.get("dispo") == "1",
        )

    def apply(self, sheets):
        """The asked sheets in the asked order, one of each family."""
        if self.shop:
            sheets = sheets.filter(shop__slug=self.shop)
        if self.in_stock:
            sheets = sheets.in_stock()
        return sheets.one_per_family().order_by(sold_out(), *SORTS[self.sort][1])

    @property
    def is_filtered(self) -> bool:
        return bool(self.shop or self.in_stock)

    @property
    def query(self) -> str:
        """The beginning of a query string that asks for the same, for links to other pages of the list."""
        asked = {
            "tri": self.sort if self.sort != DEFAULT_SORT else "",
            "boutique": self.shop,
            "dispo": "1" if self.in_stock else "",
        }
        given = {name: value for name, value in asked.items() if value}
        return f"{urlencode(given)}&" if given else ""

    @property
    def sorts(self) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _columns) in SORTS.items()]


def page_of(sheets, number) -> Page:
    """One page of products. Two queries; a page that does not exist gives the nearest one."""
    return Paginator(sheets, PAGE_SIZE).get_page(number)
