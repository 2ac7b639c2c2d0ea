"""The document that makers of tills read says what the API does."""

import json

import pytest
from django.conf import settings
from django.utils import translation

from shops.api.description import document
from shops.api.urls import api
from tests.shops.api.calls import Till

KEPT = settings.BASE_DIR / "docs" / "api" / "openapi.json"


def test_the_kept_document_is_that_of_the_code():
    with translation.override("en"):
        assert document(api) == KEPT.read_text(encoding="utf-8"), "run manage.py describe_api"


@pytest.mark.django_db
def test_the_document_is_served_without_a_key():
    answer = Till(None).get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["paths"] == json.loads(KEPT.read_text(encoding="utf-8"))["paths"]


def test_every_operation_wants_a_key_and_says_how_it_refuses():
    operations = [each for path in json.loads(KEPT.read_text())["paths"].values() for each in path.values()]

    assert operations
    for operation in operations:
        assert operation["security"] == [{"ByKey": []}]
        assert {"200", "401", "403", "429"} <= set(operation["responses"])
        assert set(operation["responses"]["401"]["content"]) == {"application/problem+json"}
