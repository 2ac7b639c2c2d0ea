"""Drafts, previews, and pages that publish and end by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.models import PREVIEW_SIZES, PromotionPage
from cms.tasks import publish_scheduled_pages
from tests.cms.makers import make_promotion
from tests.factories import make_user


def test_draft_is_not_public(association, client):
    page = make_promotion(association, live=False)

    assert client.get(f"/{association.slug}/{page.slug}/").status_code == 404


def test_scheduled_page_is_published_when_its_time_has_come(association, client):
    page = make_promotion(association, "Braderie", live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    publish_scheduled_pages()
    assert client.get(f"/{association.slug}/{page.slug}/").status_code == 404

    revision = page.get_latest_revision()
    revision.approved_go_live_at = page.go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = page.go_live_at.isoformat()
    revision.save()
    publish_scheduled_pages()

    assert client.get(f"/{association.slug}/{page.slug}/").status_code == 200


def test_page_ends_when_its_time_is_over(association, client):
    page = make_promotion(association)
    PromotionPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    publish_scheduled_pages()

    assert client.get(f"/{association.slug}/{page.slug}/").status_code == 404


def test_publishing_twice_changes_nothing(association):
    page = make_promotion(association)
    before = PromotionPage.objects.values().get(pk=page.pk)

    publish_scheduled_pages()
    publish_scheduled_pages()

    assert PromotionPage.objects.values().get(pk=page.pk) == before


def test_preview_offers_the_width_of_a_phone(association):
    assert association.default_preview_size == "phone"
    assert [size["device_width"] for size in PREVIEW_SIZES] == [390, 820, 1280]


@pytest.mark.parametrize("number", [0, 1])
def test_public_pages_carry_the_strict_policy_and_no_cookie(association, client, number):
    page = [association, make_promotion(association)][number]

    response = client.get(page.url)

    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.cookies == {}


def test_superuser_sees_the_draft_in_the_preview(association, client):
    page = make_promotion(association, "Avant-première", live=False)
    page.save_revision()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    response = client.get(f"/cms/pages/{page.pk}/view_draft/")

    assert "Avant-première" in response.content.decode()
