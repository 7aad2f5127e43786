"""The ladder climbed by notebook over the served lab, up to the proof; and that the password of it stays nowhere."""

import base64
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from runbook_lib.lab.cloud.resets import Premises, Report
from runbook_lib.notebook.card import MIME
from runbook_lib.notebook.overview import OVERVIEW_MIME
from runbook_lib.texts import LANGUAGES
from runbook_lib.texts.words import LADDER_WORDS
from tests.notebooks.served import VERIFY, Executed, Served, read

PILOT = "adele@fabrikam.example"


class Listening:
    """The sync server, which also keeps the passwords that it was sent."""

    def __init__(self, behind: Premises) -> None:
        self.behind = behind
        self.passwords: list[str] = []

    def write_back(self, upn: str, password: str, wait: timedelta, report: Report) -> None:
        self.passwords.append(password)
        self.behind.write_back(upn, password, wait, report)

    def catch_up(self) -> None:
        self.behind.catch_up()


@pytest.fixture(scope="module")
def heard(served: Served) -> Listening:
    cloud = served.lab.tenants["fabrikam"].cloud
    cloud.premises = Listening(cloud.premises)
    return cloud.premises


def executed(served: Served, language: str, **changed: Any) -> Executed:
    file = served.file("fabrikam", language=language, pilot_user=PILOT, **changed)
    return served.papermill(language, VERIFY, file)


@pytest.fixture(scope="module")
def planned(served: Served, heard: Listening) -> Executed:
    return executed(served, "en")


@pytest.fixture(scope="module")
def applied(served: Served, planned: Executed) -> Executed:
    digest = planned.shown(OVERVIEW_MIME)[0]["plan_digest"]
    return executed(served, "fr", mode="apply", approved_plan=digest)


def states(made: Executed) -> dict[str, str]:
    return {card["result"]["step"]: card["result"]["status"] for card in made.shown(MIME)}


def test_a_plan_climbs_to_the_rights_and_sends_nothing(planned: Executed, heard: Listening) -> None:
    (seen,) = planned.shown(OVERVIEW_MIME)

    assert planned.code == 0, planned.errors
    assert seen["ladder"]["level"] == "L3"
    assert (states(planned)["v5"], states(planned)["v6"], states(planned)["v7"]) == ("compliant", "planned", "planned")
    assert "nobody knows" in planned.text


def test_an_approved_plan_is_the_proof(served: Served, applied: Executed, heard: Listening) -> None:
    folder = served.runs("fabrikam")[-1]

    assert applied.code == 0, applied.errors
    assert set(states(applied).values()) == {"compliant", "verified"}
    assert read(folder / "result.json")["ladder"] == {"level": "L4", "why": None}
    assert LADDER_WORDS["L4"].fr in applied.shown("text/html", "finish")[0]
    assert len(heard.passwords) == 1
    assert served.world.tenant("fabrikam").directory.find(PILOT)[1].pwd_last_set is None


def test_the_password_is_nowhere_afterwards(
    served: Served, planned: Executed, applied: Executed, heard: Listening
) -> None:
    """Neither in the record, nor in a notebook, nor in what the processes printed; in no form that anything writes."""
    (password,) = heard.passwords
    raw, wide = password.encode(), password.encode("utf-16-le")
    forms = {raw, wide, password.encode("utf-16-be"), quote(password, safe="").encode()}
    forms |= {base64.b64encode(each)[:-4] for each in (raw, wide)} | {raw.hex().encode(), wide.hex().encode()}
    forms |= {"".join(f"%{byte:02X}" for byte in raw).encode(), password[:20].encode(), password[20:].encode()}
    kept = [path for path in served.outputs.rglob("*") if path.is_file()]
    written = [path.read_bytes() for path in kept] + [made.path.read_bytes() for made in (planned, applied)]
    written += [(made.errors + made.printed).encode() for made in (planned, applied)]

    assert len(kept) > len(LANGUAGES)
    assert [form for form in forms if any(form in content for content in written)] == []
    assert all(PILOT.encode() in content for content in (made.path.read_bytes() for made in (planned, applied)))


def test_the_events_of_the_reset_are_newer_than_the_plan_and_in_order(applied: Executed) -> None:
    (card,) = [card["result"] for card in applied.shown(MIME, "step-v7")][-1:]
    events = next(fact["value"] for fact in card["facts"] if fact["name"] == "events")

    ids = [line.split()[-1] for line in events]
    times = [datetime.fromisoformat(line.split()[0][:19]) for line in events]
    assert ids.index("31009") < ids.index("31010")
    assert times == sorted(times)
