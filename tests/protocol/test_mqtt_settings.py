"""Where a bank finds its broker, and what its topics are called."""

import pytest

from pickup.controller import config as configuration
from pickup.protocol import topics
from pickup.protocol.topics import Channel

from .kit import settings

ACCOUNT = {"user": "u", "password": "p"}


def read(tmp_path, **mqtt):
    return configuration.read({**settings(tmp_path), "mqtt": mqtt}).mqtt


def test_a_bank_without_broker_speaks_https_alone(tmp_path):
    assert configuration.read(settings(tmp_path)).mqtt is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtts://broker.example", ("broker.example", 8883, True)),
        ("mqtts://broker.example:9883", ("broker.example", 9883, True)),
        ("mqtt://127.0.0.1", ("127.0.0.1", 1883, False)),
    ],
)
def test_the_address_says_host_port_and_encryption(tmp_path, url, expected):
    mqtt = read(tmp_path, url=url, ca="PEM", **ACCOUNT)

    assert (mqtt.host, mqtt.port, mqtt.tls) == expected


@pytest.mark.parametrize(
    ("mqtt", "words"),
    [
        ({"url": "mqtt://broker.example", **ACCOUNT}, "mqtts"),
        ({"url": "http://127.0.0.1", **ACCOUNT}, "mqtts:"),
        ({"url": "mqtts://broker.example"}, "user is missing"),
    ],
)
def test_an_unusable_broker_is_refused_with_a_sentence(tmp_path, mqtt, words):
    with pytest.raises(configuration.ConfigError, match=words):
        read(tmp_path, **mqtt)


def test_topics_name_their_bank_and_nothing_else_does():
    assert topics.split(topics.of("b7f3a", Channel.EVENTS)) == ("b7f3a", "evt")
    assert {topics.split(text) for text in ("", "tlp/1", "tlp/1/b", "tlp/2/b/evt", "tlp/1/b/evt/x")} == {("", "")}
