"""The floor: what Django costs on this machine for a page that selects 24 products and writes them down, nothing else.

It runs behind the same middleware as every page, so that what lies above it is ours.
"""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from marketplace.urls import urlpatterns as pages
from shops.models import ProductSheet

ROWS = 24
ADDRESS = "/plancher/"
TEMPLATE = "<ul>{% for sheet in sheets %}<li>{{ sheet.title }}: {{ sheet.price }}</li>{% endfor %}</ul>"


def floor(request):
    """One query with the joins of a product card."""
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(template.render({"sheets": ProductSheet.objects.with_all().order_by("pk")[:ROWS]}))


urlpatterns = [path(ADDRESS.strip("/") + "/", floor), *pages]
