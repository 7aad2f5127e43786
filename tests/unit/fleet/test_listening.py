"""News of runs: heard from who knows the key, and from nobody else; no stranger keeps a run waiting."""

import json
import os
import socket
import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.fleet.listening import Listening, News
from runbook_lib.wiring.announcing import Announce, announcer
from runbook_lib.wiring.places import CHANNEL


def announce(listening: Listening, **news: str) -> None:
    os.environ[CHANNEL] = listening.address
    announcer("run-1")(news)


def place_of(listening: Listening) -> Any:
    return json.loads(listening.address)[0]


def test_whoever_announces_goes_on_when_it_was_heard() -> None:
    heard: list[News] = []
    with Listening(heard.append) as listening:
        for number in range(20):
            announce(listening, step=str(number))
            assert heard[-1] == {"run": "run-1", "step": str(number)}

    assert len(heard) == 20


def test_runs_that_speak_at_once_are_heard_each_in_its_order_and_one_at_a_time() -> None:
    heard: list[News] = []
    at_work = threading.Lock()

    def hear(news: News) -> None:
        assert at_work.acquire(blocking=False)
        heard.append(news)
        at_work.release()

    with Listening(hear) as listening:
        os.environ[CHANNEL] = listening.address
        runs = [threading.Thread(target=say, args=(announcer(f"run-{number}"),)) for number in range(8)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()

    for number in range(8):
        assert [news["step"] for news in heard if news["run"] == f"run-{number}"] == [str(step) for step in range(25)]


def say(announce: Announce) -> None:
    for step in range(25):
        announce({"step": str(step)})


def test_a_run_whose_news_nobody_takes_goes_on_and_says_no_more() -> None:
    taken, may_go_on = threading.Semaphore(0), threading.Event()

    def hear(_news: News) -> None:
        taken.release()
        may_go_on.wait()

    with Listening(hear) as listening:
        os.environ[CHANNEL] = listening.address
        tell = announcer("run-1", patience=0.2)
        tell({"event": "first"})
        tell({"event": "second"})
        may_go_on.set()

    assert taken.acquire(timeout=5)
    assert not taken.acquire(blocking=False)


def test_a_wrong_key_is_refused_and_the_next_one_is_heard() -> None:
    heard: list[News] = []
    with Listening(heard.append) as listening:
        with pytest.raises(AuthenticationError):
            Client(place_of(listening), authkey=b"guessed")
        announce(listening, event="step")

    assert heard == [{"run": "run-1", "event": "step"}]


@pytest.mark.parametrize("garbage", [b"", b"\0", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4096, b"\x7f\xff\xff\xff"])
def test_garbage_does_not_end_the_listening(garbage: bytes) -> None:
    """Nor does somebody who knows the key and says something that is no news."""
    heard: list[News] = []
    with Listening(heard.append) as listening:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(place_of(listening))
            stranger.sendall(garbage)
        place, key = json.loads(listening.address)
        with Client(place, authkey=bytes.fromhex(key)) as known:
            known.send_bytes(b"no json")
        announce(listening, event="step")

    assert heard == [{"run": "run-1", "event": "step"}]


def test_what_hears_may_fail_without_ending_the_listening() -> None:
    """A run waits for whoever listens. The failure is raised at the end: a sign-in code that was not shown is not passed over."""
    heard: list[News] = []

    def hear(news: News) -> None:
        heard.append(news)
        if len(heard) == 1:
            raise BrokenPipeError

    def listen() -> None:
        with Listening(hear) as listening:
            announce(listening, event="first")
            announce(listening, event="second")

    with pytest.raises(BrokenPipeError):
        listen()

    assert [news["event"] for news in heard] == ["first", "second"]


def test_nothing_listens_on_a_port_and_the_socket_is_private() -> None:
    """On a shared machine every user can reach a port, and could keep a run waiting there."""
    with Listening(lambda news: None) as listening:
        assert Path(place_of(listening)).parent.stat().st_mode & 0o077 == 0


def test_closing_ends_the_thread() -> None:
    with Listening(lambda news: None):
        assert "listening" in {thread.name for thread in threading.enumerate()}

    assert "listening" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    "address",
    ["", "no json", "5", "[]", '["/nowhere/at-all", "00"]', '["x", "no hex"]', '[["127.0.0.1", 9], "00"]', "null"],
)
def test_a_run_does_not_depend_on_being_watched(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHANNEL, address)

    announcer("run-1")({"event": "step"})


def test_a_run_with_a_wrong_key_goes_on_unheard() -> None:
    heard: list[News] = []
    with Listening(heard.append) as listening:
        os.environ[CHANNEL] = json.dumps([place_of(listening), "00"])
        announcer("run-1")({"event": "step"})

    assert heard == []
