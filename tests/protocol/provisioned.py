"""Real computers that become banks of the server in the tests, by a one-time token."""

from argparse import Namespace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pickup.banks import provisioning
from pickup.controller import config as configuration
from pickup.controller import provisioning as controller
from pickup.controller.program import make_driver, make_sync, open_bank

from .test_both_sides import Cable, Ticker


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    """The controller's post goes to Django's test client; errors come as they would from urllib."""

    def post(url, document, _ca):
        answer = Client(enforce_csrf_checks=True).post(
            url.removeprefix("http://127.0.0.1"), document, content_type="application/json"
        )
        if answer.status_code != 200:
            raise configuration.ConfigError(answer.json()["error"]["detail"])
        return answer.json()

    monkeypatch.setattr(controller, "_post", post)


def new_token(bank, age=timedelta(0)) -> str:
    """The text of a token that was made so long ago."""
    _row, token = provisioning.new_token(bank, why="new card", now=timezone.now() - age)
    return token


def become(bank, folder, token=None):
    """Run `provision` on a new computer; the file that it wrote."""
    out = folder / "bank.json"
    controller.provision(
        Namespace(
            server="http://127.0.0.1",
            token=token or new_token(bank),
            out=out,
            state_dir=folder / "state",
            driver="simulator",
            kiosk_port=0,
            ca=None,
        )
    )
    return out


def start(file):
    """The controller on this file, and its way to the server."""
    config = configuration.load(file)
    sync = make_sync(open_bank(config, make_driver(config), Ticker()))
    sync.link = Cable(config)
    return sync


def restarted(sync):
    """The controller after the restart that a new configuration asks for."""
    assert sync.bank.may_restart()
    sync.journal.close()
    return start(sync.bank.config.path)
