"""Archives of pictures: whose the files are, and that no archive can fill the memory, the disk or a place of its choice."""

import io
import struct
import zipfile

import pytest
from django.utils import translation

from shops.imports import archives
from shops.imports.archives import Archive, ArchiveRefused, Entry, match


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def zipped(*files: tuple[str, bytes], kind: int = zipfile.ZIP_STORED) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as archive:
        for name, content in files:
            archive.writestr(name, content)
    made.seek(0)
    return made


def names(archive: io.BytesIO) -> list[str]:
    return [entry.name for entry in Archive(archive).entries]


def test_files_are_named_without_their_folders_and_what_systems_add_is_left_out():
    made = zipped(
        ("Photos/", b""),
        ("Photos/L0001.jpg", b"1"),
        ("../../etc/passwd", b"2"),
        ("C:\\Photos\\L2.jpg", b"3"),
        ("/abs.jpg", b"4"),
        ("__MACOSX/Photos/._L0001.jpg", b"5"),
        ("Photos/.DS_Store", b"6"),
    )

    archive = Archive(made)

    assert [entry.name for entry in archive.entries] == ["L0001.jpg", "passwd", "L2.jpg", "abs.jpg"]
    assert [archive.read(entry.place) for entry in archive.entries] == [b"1", b"2", b"3", b"4"]


def test_accents_arrive_from_windows_too():
    made = zipped(("p_t_.jpg", b"1"))
    windows = made.getvalue().replace(b"p_t_.jpg", "pâté.jpg".encode("cp850"))

    assert names(zipped(("pâté.jpg", b"1"))) == ["pâté.jpg"]
    assert names(io.BytesIO(windows)) == ["pâté.jpg"]


def test_files_find_their_product_by_reference_barcode_or_given_name():
    found, nobody = match(
        [
            Entry(0, "l0001_2.JPG"),
            Entry(1, "L0001.jpg"),
            Entry(2, "L0001 (3).png"),
            Entry(3, "3017620422003.webp"),
            Entry(4, "Pâté-de-campagne.jpeg"),
            Entry(5, "A-10.jpg"),
            Entry(6, "IMG_2041.jpg"),
            Entry(7, "double.jpg"),
            Entry(8, "x-1-2.jpg"),
        ],
        {
            "L0001": 1,
            "3017620422003": 2,
            "pate de campagne.jpeg": 3,
            "A-10": 4,
            "A": 5,
            "Double": 6,
            "DOUBLE!": 7,
            "X-1": 8,
        },
    )

    assert found == {1: [1, 0, 2], 2: [3], 3: [4], 4: [5], 8: [8]}
    assert nobody == ["IMG_2041.jpg", "double.jpg"]


def test_a_name_without_latin_letters_is_nobodys():
    found, nobody = match([Entry(0, "写真.jpg"), Entry(1, "(1).jpg")], {"お茶": 1})

    assert (found, nobody) == ({}, ["写真.jpg", "(1).jpg"])


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06", b"plain text", b"Rar!\x1a\x07", b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_zip_is_refused(content):
    with pytest.raises(ArchiveRefused):
        Archive(io.BytesIO(content))


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(*((f"{number}.jpg", bytes(30_000_000)) for number in range(4)), kind=zipfile.ZIP_DEFLATED)
    assert len(bomb.getvalue()) < 200_000

    with pytest.raises(ArchiveRefused, match="too large when unpacked"):
        Archive(bomb)


def test_too_many_files_are_refused_before_their_list_is_read(monkeypatch):
    made = zipped(*((f"{number}.jpg", b"") for number in range(archives.MOST_ENTRIES + 1)))
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(ArchiveRefused, match="more than"):
        Archive(made)


def test_a_list_of_contents_without_end_is_refused_before_it_is_read(monkeypatch):
    made = bytearray(zipped(("a.jpg", b"1")).getvalue())
    made[-10:-6] = struct.pack("<I", archives.LONGEST_DIRECTORY + 1)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(ArchiveRefused):
        Archive(io.BytesIO(bytes(made)))


def with_zip64(archive: io.BytesIO, *, entries: int, length: int | None = None) -> bytes:
    """The archive with a second end, which goes before the first one (APPNOTE 4.3.14)."""
    made = archive.getvalue()
    end = len(made) - 22
    said, begin = struct.unpack("<II", made[end + 12 : end + 20])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, length or said, begin)
    return made[:end] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + made[end:]


@pytest.mark.parametrize("more", [{"entries": 1, "length": 2**29}, {"entries": 10**9}])
@pytest.mark.parametrize("comment", [0, 65_535])
def test_a_second_end_that_says_more_than_the_first_is_believed(monkeypatch, more, comment):
    """`zipfile` believes it too: a list of contents as long as the whole file would be read into the memory."""
    made = with_zip64(zipped(("a.jpg", b"1")), **more)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(ArchiveRefused):
        Archive(io.BytesIO(made[:-2] + struct.pack("<H", comment) + b"c" * comment))


def test_an_archive_written_for_large_files_is_read():
    archive = Archive(io.BytesIO(with_zip64(zipped(("a.jpg", b"1")), entries=1)))

    assert archive.read(0) == b"1"


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_no_computer_packs_photos_with_is_refused(kind):
    """A damaged entry of this kind would break off the work on everybody's pictures."""
    made = zipped(("a.jpg", b"x" * 100), kind=kind).getvalue()

    with pytest.raises(ArchiveRefused):
        Archive(io.BytesIO(made)).read(0)


def test_entries_that_share_their_bytes_are_refused():
    """Fifield's bomb: many names in the list point at the same compressed bytes."""
    made = bytearray(zipped(("a.jpg", b"x" * 1000), ("b.jpg", b"y" * 1000)).getvalue())
    second = made.rfind(b"PK\x01\x02")
    made[second + 42 : second + 46] = struct.pack("<I", 0)  # where b.jpg begins: where a.jpg does

    with pytest.raises(ArchiveRefused):
        Archive(io.BytesIO(bytes(made)))


@pytest.mark.parametrize("said", [1, 10_000])
def test_an_entry_that_lies_about_its_size_is_damaged(said):
    made = bytearray(zipped(("a.jpg", b"x" * 1000)).getvalue())
    listed = made.rfind(b"PK\x01\x02")
    made[listed + 24 : listed + 28] = struct.pack("<I", said)
    archive = Archive(io.BytesIO(bytes(made)))

    with pytest.raises(ArchiveRefused):
        archive.read(0)


def test_an_entry_is_read_no_further_than_a_photo_is_large(settings):
    settings.MAX_PHOTO_MB = 1
    archive = Archive(zipped(("a.jpg", bytes(1024 * 1024)), ("b.jpg", bytes(1024 * 1024 + 1))))

    assert len(archive.read(0)) == 1024 * 1024
    with pytest.raises(ArchiveRefused, match="larger"):
        archive.read(1)


def test_a_password_and_damage_are_told():
    made = bytearray(zipped(("a.jpg", b"x" * 100)).getvalue())
    broken = bytes(made).replace(b"x" * 100, b"y" * 100)
    made[made.rfind(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ArchiveRefused, match="password"):
        Archive(io.BytesIO(bytes(made)))
    with pytest.raises(ArchiveRefused, match="damaged"):
        Archive(io.BytesIO(broken)).read(0)
