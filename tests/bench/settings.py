"""The embedded mode as it is installed, plus the bare page that everything is compared with."""

from marketplace.settings.base import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor"
