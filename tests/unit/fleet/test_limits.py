"""How fast a fleet asks, as a person writes it, and how long a run may take: one that takes longer is stopped, and no other with it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runbook_lib.errors import ParameterError
from runbook_lib.fleet import parse_rates, run_all
from runbook_lib.fleet.limits import OF_A_FLEET, TimeLimit
from runbook_lib.fleet.options import FleetOptions
from runbook_lib.fleet.stopping import Stopping
from tests.unit.fleet.books import jobs

LONGEST = 30


def test_a_rate_is_written_by_the_second_or_the_minute_and_the_others_are_as_for_a_fleet() -> None:
    assert parse_rates("graph=20/s, portal=30/m") == {**OF_A_FLEET, "graph": 20.0, "portal": 0.5}
    assert parse_rates("") == OF_A_FLEET
    assert parse_rates("none") == {}


@pytest.mark.parametrize(
    "text", ["fast", "graph=0/s", "graph=20", "graph=20/h", "mail=1/s", "graph=-1/s", "graph=1/s;none"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="no limit of a rate"):
        parse_rates(text)


def test_a_run_that_takes_too_long_has_failed_and_the_next_is_run(tmp_path: Path) -> None:
    """It says why, and how long it might have taken."""
    hangs = "import time\nif run_id.endswith('slow'):\n    time.sleep(600)"
    ended = run_all(
        jobs(tmp_path, ("slow", "quick"), hangs),
        approved_by="command-line",
        hear=lambda _news: None,
        options=FleetOptions(time_limit=8),
    )
    slow, quick = ended

    assert (slow.exit_code, slow.is_interrupted) == (1, False)
    assert "took longer than 8 seconds" in slow.problem
    assert quick.problem == ""


def test_the_time_in_which_a_person_is_awaited_does_not_count_until_their_code_ends() -> None:
    """Once they have signed in the count goes on where it was."""
    stopped = threading.Event()
    limit = TimeLimit(0.4, stopped.set)
    until = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
    limit.hears({"run": "r", "event": "device-code", "until": until})
    assert not stopped.wait(0.8)

    since = time.monotonic()
    limit.hears({"run": "r", "event": "step"})
    assert stopped.wait(LONGEST)
    assert time.monotonic() - since < LONGEST / 2

    over = threading.Event()
    again = TimeLimit(0.2, over.set)
    again.hears({"run": "r", "event": "device-code", "until": datetime.now(UTC).isoformat()})
    assert over.wait(LONGEST)
    for each in (limit, again):
        each.end()
        each.hears({"run": "r", "event": "step"})


def test_without_a_limit_and_after_the_end_nothing_is_stopped() -> None:
    stopped = threading.Event()
    TimeLimit(0, stopped.set).hears({"run": "r", "event": "step"})
    ended = TimeLimit(0.1, stopped.set)
    ended.end()

    assert not stopped.wait(0.3)


def test_whoever_asked_first_is_why_a_run_was_stopped() -> None:
    by_hand, by_time = Stopping(), Stopping()
    by_hand.stop()
    by_hand.stop(is_over_time=True)
    by_time.stop(is_over_time=True)
    by_time.stop()

    assert (by_hand.is_over_time, by_time.is_over_time) == (False, True)
