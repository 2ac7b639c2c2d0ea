"""The media folder: pictures for everybody, nothing else, however the address is written."""

from pathlib import Path

import pytest
from django.test import Client

PAGE = "<script src='/media/documents/other.js'></script>"


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("products/a.webp", "documents/page.html", "original_images/home.jpg", "loose.html"):
        file = Path(settings.MEDIA_ROOT, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE)
    (tmp_path / "secret_key").write_text(PAGE)


def test_pictures_are_served_with_their_type_and_nothing_may_run(folder):
    answer = Client().get("/media/products/a.webp")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "documents/page.html",
        "./documents/page.html",
        "/documents/page.html",
        "%2e/documents/page.html",
        "products/../documents/page.html",
        "products/%2e%2e/documents/page.html",
        "products/.../../documents/page.html",
        "products//../documents/page.html",
        "original_images/home.jpg",
        "loose.html",
        "products/",
        "../secret_key",
        "products/../../secret_key",
        "products/%00",
    ],
)
def test_documents_originals_and_what_lies_beside_are_not(folder, path):
    assert Client(raise_request_exception=False).get(f"/media/{path}").status_code == 404
