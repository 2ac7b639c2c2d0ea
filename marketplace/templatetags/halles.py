"""Template words of the market: money, unit prices, photos, icons, form fields."""

import json
from decimal import Decimal
from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page

from marketplace.foundation.money import from_cents
from shops import photos, selling

register = template.Library()

NARROW_SPACE, NO_BREAK_SPACE = "\u202f", "\u00a0"

# As `django.utils.html.json_script` does it: nothing that could end the script element.
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def euros(amount) -> str:
    """An amount as people of the language write it: 1 234,50 € or €1,234.50; nothing for None."""
    if amount is None:
        return ""
    text = f"{Decimal(amount):,.2f}"
    if get_language() == "en":
        return f"€{text}"
    return text.replace(",", NARROW_SPACE).replace(".", ",") + NO_BREAK_SPACE + "€"


@register.filter
def cents(amount: int) -> str:
    """An amount in cents, as `euros` writes it."""
    return euros(from_cents(amount))


@register.filter
def unit_price(sheet) -> str:
    """The price per kilo, litre or metre of a product; empty when the law asks for none."""
    per = sheet.unit_price
    return f"{euros(per[0])}/{per[1]}" if per else ""


@register.filter
def conditions(sheet) -> list[str]:
    """What has to be known of a product before choosing a time, in sentences."""
    return selling.conditions(sheet)


@register.filter
def sold_out(sheet) -> str:
    """That nothing is left of a product, and when it comes back by itself; "" when something is left."""
    return selling.sold_out(sheet)


@register.filter
def weight(grams: int) -> str:
    """A weight as people say it: 850 g, 1,2 kg."""
    if grams < 1000:
        return f"{grams}{NO_BREAK_SPACE}g"
    return f"{number_format(Decimal(grams).scaleb(-3).normalize())}{NO_BREAK_SPACE}kg"


@register.filter
def grouped(code: str) -> str:
    """An 8-digit code in two groups of four, as it is read aloud."""
    return f"{code[:4]}{NO_BREAK_SPACE}{code[4:]}"


@register.simple_tag
@cache
def icon(name: str):
    """A decorative icon of the sprite: always beside words, so hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
def photo(row, width: int, sizes: str = "", *, alt: str = "", eager: bool = False):
    """The square photo of a product or shop, shown `width` px wide; the browser picks the file by `sizes`. Empty without one."""
    if not row.photo:
        return ""
    loading = mark_safe('fetchpriority="high"' if eager else 'loading="lazy" decoding="async"')
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" {}>',
        photos.photo_url(row, width),
        photos.srcset(row),
        sizes or f"{width}px",
        alt,
        width,
        width,
        loading,
    )


@register.simple_tag
def linked_data(data: dict) -> SafeString:
    """A block of JSON-LD for search engines: data that no browser executes, so the content security policy lets it be."""
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.inclusion_tag("components/field.html")
def field(bound, hint: str = ""):
    """A form field with its label, hint and error, tied together for screen readers."""
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    if hint or bound.help_text:
        described.append(f"{bound.auto_id}_hint")
    attributes = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"field": bound, "hint": hint or bound.help_text, "widget": bound.as_widget(attrs=attributes)}


@register.simple_tag(takes_context=True)
def language_address(context):
    """The address of this page in the other language: {address, code, name}. A page of the town may have its own there."""
    other, name = ("en", "English") if get_language() != "en" else ("fr", "Français")
    request, page = context.get("request"), context.get("page")
    address = translate_url(request.get_full_path(), other) if request else "/"
    if isinstance(page, Page) and page.pk:
        translation = page.get_translations().filter(locale__language_code=other, live=True).first()
        address = translation.get_url(request) if translation else address
    return {"address": address, "code": other, "name": name}
