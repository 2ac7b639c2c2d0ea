"""`manage.py set_up`: the mode of an instance is said once."""

import pytest
from django.core.management import CommandError, call_command

from shops.models import Instance

pytestmark = pytest.mark.django_db


def test_mode_is_written_once_and_may_be_repeated(capsys):
    call_command("set_up", "demo")
    call_command("set_up", "demo")

    assert Instance.objects.get().mode == Instance.Mode.DEMO
    assert "This is a demo instance." in capsys.readouterr().out


def test_mode_is_never_changed():
    call_command("set_up", "demo")

    with pytest.raises(CommandError, match="never become live"):
        call_command("set_up", "live")

    assert Instance.objects.get().mode == Instance.Mode.DEMO
