"""Price and stock in the list of products, and what the list is asked for."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shops import changes
from shops.desk.fields import PiecesField, PriceField
from shops.models import ProductSheet

UNDO_FOR = timedelta(hours=24)  # after that the list no longer offers it; the product's history does

SHOWN = {
    "": _("All products"),
    "visibles": _("Shown to residents"),
    "masques": _("Hidden"),
    "epuises": _("Sold out"),
}


class ShelfForm(forms.Form):
    """Price and stock of one product, and what its person saw of it when they began to type."""

    price = PriceField(label=_("Price (€)"))
    stock = PiecesField(label=_("Stock"))
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, sheet: ProductSheet, seen: changes.Seen):
        self.by_weight = sheet.by_weight
        price = sheet.price_per_kg if self.by_weight else sheet.price
        super().__init__(
            data,
            prefix=str(sheet.pk),
            auto_id=f"id_{sheet.pk}_%s",
            initial={"price": price, "stock": sheet.left, "seen": str(seen)},
        )
        if self.by_weight:
            self.fields["price"].label = _("Price (€/kg)")
        if sheet.daily_stock is not None:
            self.fields["stock"].label = _("Left today")
        for name in ("price", "stock"):
            self.fields[name].widget.attrs["data-shelf-field"] = name

    @property
    def shown(self) -> changes.Seen | None:
        """What the person saw; None when the form does not say."""
        return changes.Seen.parse(self.cleaned_data["seen"])

    def values(self) -> dict:
        """What `products.update` takes."""
        return {self.name_of_price: self.cleaned_data["price"], "stock": self.cleaned_data["stock"]}

    @property
    def name_of_price(self) -> str:
        return "price_per_kg" if self.by_weight else "price"

    def field_of(self, name: str) -> str:
        """How the form calls what `products` calls `name`."""
        return "stock" if name == "stock" else "price"

    def show_again(self, sheet: ProductSheet, seen: changes.Seen, *, kept: set[str]) -> None:
        """After a conflict: what was typed stays in the fields `kept`, the others show what they hold now."""
        fresh = ShelfForm(sheet=sheet, seen=seen)
        self.data = self.data.copy()
        for name in {"price", "stock", "seen"} - kept:
            self.data[self.add_prefix(name)] = fresh[name].value()


class ListQuery:
    """What a list of products was asked for: words, which ones, which page; all of it stands in the address."""

    def __init__(self, asked):
        self.words = asked.get("q", "").replace("\x00", "").strip()[:100]
        self.shown = asked.get("voir", "") if asked.get("voir", "") in SHOWN else ""
        self.page = asked.get("page", "")[:6]

    def apply(self, sheets):
        """The sheets asked for, the newest first."""
        if self.words:
            named = Q(product__title__icontains=self.words)
            sheets = sheets.filter(named | Q(reference=self.words) | Q(ean=self.words))
        if self.shown in ("visibles", "masques"):
            sheets = sheets.filter(product__is_public=self.shown == "visibles")
        if self.shown == "epuises":
            sheets = sheets.out_of_stock()
        return sheets.order_by("-created_at", "-pk")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(SHOWN.items())

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.shown)

    @property
    def without_page(self) -> str:
        """The beginning of a query string for the other pages of the list."""
        given = {name: value for name, value in (("q", self.words), ("voir", self.shown)) if value}
        return f"{urlencode(given)}&" if given else ""

    @property
    def address(self) -> str:
        """The query string of the list as it was, with its question mark; empty for the whole list."""
        given = {"q": self.words, "voir": self.shown, "page": self.page}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"?{query}" if query else ""
