"""Pictures that come after the goods: `want` notes them with the product, `work_due` gets them one by one, each once.

A picture that cannot be had never holds up its product: the product is there without it, and the desk says why.
"""

import time
from contextlib import ExitStack
from datetime import timedelta
from math import inf
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation.nudges import nudge
from marketplace.foundation.outside import INTERNET, Network
from shops import products
from shops.imports.archives import Archive, ArchiveRefused, match
from shops.imports.fetching import NotNow, PictureError, accept, fetch, is_address
from shops.models import PictureArchive, PictureWanted, ProductSheet, Shop

BETWEEN = "|"
MOST_SOURCES = 10
PAUSES = [timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12)]  # before a next attempt
CLAIMED = timedelta(minutes=10)  # a worker that was killed loses its picture to the next one after that
ARCHIVE_DAYS = 30


def want(sheet: ProductSheet, cell: str, *, alt: str = "") -> None:
    """Note that `sheet` is to get the first picture that can be had of `cell`: addresses, or names of files of an archive
    that is still to come, parted by "|". The same wish again changes nothing. Call it where the product is written."""
    sources = [part.strip()[:2000] for part in cell.split(BETWEEN) if part.strip()][:MOST_SOURCES]
    if sources:
        _note(sheet, sources, archive=None, alt=alt)


def want_all(wishes: list[tuple[ProductSheet, str]]) -> None:
    """`want` for many products at once; the descriptions of the pictures are those that the products have."""
    parted = {sheet.pk: [part.strip()[:2000] for part in cell.split(BETWEEN) if part.strip()] for sheet, cell in wishes}
    rows = [
        PictureWanted(sheet=sheet, sources=parted[sheet.pk][:MOST_SOURCES], alt=sheet.photo_alt)
        for sheet, _cell in wishes
        if parted[sheet.pk]
    ]
    if rows:
        PictureWanted.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["sheet"],
            update_fields=["sources", "alt", "archive", "try_at", "attempts", "got_at", "is_given_up", "error"],
        )
        _nudge()


def send_archive(shop: Shop, upload) -> tuple[int, list[str]]:
    """Keep a ZIP of pictures and note whose they are: how many products get one, and the names that belong to nobody.

    Names are compared with references, barcodes and the file names that the imported catalogue gave. Raises
    `ArchiveRefused`.
    """
    archive = Archive(upload)
    sheets = {sheet.pk: sheet for sheet in shop.sheets.select_related("wanted_picture").order_by("pk")}
    found, nobody = match(archive.entries, _names(sheets.values()))
    if found:
        upload.seek(0)
        with transaction.atomic():
            kept = PictureArchive.objects.create(shop=shop, file=upload)
            for pk, places in found.items():
                _note(sheets[pk], places[:MOST_SOURCES], archive=kept)
    return len(found), nobody


def try_again(shop: Shop) -> int:
    """Begin anew with the pictures that were given up; how many."""
    given_up = PictureWanted.objects.filter(sheet__shop=shop, is_given_up=True)
    count = given_up.update(is_given_up=False, attempts=0, try_at=timezone.now(), error="")
    _nudge()
    return count


def find(
    sources: list,
    archive: Archive | None,
    *,
    network: Network = INTERNET,
    silent: dict[str, NotNow] | None = None,
    ends_at: float = inf,
) -> ContentFile:
    """The first picture that can be had. Raises the `PictureError` of the last source, `NotNow` when one may work later.

    Servers in `silent` are not asked, those that do not answer are added. After `ends_at`, a moment of `time.monotonic`,
    no further source is tried.
    """
    failure: PictureError | None = None
    silent = {} if silent is None else silent
    for source in sources:
        if failure is not None and time.monotonic() > ends_at:
            raise NotNow(_("The server of this address is too slow."))
        try:
            return _get(source, archive, network, silent)
        except PictureError as error:
            failure = failure if isinstance(failure, NotNow) and not isinstance(error, NotNow) else error
    raise failure or PictureError(_("There is no picture."))


def work_due(*, seconds: float, network: Network = INTERNET) -> int:
    """Get the pictures that are due, one after the other, for `seconds` at most; how many products got one.

    A server that does not answer is asked once only, for the sake of the pictures of others.
    """
    ends_at, got = time.monotonic() + seconds, 0
    silent: dict[str, NotNow] = {}
    with ExitStack() as open_files:
        archives: dict[int, Archive | None] = {}
        while time.monotonic() < ends_at:
            wanted = PictureWanted.objects.due().select_related("archive").first()
            if wanted is None:
                break
            if _claim(wanted):
                archive = _opened(wanted.archive, archives, open_files)
                got += _work(wanted, archive, network=network, silent=silent, ends_at=ends_at)
    _forget_archives()
    return got


def _get(source, archive: Archive | None, network: Network, silent: dict[str, NotNow]) -> ContentFile:
    if isinstance(source, int):
        if archive is None:
            raise PictureError(_("The archive of this picture is gone: please send it again."))
        try:
            return accept(archive.read(source))
        except ArchiveRefused as error:
            raise PictureError(str(error)) from error
    if is_address(source):
        host = source.split("/")[2].lower()
        if host in silent:
            raise silent[host]
        try:
            return fetch(source, network=network)
        except NotNow as error:
            silent[host] = error
            raise
    raise PictureError(_("Please send a ZIP archive with the file “%(name)s”.") % {"name": source[:100]})


def _note(sheet: ProductSheet, sources: list, *, archive: PictureArchive | None, alt: str = "") -> None:
    now = PictureWanted.objects.filter(sheet=sheet).first()
    if now and archive is None and now.sources == sources and (sheet.photo or now.got_at is None):
        return
    fresh = {"try_at": timezone.now(), "attempts": 0, "got_at": None, "is_given_up": False, "error": ""}
    PictureWanted.objects.update_or_create(
        sheet=sheet,
        defaults=fresh | {"sources": sources, "archive": archive, "alt": (alt or (now.alt if now else ""))[:160]},
    )
    _nudge()


def _names(sheets) -> dict[str, int]:
    """Reference, barcode and the names that the catalogue gave -> product."""
    names = {}
    for sheet in sheets:
        wanted = getattr(sheet, "wanted_picture", None)
        given = [source for source in wanted.sources if isinstance(source, str)] if wanted else []
        files = [PurePosixPath(name.replace("\\", "/")).name for name in given if not is_address(name)]
        for name in (sheet.reference, sheet.ean, *files):
            if name:
                names[name] = sheet.pk
    return names


def _claim(wanted: PictureWanted) -> bool:
    """Of several workers one gets it."""
    mine = PictureWanted.objects.filter(pk=wanted.pk, attempts=wanted.attempts, try_at=wanted.try_at, got_at=None)
    return bool(mine.update(attempts=F("attempts") + 1, try_at=timezone.now() + CLAIMED))


def _work(wanted: PictureWanted, archive: Archive | None, **how) -> bool:
    try:
        if wanted.attempts > len(PAUSES):  # whoever worked on it died each time: it shall not kill the next one
            raise PictureError(_("This file is not a photo that we can read. Please use JPEG, PNG, WebP or HEIC."))
        photo = find(wanted.sources, archive, **how)
    except NotNow as error:
        over = wanted.attempts >= len(PAUSES)
        pause = timedelta(0) if over else PAUSES[wanted.attempts]
        _put_off(wanted, is_given_up=over, try_at=timezone.now() + pause, error=str(error)[:300])
    except PictureError as error:
        _put_off(wanted, is_given_up=True, error=str(error)[:300])
    else:
        return _keep(wanted, photo)
    return False


def _put_off(wanted: PictureWanted, **values) -> None:
    """Unless somebody has wished for another picture meanwhile."""
    PictureWanted.objects.filter(pk=wanted.pk, attempts=wanted.attempts + 1, got_at=None).update(**values)


@transaction.atomic
def _keep(wanted: PictureWanted, photo: ContentFile) -> bool:
    row = PictureWanted.objects.select_for_update().filter(pk=wanted.pk, attempts=wanted.attempts + 1, got_at=None)
    if row.first() is None:  # the product is gone, or somebody has wished for another picture meanwhile
        return False
    sheet = ProductSheet.objects.get(pk=wanted.sheet_id)
    products.update(sheet, photo=photo, **({"photo_alt": wanted.alt} if wanted.alt else {}))
    PictureWanted.objects.filter(pk=wanted.pk).update(got_at=timezone.now(), error="")
    return True


def _opened(row: PictureArchive | None, archives: dict, open_files: ExitStack) -> Archive | None:
    """The archive of a row, opened once for all its pictures."""
    if row is None:
        return None
    if row.pk not in archives:
        try:
            archives[row.pk] = Archive(open_files.enter_context(row.file.open("rb")))
        except (ArchiveRefused, OSError):
            archives[row.pk] = None
    return archives[row.pk]


def _forget_archives() -> None:
    """Archives out of which nobody waits for anything go, with their file; and those that are too old."""
    still_wanted = PictureWanted.objects.filter(got_at=None, archive=OuterRef("pk"))
    old = timezone.now() - timedelta(days=ARCHIVE_DAYS)
    for archive in PictureArchive.objects.filter(~Exists(still_wanted) | Q(created_at__lt=old)):
        with transaction.atomic():
            PictureWanted.objects.filter(archive=archive).update(archive=None)
            archive.delete()
        archive.file.storage.delete(archive.file.name)


def _nudge() -> None:
    from shops.tasks import work_pictures

    nudge(work_pictures)
