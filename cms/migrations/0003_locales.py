"""A locale of Wagtail for each language of the interface."""

from django.conf import settings
from django.db import migrations


def create(apps, schema_editor):
    Locale = apps.get_model("wagtailcore", "Locale")
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def remove(apps, schema_editor):
    """Those without pages; the default one stays."""
    used = apps.get_model("wagtailcore", "Page").objects.values("locale")
    apps.get_model("wagtailcore", "Locale").objects.exclude(language_code=settings.LANGUAGE_CODE).exclude(
        pk__in=used
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_purpose")]

    operations = [migrations.RunPython(create, remove)]
