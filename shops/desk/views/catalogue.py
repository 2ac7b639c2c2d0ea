"""A catalogue file from the desk: uploaded, shown as a dry run, then confirmed."""

from secrets import token_urlsafe

from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shops.desk.forms import CatalogueForm
from shops.imports.catalogue import import_catalogue
from shops.imports.reading import MAX_BYTES, Unreadable
from shops.permissions import Role, shop_staff

KEPT_SECONDS = 3600
MOST_SHOWN = 200


@shop_staff(Role.MANAGER)
def upload(request, shop):
    """Choose a file and see what it would do; nothing is changed yet."""
    form = CatalogueForm(request.POST or None, request.FILES or None)
    context = {"shop": shop, "section": "products", "form": form}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(MAX_BYTES + 1)  # more is refused: why hold it in memory
        try:
            context |= _told(import_catalogue(shop, content, dry_run=True))
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            context["token"] = token_urlsafe(16)
            cache.set(_key(shop, context["token"]), content, KEPT_SECONDS)
    return render(request, "shops/desk/import.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def confirm(request, shop):
    """Do what the preview showed."""
    token = request.POST.get("token", "")[:40]
    content = cache.get(_key(shop, token)) if token.replace("-", "").replace("_", "").isalnum() else None
    if content is None:
        messages.error(request, _("The file is no longer here: please choose it again."))
        return redirect("desk:import", shop.slug)
    report = import_catalogue(shop, content)
    cache.delete(_key(shop, token))
    return render(
        request, "shops/desk/import.html", {"shop": shop, "section": "products", "done": True} | _told(report)
    )


def _key(shop, token: str) -> str:
    return f"catalogue:{shop.pk}:{token}"


def _told(report) -> dict:
    return {
        "report": report,
        "counts": report.counts,
        "refused": report.refused[:MOST_SHOWN],
        "more_refused": max(0, len(report.refused) - MOST_SHOWN),
    }
