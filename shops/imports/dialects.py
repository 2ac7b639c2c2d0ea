"""Which other system wrote a catalogue file, by its headings."""

from shops.imports.foreign import Dialect
from shops.imports.prestashop import PrestaShop
from shops.imports.shopify import Shopify
from shops.imports.woocommerce import WooCommerce

KNOWN: tuple[type[Dialect], ...] = (Shopify, WooCommerce, PrestaShop)


def recognise(headers: list[str]) -> Dialect | None:
    """The dialect of a file with these headings, None when it is a table like any other. One object reads one file."""
    return next((dialect(headers) for dialect in KNOWN if dialect.reads(headers)), None)
