"""Turns: runs of one command ask a service no faster than they may together, heed *later*, and talk to a sync server one at a time."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.turns import GRAPH, MOST_HELD_SECONDS, PORTAL, TOKEN, OneAtATime, Turns
from runbook_lib.errors import CannotConnect, TargetError
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Change
from runbook_lib.ports import Answer, Request

RATE, EACH, RUNS = 200, 40, 4
ASKING = f"""
import sys, time
from pathlib import Path
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.turns import Turns
turn = Turns(Path(sys.argv[1]), {{"graph": {RATE}}}, SystemClock()).at("graph", sys.argv[2])
for _ in range({EACH}):
    turn.take("GET")
    print(time.monotonic())
"""
HOLDING = """
import sys, time, portalocker
file = open(sys.argv[1], "a+")
portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
print("held", flush=True)
time.sleep(600)
"""


class Runs:
    """Runs of one command that share their turns, on a clock that moves by their waits alone."""

    def __init__(self, folder: Path, **rates: float) -> None:
        self.clock = ManualClock()
        self.told: list[tuple[str, int, bool]] = []
        self.turns = Turns(folder, rates, self.clock, lambda: self.clock.now().timestamp())
        self.turns.tell = lambda api, seconds, is_held: self.told.append((api, round(seconds), is_held))

    def waits(self, api: str, tenant: str, method: str = "GET") -> float:
        before = self.clock.now()
        self.turns.at(api, tenant).take(method)
        return (self.clock.now() - before).total_seconds()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_processes_together_never_ask_faster_than_they_may(tmp_path: Path) -> None:
    """In any tenth of a second no more than its share, whoever asks; and no turn is left out while somebody waits."""
    asking = [
        subprocess.Popen([sys.executable, "-c", ASKING, str(tmp_path), str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(RUNS)
    ]
    times = sorted(float(line) for each in asking for line in each.communicate(timeout=60)[0].splitlines())

    assert [each.returncode for each in asking] == [0] * RUNS
    assert len(times) == RUNS * EACH
    # Each asks at its turn or, on a busy machine, later; so turns are counted over the whole, and no early one is possible.
    assert times[-1] - times[0] >= (RUNS * EACH - 1) / RATE - 0.05


def test_a_run_that_is_killed_takes_no_turn_with_it(tmp_path: Path) -> None:
    """Killed while it holds what all runs share; what it had half written is as nothing."""
    (tmp_path / "graph.json").write_text('{"next": 1')
    turns = Turns(tmp_path, {GRAPH: 1000.0}, SystemClock()).at(GRAPH, "contoso")
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path / "graph.json")], stdout=subprocess.PIPE, text=True
    )
    assert holding.stdout
    assert holding.stdout.readline() == "held\n"
    taken = threading.Thread(target=turns.take, args=("GET",))
    taken.start()
    taken.join(0.2)
    assert taken.is_alive()

    os.kill(holding.pid, signal.SIGKILL)
    holding.wait(30)
    holding.stdout.close()
    taken.join(30)

    assert not taken.is_alive()
    assert json.loads((tmp_path / "graph.json").read_bytes())["next"] > 0


def test_turns_at_one_service_follow_one_another_and_those_at_others_do_not_wait(tmp_path: Path) -> None:
    runs = Runs(tmp_path, graph=0.1)

    assert [runs.waits(GRAPH, tenant) for tenant in ("contoso", "fabrikam", "contoso")] == [0, 10, 10]
    assert [runs.waits(api, "contoso") for api in (TOKEN, PORTAL)] == [0, 0]
    assert runs.told == [(GRAPH, 10, False)] * 2


def test_later_holds_the_tenant_it_was_said_to_and_everybody_once_it_was_said_to_a_second(runs: Runs) -> None:
    runs.turns.at(GRAPH, "contoso").later(30)
    assert runs.waits(GRAPH, "fabrikam") == 0
    assert runs.waits(TOKEN, "contoso") == 0
    assert runs.waits(GRAPH, "contoso") == 30
    assert runs.told == [(GRAPH, 30, True)]

    runs.turns.at(GRAPH, "contoso").later(30)
    runs.turns.at(GRAPH, "fabrikam").later(20)
    assert runs.waits(GRAPH, "tailspin") == 20
    assert runs.waits(GRAPH, "contoso") == 10
    assert runs.waits(GRAPH, "tailspin") == 0


def test_nobody_is_held_longer_than_the_longest_hold(runs: Runs) -> None:
    runs.turns.at(GRAPH, "contoso").later(10**9)

    assert runs.waits(GRAPH, "contoso") == MOST_HELD_SECONDS


def test_a_change_is_not_held_by_what_was_said_to_others_and_asking_for_a_token_is(runs: Runs) -> None:
    for api in (PORTAL, TOKEN):
        runs.turns.at(api, "contoso").later(30)

    assert runs.waits(PORTAL, "contoso", "PUT") == 0
    assert runs.waits(TOKEN, "contoso", "POST") == 30


class Target:
    """A server that notes who talks to it at once, and takes a moment."""

    name = "sync-server"

    def __init__(self) -> None:
        self.talking = self.most = self.closed = 0

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        self._talk()
        return [Answer(each.reading, None, "", "") for each in requests]

    def perform(self, change: Change) -> Answer:
        self._talk()
        return Answer(change.action, None, "", "")

    def close(self) -> None:
        self.closed += 1

    def _talk(self) -> None:
        self.talking += 1
        self.most = max(self.most, self.talking)
        time.sleep(0.05)
        self.talking -= 1


CHANGE = Change("sync-server", "set_password_writeback", "Password writeback", before=False, after=True)
LOOK = [Request("writeback_setting", {}), Request("scheduler", {})]


def test_runs_talk_to_one_server_one_at_a_time_however_its_address_is_written(tmp_path: Path) -> None:
    target = Target()
    places = ("https://AADC.contoso.example/wsman", "https://aadc.contoso.example:443/other")
    runs = [OneAtATime(target, place, tmp_path / "servers", SystemClock(), 30) for place in places]
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda run=run: answers.extend(run.read(LOOK))) for run in (*runs, *runs)]
    for thread in threads:
        thread.start()
    runs[0].perform(CHANGE)
    for thread in threads:
        thread.join(30)

    assert target.most == 1
    assert len(answers) == 4 * len(LOOK)
    runs[0].close()
    assert target.closed == 1


def test_a_server_that_stays_busy_is_not_talked_to_and_a_change_is_certainly_not_sent(tmp_path: Path) -> None:
    target, clock = Target(), ManualClock()
    run = OneAtATime(target, "https://aadc.contoso.example", tmp_path, clock, 2)
    other = OneAtATime(target, "https://other.contoso.example", tmp_path, clock, 2)
    run.read(LOOK)
    (lock,) = tmp_path.glob("*.lock")
    holding = subprocess.Popen([sys.executable, "-c", HOLDING, str(lock)], stdout=subprocess.PIPE, text=True)
    assert holding.stdout
    assert holding.stdout.readline() == "held\n"
    before = target.most
    try:
        found = run.read(LOOK)
        with pytest.raises(CannotConnect, match="another run of this user"):
            run.perform(CHANGE)
        assert [type(each) for each in other.read(LOOK)] == [Answer, Answer]
    finally:
        holding.kill()
        holding.wait(30)
        holding.stdout.close()

    assert [type(each) for each in found] == [CannotConnect, CannotConnect]
    assert target.most == before
    assert [type(each) for each in run.read(LOOK)] == [Answer, Answer]


def test_where_nothing_can_be_shared_nobody_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = OneAtATime(Target(), "https://aadc.contoso.example", tmp_path / "file" / "below", ManualClock(), 2)

    assert [type(each) for each in run.read(LOOK)] == [Answer, Answer]
