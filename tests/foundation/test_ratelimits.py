from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory

from marketplace.foundation.ratelimits import allow, visitor_address

pytestmark = pytest.mark.django_db


def test_the_limit_holds_within_the_window_and_starts_afresh_after_it():
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False) as clock:
        assert [allow("door", limit=2, per=timedelta(minutes=1)) for _ in range(3)] == [True, True, False]
        assert allow("other door", limit=2, per=timedelta(minutes=1))
        clock.shift(timedelta(minutes=1))
        assert allow("door", limit=2, per=timedelta(minutes=1))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        (2, "1.2.3.4, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::5", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_visitors_are_counted_by_what_our_own_machines_saw(settings, proxies, forwarded, counted):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert visitor_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)) == counted
