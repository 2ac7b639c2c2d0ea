"""A catalogue of 10,000 rows with 2,000 pictures: rows a second, statements a row, and the most memory of the whole process.

The file is a CSV of an ordinary till; the pictures come as one ZIP of photos of 1,200 pixels.
"""

import io
import random
import resource
import tempfile
import time
import zipfile
from contextlib import contextmanager

ROWS, PICTURES, DIFFERENT = 10_000, 2_000, 20
CHANGED = 1_000  # rows that the second file changes
PX = 1_200
SEED = 20261129
WORDS = "pain miel fromage pomme savon livre bougie confiture tisane panier roman carnet vase cidre huile biscuit"
HEAD = "Référence;Code-barres;Désignation;Rayon;Prix TTC;TVA;Stock;Description\n"


def measure() -> dict:
    """Figures of one run."""
    from django.core.files.uploadedfile import UploadedFile

    from shops.imports import exports, pictures, sending
    from tests.factories import make_shop

    shop = make_shop("Bazar de la Halle")
    figures: dict = {"rows": ROWS, "pictures": PICTURES, "memory_before_mb": _memory_mb()}
    with _timed(figures, "first"):
        file = _through(sending, shop, _table(), figures, "first")
    _expect(file, created=ROWS)
    with _timed(figures, "changes"):
        file = _through(sending, shop, _table(dearer=CHANGED), figures, "changes")
    _expect(file, changed=CHANGED)
    with _timed(figures, "undo"):
        sending.undo(file, by=None)
        sending.work_due(seconds=900)
    with _timed(figures, "export_xlsx"):
        exports.export(shop, "xlsx")
    figures["import_peak_mb"] = _memory_mb()
    with tempfile.TemporaryFile() as archive:
        _write_archive(archive)
        upload = UploadedFile(archive, "photos.zip", "application/zip", archive.tell())
        figures["archive_mb"] = round(upload.size / 1e6, 1)
        begun = time.perf_counter()
        count, _nobody = pictures.send_archive(shop, upload)
        got = pictures.work_due(seconds=1_500)
    figures["pictures_seconds"] = round(time.perf_counter() - begun, 1)
    figures["pictures_a_second"] = round(got / figures["pictures_seconds"], 1)
    if (count, got) != (PICTURES, PICTURES):
        raise RuntimeError(f"{got} of {count} pictures")
    figures["peak_mb"] = _memory_mb()
    return figures


def _through(sending, shop, content: bytes, figures: dict, name: str):
    """A file from its upload to the last row."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    with _counted(figures, f"{name}_preview"):
        file = sending.receive(shop, SimpleUploadedFile("bazar.csv", content), by=None)
        sending.work_due(seconds=900)
        file.refresh_from_db()
    if file.status != file.Status.PREVIEWED:
        raise RuntimeError(file.error or file.status)
    with _counted(figures, f"{name}_write"):
        sending.begin(file, by=None)
        sending.work_due(seconds=900)
    file.refresh_from_db()
    return file


def _expect(file, *, created: int = 0, changed: int = 0) -> None:
    found = tuple(file.rows.filter(outcome=outcome).count() for outcome in ("create", "change"))
    if (file.status, found) != (file.Status.DONE, (created, changed)):
        raise RuntimeError(f"{file.status}: {found}")


@contextmanager
def _timed(figures: dict, name: str):
    begun = time.perf_counter()
    yield
    seconds = time.perf_counter() - begun
    figures[f"{name}_seconds"], figures[f"{name}_rows_a_second"] = round(seconds, 1), round(ROWS / seconds)


@contextmanager
def _counted(figures: dict, name: str):
    """Statements a row, counted as they go by: keeping 10,000 of them would be a measurement of its own."""
    from django.db import connection

    count = 0

    def counting(execute, sql, params, many, context):
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        yield
    figures[f"{name}_sql_a_row"] = round(count / ROWS, 3)


def _table(*, dearer: int = 0) -> bytes:
    chance, text = random.Random(SEED), io.StringIO()
    words = WORDS.split(" ")
    text.write(HEAD)
    for number in range(ROWS):
        cents = chance.randint(100, 6000) + (100 if number < dearer else 0)
        name = " ".join(chance.sample(words, 3)).capitalize()
        description = " ".join(chance.choices(words, k=30))
        price, stock = f"{cents // 100},{cents % 100:02}", chance.randint(0, 50)
        text.write(f"B{number:05};;{name} {number};Bazar > Étal {number % 40};{price};20;{stock};{description}\n")
    return text.getvalue().encode("cp1252")


def _write_archive(file) -> None:
    """Some different photos under many names: what counts is that each is decoded, cut and written."""
    from PIL import Image

    photos = []
    for number in range(DIFFERENT):
        noise = Image.effect_noise((PX // 40, PX // 40), 40 + number).resize((PX, PX)).convert("RGB")
        content = io.BytesIO()
        noise.save(content, "JPEG", quality=80)
        photos.append(content.getvalue())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number in range(PICTURES):
            archive.writestr(f"B{number:05}.jpg", photos[number % DIFFERENT])


def _memory_mb() -> int:
    """The most memory that this process has ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
