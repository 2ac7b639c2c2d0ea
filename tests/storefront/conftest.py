"""Pages as they are served all day: the links of the footer lie in the cache, so that query counts are those of the page."""

import pytest

from cms import footer


@pytest.fixture(autouse=True)
def _footer_in_the_cache(db):
    footer.links()
