"""Catalogue files at the desk: sent, shown row by row, corrected, confirmed, undone; and the file that goes out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from shops.desk import importing
from shops.desk.forms import CatalogueForm
from shops.imports import exports, sending
from shops.imports.aisles import Aisles
from shops.imports.reading import MAX_BYTES, MAX_ROWS, Unreadable
from shops.imports.sending import ImportRefused
from shops.models import CatalogueImport, CategoryTranslation
from shops.permissions import Role, shop_staff

PER_PAGE = 25
MOST_LISTED = 20
Status = CatalogueImport.Status


@shop_staff(Role.MANAGER)
def upload(request, shop):
    """Send a file, get one, and see what earlier ones did."""
    form = CatalogueForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = sending.receive(shop, form.cleaned_data["file"], by=request.user)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            if row.status != Status.UNREADABLE:
                return redirect("desk:import_file", shop.slug, row.pk)
            form.add_error("file", row.error)
    context = {
        "shop": shop,
        "section": "products",
        "form": form,
        "most_mb": MAX_BYTES // 1024**2,
        "most_rows": MAX_ROWS,
        "formats": exports.FORMATS,
        "files": shop.catalogue_imports.exclude(status=Status.UNREADABLE).order_by("-pk")[:MOST_LISTED],
    }
    return render(request, "shops/desk/import.html", context)


@shop_staff(Role.MANAGER)
@require_GET
def file(request, shop, pk):
    """One file: how far it is, and what each of its rows does."""
    row = _file(shop, pk)
    counts = importing.counts(row)
    show = importing.shown(request.GET.get("show", ""), counts)
    rows = row.rows.order_by("line")
    rows = (
        rows
        if show == "all"
        else rows.filter(undone__in=importing.KEPT)
        if show == "kept"
        else rows.filter(verdict=show)
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    opened = request.GET.get("line", "")
    context = {
        "shop": shop,
        "section": "products",
        "file": row,
        "counts": counts,
        "tabs": importing.tabs(counts, row),
        "show": show,
        "page": page,
        "rows": [importing.told(row, each, is_open=str(each.line) == opened) for each in page],
        "columns": importing.columns_of(row) if row.status == Status.PREVIEWED and not row.dialect else [],
        "progress": importing.progress(row),
        "most_cells": range(len(row.headers)),
    }
    return render(request, "shops/desk/import_file.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def rows(request, shop, pk):
    """Keep the corrections and the choice of one page; with `action` run, import all that is chosen."""
    row = _file(shop, pk)
    shown, chosen = (_lines(request.POST.getlist(name)) for name in ("shown", "take"))
    try:
        sending.choose(row, shown=shown, chosen=chosen)
        corrections = importing.corrections(row, request.POST)
        if corrections:
            sending.correct(row, corrections)
        if request.POST.get("action") == "run":
            sending.begin(row, by=request.user)
    except ImportRefused as error:
        messages.error(request, str(error))
    return redirect(importing.address(row, request.POST))


@shop_staff(Role.MANAGER)
@require_POST
def assign(request, shop, pk):
    """Say which column is which."""
    row = _file(shop, pk)
    try:
        sending.assign(row, importing.placed(row, request.POST))
    except ImportRefused as error:
        messages.error(request, str(error))
    return redirect("desk:import_file", shop.slug, row.pk)


@shop_staff(Role.MANAGER)
def aisles(request, shop, pk):
    """Say once which of our categories stands for which of the other system's."""
    row = _file(shop, pk)
    paths = Aisles().paths
    if request.method == "POST":
        for number, theirs in enumerate(sorted(row.open_aisles)):
            ours = request.POST.get(f"aisle-{number}", "")
            if ours:
                CategoryTranslation.objects.update_or_create(
                    shop=shop,
                    theirs=theirs[:255],
                    defaults={
                        "ours_id": int(ours) if ours.isascii() and ours.isdigit() and int(ours) in paths else None
                    },
                )
        try:
            sending.judge_again(row)
        except ImportRefused as error:
            messages.error(request, str(error))
        return redirect("desk:import_file", shop.slug, row.pk)
    context = {
        "shop": shop,
        "section": "products",
        "file": row,
        "paths": paths,
        "theirs": list(enumerate(sorted(row.open_aisles.items()))),
    }
    return render(request, "shops/desk/import_aisles.html", context)


@shop_staff(Role.MANAGER)
@require_POST
def undo(request, shop, pk):
    """Take back what the file did."""
    row = _file(shop, pk)
    try:
        sending.undo(row, by=request.user)
    except ImportRefused as error:
        messages.error(request, str(error))
    return redirect("desk:import_file", shop.slug, row.pk)


@shop_staff(Role.MANAGER)
@require_GET
def state(request, shop, pk):
    """How far the file is, for the page that shows it: {"status", "done", "all"}."""
    row = _file(shop, pk)
    done, everything = importing.progress(row)
    return JsonResponse({"status": row.status, "done": done, "all": everything})


@shop_staff(Role.MANAGER)
@require_GET
def export(request, shop, kind):
    """All products as a file that goes back in unchanged."""
    if kind not in exports.FORMATS:
        raise Http404
    name = f"{shop.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = HttpResponse(exports.export(shop, kind), content_type=exports.FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(shop, pk) -> CatalogueImport:
    return get_object_or_404(shop.catalogue_imports.select_related("shop", "by"), pk=pk)


def _lines(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 8}
