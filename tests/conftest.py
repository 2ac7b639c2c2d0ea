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


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, which contacts nobody; one for the whole run, for a process can hold only one."""
    from playwright.sync_api import sync_playwright  # not for tests without a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _calm():
    """Each test starts in French with an empty cache."""
    cache.clear()
    with translation.override("fr"):
        yield
