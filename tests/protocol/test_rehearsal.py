"""The two things that only rehearsals use: a clock steered from outside, and a wall in another process."""

import socketserver
import threading
from datetime import UTC, datetime, timedelta

import pytest

from pickup.controller.drivers.base import CommError, HardwareRefusal
from pickup.controller.drivers.socket_wall import SocketWall
from pickup.controller.steering import SteeredTicker, steer
from pickup.protocol.vocabulary import Door, Presence

NOON = datetime(2026, 9, 19, 12, 0, tzinfo=UTC)


def test_steered_clocks_say_what_the_file_says(tmp_path):
    ticker = SteeredTicker(tmp_path / "clock")

    steer(ticker.file, mono=600.5, wall=NOON)

    assert (ticker.mono(), ticker.wall()) == (600.5, NOON)


def test_whoever_waits_goes_on_when_the_steered_time_has_come(tmp_path):
    ticker = SteeredTicker(tmp_path / "clock")
    steer(ticker.file, mono=0, wall=NOON)
    asked, ended = threading.Event(), threading.Event()
    never = threading.Event()
    never.is_set = lambda: asked.set()
    threading.Thread(target=lambda: (ticker.wait(never, 43_200), ended.set()), daemon=True).start()
    asked.wait(5)

    steer(ticker.file, mono=43_199, wall=NOON)
    too_early = ended.wait(0.05)
    steer(ticker.file, mono=43_200, wall=NOON + timedelta(hours=12))

    assert (too_early, ended.wait(5)) == (False, True)


def test_an_event_ends_the_waiting_before_its_time(tmp_path):
    ticker = SteeredTicker(tmp_path / "clock")
    steer(ticker.file, mono=0, wall=NOON)
    event = threading.Event()
    event.set()

    assert ticker.wait(event, 60)


@pytest.fixture
def answers():
    """What the wall on the other side answers, line by line; (answers, driver)."""
    lines: list[bytes] = []

    class OneLine(socketserver.StreamRequestHandler):
        def handle(self):
            while self.rfile.readline() and lines:
                self.wfile.write(lines.pop(0) + b"\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OneLine) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield lines, SocketWall({"port": server.server_address[1]}, [1, 2])
        server.shutdown()


def test_the_wall_in_another_process_shows_its_doors_and_what_it_does_not_know(answers):
    lines, wall = answers
    lines += [b'{"doors": {"1": "open"}, "presence": {"1": "empty"}, "temperatures": {"chilled": 4.5}}']

    assert wall.read_doors() == {1: Door.OPEN, 2: Door.UNKNOWN}
    assert (wall.read_presence(), wall.read_temperatures()) == ({1: Presence.EMPTY}, {"chilled": 4.5})


@pytest.mark.parametrize("answer", [b'{"error": "board 2 is silent"}', b"nonsense", b""])
def test_no_sensible_answer_of_the_wall_is_no_acknowledgement(answers, answer):
    lines, wall = answers
    lines += [answer, b"{}"]

    with pytest.raises(CommError):
        wall.open(1)
    wall.locate(1)


def test_a_board_that_will_not_pulse_now_is_no_silent_board(answers):
    lines, wall = answers
    lines += [b'{"denial": "busy"}']

    with pytest.raises(HardwareRefusal):
        wall.open(1)


def test_a_wall_that_is_gone_is_a_fault_of_the_bus_and_no_crash():
    wall = SocketWall({"port": 9}, [1])

    with pytest.raises(CommError):
        wall.read_doors()
    wall.all_off()
