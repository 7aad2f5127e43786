"""Going on with a verification that stopped while the pilot's password was being reset: an act that cannot be read back."""

import pytest

from runbook_lib.engine import Run
from runbook_lib.model import Change, Status
from tests.pilot import ARRIVED, PILOT, rehearsed
from tests.rehearsal import VERIFY, Rehearsal, actions, carried_out, said

ASKED = {"provider": "portal-api", "pilot_user": PILOT, "wait_seconds": 30}


class Killed(BaseException):
    """The process is gone: nothing catches this, and nothing is written after it."""


def killed(change: Change) -> None:
    raise Killed


def resumed(here: Rehearsal) -> Run:
    """A verification that was killed once the reset had left, taken up again."""
    digest = here.planned(VERIFY, **ASKED).plan.digest
    here.journal.lines.clear()
    here.journal.written.clear()
    here.targets["tenant"].after = killed
    with pytest.raises(Killed):
        carried_out(here.run(VERIFY, approved=digest, **ASKED))
    here.targets["tenant"].after = lambda change: None
    return carried_out(here.resumed(VERIFY, approved=digest, **ASKED))


@pytest.mark.parametrize(("events", "moved"), [((), False), (ARRIVED, True)])
def test_a_reset_that_was_under_way_at_the_stop_stays_unknown_whatever_is_seen_and_is_sent_once(events, moved):
    here = rehearsed(*events, moved=moved)

    run = resumed(here)

    assert actions(here) == ["reset_pilot_password"]
    assert run.results["v7"].status is Status.UNKNOWN
    assert run.results["v6"].status in (Status.UNKNOWN, Status.VERIFIED)
    assert run.exit_code == 4
    assert said(run.results["v7"]).count("unknown-act") == 1
    assert "unknown-and-made" not in said(run.results["v7"])


def test_looking_again_after_that_still_claims_nothing():
    run = resumed(rehearsed(moved=False))

    again = run.step("v7")

    assert again.status is Status.UNKNOWN
    assert "unknown-act" in said(again)
