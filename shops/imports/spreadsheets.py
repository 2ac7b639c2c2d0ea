"""XLSX, ODS and XLS: looked at before anything is unpacked, then unfolded by a process with bounded memory and time."""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from shops.imports.archives import BROKEN
from shops.imports.tables import Row, Unreadable

XLSX, ODS, XLS = "XLSX", "ODS", "XLS"
SECONDS = 90
MOST_ENTRIES = 500
MOST_UNPACKED = 256 * 1024**2
_LOCAL_HEADER, _ENCRYPTED = 30, 0x1
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM = Path(__file__).with_name("unfolding.py")


def kind_of(head: bytes) -> str:
    """ "ZIP" or "XLS" when the file begins like a spreadsheet, else ""."""
    return XLS if head.startswith(_OLD) else "ZIP" if head.startswith(b"PK\x03\x04") else ""


def read(file: BinaryIO, *, most_rows: int, longest: int) -> tuple[str, list[Row]]:
    """The format, and the rows of the first sheet: one more than `most_rows` at most, cells cut at `longest` letters.

    Raises `Unreadable`.
    """
    file.seek(0)
    kind = kind_of(file.read(8))
    if kind == "ZIP":
        kind = _look_into(file)
    file.seek(0)
    with tempfile.NamedTemporaryFile(suffix=f".{kind.lower()}") as copy, tempfile.TemporaryFile() as answer:
        while part := file.read(1024**2):
            copy.write(part)
        copy.flush()
        command = [sys.executable, "-I", str(_PROGRAM), copy.name, str(most_rows), str(longest)]
        try:
            done = subprocess.run(  # noqa: S603 our own program
                command, stdout=answer, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable(_too_large()) from error
        if done.returncode:  # an exception of the reader is 1; beyond its memory or time it is killed
            raise Unreadable(_too_large() if done.returncode < 0 else _broken())
        answer.seek(0)
        return kind, [Row(line, cells) for line, cells in map(json.loads, answer)]


def _look_into(file: BinaryIO) -> str:
    """XLSX or ODS, by what the archive holds, when it can be unpacked without harm."""
    try:
        with zipfile.ZipFile(file) as archive:
            members, tail = archive.infolist(), archive.start_dir
    except BROKEN as error:
        raise Unreadable(_broken()) from error
    names = {member.filename for member in members}
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Unreadable(_("This file has a password: please save it without."))
    if len(members) > MOST_ENTRIES or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable(_too_large())
    ends = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        if member.header_offset < ends:
            raise Unreadable(_broken())
        ends = member.header_offset + _LOCAL_HEADER + member.compress_size
    if ends > tail or not members or min(member.header_offset for member in members) != 0:
        raise Unreadable(_broken())  # something else stands before or between: a file of two kinds
    if "xl/workbook.xml" in names:
        return XLSX
    if "content.xml" in names and "mimetype" in names:
        return ODS
    raise Unreadable(_("This archive is no spreadsheet. Photos are sent with “Photos in one go”."))


def _broken() -> str:
    return _("This spreadsheet cannot be read. In your spreadsheet, please choose “Save as” and then “CSV”.")


def _too_large() -> str:
    return _("This spreadsheet is too large when unpacked: please copy the filled cells into a new one.")
