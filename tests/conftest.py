"""What all tests share: the database, calm caches, and the makers of rows in `tests.factories`."""

import pytest
from django.core.cache import cache
from django.utils import translation

from tests import database


def pytest_addoption(parser):
    parser.addoption("--nothing-skipped", action="store_true", help="fail when a test was skipped")


def pytest_sessionfinish(session):
    """A skipped test proves nothing, so with `--nothing-skipped` it is no success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("nothing_skipped") and reporter.stats.get("skipped"):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    """Each test process has its own copy of the migrated database."""
    with django_db_blocker.unblock():
        database.use(worker_id)


@pytest.fixture(autouse=True)
def _calm():
    """Each test starts in French with an empty cache."""
    cache.clear()
    with translation.override("fr"):
        yield
