"""A ZIP of pictures from a shop: looked at before anything is unpacked, read entry by entry, matched to products by name.

Nothing is ever written under a name of the archive. Entries may not overlap (David Fifield, “A better zip bomb”, 2019), may
not promise more than they may hold, and are read no further than a photo is large.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

MOST_BYTES = 300 * 1024 * 1024
MOST_ENTRIES = 3_000
MOST_UNPACKED = 2 * 1024**3
HIGHEST_RATIO = 100  # photos hardly shrink; what shrinks more is no photo
LONGEST_DIRECTORY = 2 * 1024 * 1024
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    struct.error,
)
_END, _LOCAL_HEADER = b"PK\x05\x06", 30
_END_64, _LOCATOR_64 = b"PK\x06\x06", b"PK\x06\x07"  # before the end, of 56 and 20 bytes; what they say goes first
_LONGEST_TAIL = 56 + 20 + 22 + 65_535
_IN_UTF8, _ENCRYPTED = 0x800, 0x1
_ORDER = re.compile(r"[ _.-]+\(?(\d{1,2})\)?$|\((\d{1,2})\)$")


class ArchiveRefused(Exception):
    """This archive cannot be used; the text says why."""


class Entry(NamedTuple):
    """A file in the archive: its place in it, and its name without folders."""

    place: int
    name: str


class Archive:
    """An archive that was looked at. Raises `ArchiveRefused`."""

    def __init__(self, file: BinaryIO):
        _check_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise ArchiveRefused(_("This is not a ZIP archive that we can read.")) from error
        self._members = self._zip.infolist()
        self._check_members()
        self.entries = [Entry(place, name) for place, member in enumerate(self._members) if (name := _name_of(member))]

    def read(self, place: int) -> bytes:
        """The content of an entry, of the size of a photo at most. Raises `ArchiveRefused`."""
        most, member = settings.MAX_PHOTO_MB * 1024 * 1024, self._members[place]
        try:
            with self._zip.open(member) as file:
                content = file.read(most + 1)
            if len(content) != min(member.file_size, most + 1):
                raise zipfile.BadZipFile("shorter than it says")
        except BROKEN as error:
            raise ArchiveRefused(_("This file of the archive is damaged.")) from error
        if len(content) > most:
            raise ArchiveRefused(_("This photo is larger than %(limit)s MB.") % {"limit": settings.MAX_PHOTO_MB})
        return content

    def _check_members(self) -> None:
        members = self._members
        unpacked, packed = sum(each.file_size for each in members), sum(each.compress_size for each in members)
        if len(members) > MOST_ENTRIES:
            raise ArchiveRefused(
                _("This archive has more than %(most)s files: please split it.") % {"most": MOST_ENTRIES}
            )
        if any(each.flag_bits & _ENCRYPTED for each in members):
            raise ArchiveRefused(_("This archive has a password: please send one without."))
        if unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1_000_000):
            raise ArchiveRefused(_("This archive is too large when unpacked: please send photos only."))
        if any(each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in members):
            raise ArchiveRefused(_("This is not a ZIP archive that we can read."))  # an LZMA entry may ask for 4 GB
        ends = 0
        for each in sorted(members, key=lambda member: member.header_offset):
            if each.header_offset < ends:
                raise ArchiveRefused(_("This is not a ZIP archive that we can read."))
            ends = each.header_offset + _LOCAL_HEADER + each.compress_size


def _check_directory(file: BinaryIO) -> None:
    """The table of contents is small enough to be read at all: asked of the record at the end, as `zipfile` finds it."""
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise ArchiveRefused(_("This archive is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2})
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read(_LONGEST_TAIL)
    at = len(tail) - 22 if tail[-22:].startswith(_END) and tail.endswith(b"\x00\x00") else tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise ArchiveRefused(_("This is not a ZIP archive that we can read."))
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if at >= 76 and tail.startswith(_LOCATOR_64, at - 20) and tail.startswith(_END_64, at - 76):
        entries, length = struct.unpack("<QQ", tail[at - 44 : at - 28])
    if entries > MOST_ENTRIES:
        raise ArchiveRefused(_("This archive has more than %(most)s files: please split it.") % {"most": MOST_ENTRIES})
    if length > LONGEST_DIRECTORY:
        raise ArchiveRefused(_("This is not a ZIP archive that we can read."))


def _name_of(member: zipfile.ZipInfo) -> str:
    """The name as its computer wrote it; "" for folders and what macOS adds."""
    name = member.filename
    if not member.flag_bits & _IN_UTF8:
        raw = name.encode("cp437", "replace")  # what `zipfile` takes it for
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850", "replace")
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = "__MACOSX" in path.parts or path.name.startswith(".")
    return "" if member.is_dir() or hidden else path.name[:200]


def folded(name: str) -> str:
    """A name as it is compared: letters and digits, without accents and case."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def match(entries: Iterable[Entry], names: dict[str, int]) -> tuple[dict[int, list[int]], list[str]]:
    """Which entries are whose: `names` (reference, barcode or file name -> key) to places in the archive, the first picture
    first, and the names of the entries that are nobody's.

    “L0001.jpg”, “l0001_2.JPG” and “L0001 (3).png” are the pictures of “L0001”. A name that two keys share is nobody's.
    """
    keys: dict[str, int | None] = {}
    for name, key in names.items():
        if plain := folded(name):
            keys[plain] = key if keys.get(plain, key) == key else None
    found: dict[int, list[tuple[int, int]]] = {}
    nobody = []
    for entry in entries:
        stem = entry.name.rpartition(".")[0] or entry.name
        order, number = _ORDER.search(stem), 0
        key = keys.get(folded(entry.name)) or keys.get(folded(stem))
        if key is None and order:
            key, number = keys.get(folded(stem[: order.start()])), int(order[1] or order[2])
        if key is None:
            nobody.append(entry.name)
        else:
            found.setdefault(key, []).append((number, entry.place))
    return {key: [place for _number, place in sorted(places)] for key, places in found.items()}, nobody
