"""Views of no package: health, and the addresses that Oscar's models believe in."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.decorators.http import require_safe
from django.views.static import serve
from oscar.core.loading import get_model

from shops.models import ProductSheet


@require_safe
def healthy(request):
    """200 when the web process answers and the database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def offline_orders(request):
    """The service worker of the order pages. At the root, because a worker serves what lies below its own address."""
    return render(request, "offline-orders.js", content_type="text/javascript; charset=utf-8")


PUBLIC_MEDIA = ("products", "shops", "images")


@require_safe
def media(request, path):
    """Photos of products and shops, and the pictures of pages in the sizes made for them.

    Nothing else of the folder: originals hold what the camera noted, and documents are served by Wagtail alone, as
    attachments. The folder is read from the address as it stands; with dots or empty parts in it, it names nothing.
    """
    parts = path.split("/")
    if parts[0] not in PUBLIC_MEDIA or not all(part.strip(".") for part in parts):
        raise Http404
    return serve(request, path, document_root=settings.MEDIA_ROOT)


class OscarProduct(View):
    """Oscar's product address, answered with ours."""

    def get(self, request, product_slug, pk):
        return redirect(get_object_or_404(ProductSheet.objects.with_all(), product_id=pk), permanent=True)


class OscarCategory(View):
    """Oscar's category address, answered with ours."""

    def get(self, request, category_slug, pk):
        category = get_object_or_404(get_model("catalogue", "Category"), pk=pk)
        return redirect("shops:category", slug=category.slug, permanent=True)
