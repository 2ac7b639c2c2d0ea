"""Products and shops in the vocabulary of schema.org, for search engines. Prices are those of the page, VAT included."""

from shops.models import ProductSheet, Shop
from shops.photos import LARGEST_PX, photo_url

CONTEXT = "https://schema.org"


def product_data(request, sheet: ProductSheet) -> dict:
    """A product with its one offer; of a variant, its values and what it is a variant of."""
    data = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": sheet.title,
        "description": sheet.product.description,
        "sku": sheet.reference,
        "offers": {
            "@type": "Offer",
            "price": str(sheet.price),
            "priceCurrency": "EUR",
            "availability": f"{CONTEXT}/{'InStock' if sheet.left else 'OutOfStock'}",
            "url": request.build_absolute_uri(sheet.get_absolute_url()),
            "seller": {"@type": "LocalBusiness", "name": sheet.shop.name},
        },
    }
    if sheet.by_weight:
        data["offers"]["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "price": str(sheet.price_per_kg),
            "priceCurrency": "EUR",
            "unitCode": "KGM",
        }
    if sheet.family:
        group = {"@type": "ProductGroup", "name": sheet.family.title, "productGroupID": str(sheet.family_id)}
        data["isVariantOf"] = group
        data["additionalProperty"] = [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in zip(sheet.family.options, sheet.values, strict=True)
        ]
    if sheet.ean:
        data["gtin"] = sheet.ean
    if sheet.photo:
        data["image"] = request.build_absolute_uri(photo_url(sheet, LARGEST_PX))
    return data


def shop_data(request, shop: Shop) -> dict:
    """A shop with its address."""
    data = {
        "@context": CONTEXT,
        "@type": "LocalBusiness",
        "name": shop.name,
        "url": request.build_absolute_uri(shop.get_absolute_url()),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": shop.street,
            "postalCode": shop.postcode,
            "addressLocality": shop.town,
            "addressCountry": "FR",
        },
    }
    if shop.phone:
        data["telephone"] = shop.phone
    if shop.photo:
        data["image"] = request.build_absolute_uri(photo_url(shop, LARGEST_PX))
    return data
