"""What all tests share."""

import pytest


@pytest.fixture(autouse=True)
def _no_leftovers(settings):
    """Each test starts in French with an empty cache."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate("fr")
    yield
    translation.deactivate()
