"""Pages for the tests of the cms."""

import pytest

from tests.cms.makers import make_association, make_home


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def association(home):
    return make_association(home)
