"""Write docs/api/openapi.json, after the API has changed."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from shops.api.description import document


class Command(BaseCommand):
    """`manage.py describe_api`"""

    help = "Write the OpenAPI document of the API for tills into docs/api/openapi.json."

    def handle(self, **options):
        from shops.api.urls import api  # builds the whole API

        path = settings.BASE_DIR / "docs" / "api" / "openapi.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with translation.override("en"):
            path.write_text(document(api), encoding="utf-8")
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} is written.")
