from datetime import timedelta

import pytest
import time_machine

from marketplace.foundation.ratelimits import allow

pytestmark = pytest.mark.django_db


def test_the_limit_holds_within_the_window_and_starts_afresh_after_it():
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False) as clock:
        assert [allow("door", limit=2, per=timedelta(minutes=1)) for _ in range(3)] == [True, True, False]
        assert allow("other door", limit=2, per=timedelta(minutes=1))
        clock.shift(timedelta(minutes=1))
        assert allow("door", limit=2, per=timedelta(minutes=1))
