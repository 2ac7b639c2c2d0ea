"""What search engines read of a product: schema.org as JSON-LD, a block of data that no browser executes."""

import json
from urllib.parse import urljoin

from django.utils.safestring import SafeString, mark_safe

from shops.models import ProductSheet

# As `django.utils.html.json_script` does it: nothing that could end the script element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def product_data(sheet: ProductSheet, *, site: str) -> SafeString:
    """A schema.org Product with its Offer; `site` is the absolute address of the home page."""
    address = urljoin(site, sheet.get_absolute_url())
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": sheet.title,
        "description": sheet.product.description,
        "url": address,
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": str(sheet.price),
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{'InStock' if sheet.left else 'OutOfStock'}",
            "seller": {"@type": "LocalBusiness", "name": sheet.shop.name, "address": sheet.shop.address},
        },
    }
    if sheet.photo:
        data["image"] = urljoin(site, sheet.photo.url)
    if sheet.ean:
        data["gtin"] = sheet.ean
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))
