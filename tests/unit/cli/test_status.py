"""Where the tenants stand, as the terminal and the document for machines say it: the worst first, and nothing damaged hidden."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.evidence import Redactor, RunDirectory
from runbook_lib.evidence.sealing.contents import files_of
from runbook_lib.evidence.sealing.keeping import Signing, sealed
from runbook_lib.evidence.sealing.statement import RUN
from runbook_lib.evidence.signing import new_entry
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.commands import LINES
from runbook_lib.texts.words import LADDER_WORDS
from tests.fleet import NOW, Event, all_steps, finished, judged, run_of
from tests.notebooks.served import CONNECT
from tests.sealed import signer
from tests.unit.cli.conftest import Runbook, process


def test_without_records_there_is_no_status(runbook: Runbook, tmp_path: Path) -> None:
    ended = runbook("status", tmp_path / "nowhere", "--language", "en")

    assert ended.code == 1
    assert "nowhere" in ended.err
    assert runbook("status", tmp_path, "--json").document == []


def test_a_damaged_record_does_not_hide_the_others(runbook: Runbook, tmp_path: Path) -> None:
    """It is named on standard error, and listed without a state."""
    damaged = tmp_path / "contoso" / "run-1"
    damaged.mkdir(parents=True)
    (damaged / "journal.jsonl").write_text("no journal\n", encoding="utf-8")

    ended = runbook("status", tmp_path, "--json")

    assert ended.code == 1
    assert [(each["run_id"], each["steps"]) for each in ended.document] == [("run-1", {})]
    assert [problem["key"] for problem in ended.document[0]["problems"]] == ["journal-damaged"]
    assert "contoso/run-1" in ended.err


def recorded(outputs: Path, run_id: str, *events: tuple[str, dict[str, object]]) -> None:
    """A run of contoso as its journal says it went."""
    directory = RunDirectory.create(outputs, "contoso", run_id, Redactor())
    with directory.journal(SystemClock()) as journal:
        journal.record("opened", runbook=CONNECT)
        for event, data in events:
            journal.record(event, **data)


def test_the_newest_run_is_the_one_that_began_last_and_what_it_sent_without_a_verdict_is_unknown(
    runbook: Runbook, tmp_path: Path
) -> None:
    """Whatever the runs are called."""
    recorded(tmp_path, "z-first", ("step-result", {"step": "c6", "status": "verified"}))
    recorded(tmp_path, "a-second", ("step-result", {"step": "c6", "status": "planned"}), ("sending", {}))

    ended = runbook("status", tmp_path, "--json")

    assert ended.code == 0
    (newest,) = ended.document
    assert (newest["run_id"], newest["problems"]) == ("a-second", [])
    assert newest["steps"] == {"c6": "unknown", "c7": "unknown"}


def concluded(outputs: Path, run_id: str, ladder: object, *events: tuple[str, dict[str, object]]) -> None:
    """A run of contoso that ended with a result."""
    recorded(outputs, run_id, *events)
    (outputs / "contoso" / run_id / "result.json").write_text(json.dumps({"ladder": ladder}), encoding="utf-8")


def level(runbook: Runbook, outputs: Path) -> dict[str, str]:
    return dict(runbook("status", outputs, "--json").document[0]["tenant_level"])


def test_the_level_of_a_tenant_is_that_of_the_newest_run_that_could_say_one(runbook: Runbook, tmp_path: Path) -> None:
    concluded(tmp_path, "run-1", {"level": "L3", "why": None})
    concluded(tmp_path, "run-2", {"level": "", "why": None})
    recorded(tmp_path, "run-3", ("step-result", {"step": "c6", "status": "planned"}))

    assert level(runbook, tmp_path) == {"level": "L3", "run_id": "run-1"}
    said = runbook("status", tmp_path, "--language", "fr").out
    assert LADDER_WORDS["L3"].fr in said
    assert CONNECT in said.rpartition(LADDER_WORDS["L3"].fr)[2]


def test_what_was_sent_by_a_run_that_could_say_no_level_leaves_the_level_unknown(
    runbook: Runbook, tmp_path: Path
) -> None:
    concluded(tmp_path, "run-1", {"level": "L3", "why": None})
    concluded(tmp_path, "run-2", {"level": "", "why": None}, ("sending", {}))

    assert level(runbook, tmp_path) == {"level": "", "run_id": ""}
    assert LADDER_WORDS[""].en in runbook("status", tmp_path, "--language", "en").out


@pytest.mark.parametrize("ladder", [None, [], "L3", {}, {"level": 3}, {"level": "L9"}, {"level": ["L3"]}])
def test_a_result_that_tells_no_level_there_is_tells_none(runbook: Runbook, tmp_path: Path, ladder: object) -> None:
    concluded(tmp_path, "run-1", ladder)

    assert level(runbook, tmp_path) == {"level": "", "run_id": ""}


def test_a_terminal_that_lacks_characters_gets_the_table_without_them(tmp_path: Path) -> None:
    recorded(tmp_path, "run-1", ("step-result", {"step": "c6", "status": "verified"}))
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    ended = process("status", tmp_path, "--language", "fr", environment=environment)

    assert (ended.code, ended.err) == (0, "")
    assert "contoso" in ended.out
    listed = process("list", "--json", environment=environment).document
    assert listed == process("list", "--json", environment=dict(os.environ)).document


def test_a_damaged_record_tells_no_level(runbook: Runbook, tmp_path: Path) -> None:
    concluded(tmp_path, "run-1", {"level": "L3", "why": None})
    (tmp_path / "contoso" / "run-1" / "journal.jsonl").write_text("no journal\n", encoding="utf-8")

    assert level(runbook, tmp_path) == {"level": "", "run_id": ""}


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Four tenants, by name the other way round than by what they ask for."""
    run_of(tmp_path, "anna", *all_steps("compliant"), finished(), level="L2")
    run_of(tmp_path, "bert", *all_steps("compliant"), finished(), level="L2")
    run_of(tmp_path, "carl", *judged(c1="compliant", c6="planned"), finished(3), level="none", mode="plan")
    run_of(tmp_path, "dora", *judged(c1="blocked"), finished(1), level="")
    return tmp_path


def order(said: str, *tenants: str) -> list[str]:
    return sorted(tenants, key=said.index)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worst_comes_first_and_what_the_tenants_ask_for_is_counted_on_top(
    runbook: Runbook, fleet: Path, language: Language
) -> None:
    said = runbook("status", fleet, "--language", language).out

    assert said.splitlines()[:4] == [
        LINES["fleet"].say(language, tenants=4, runs=4),
        LINES["fleet-act"].say(language, count=1),
        LINES["fleet-wait"].say(language, count=1),
        LINES["fleet-fine"].say(language, count=2),
    ]
    assert order(said, "anna", "bert", "carl", "dora") == ["dora", "carl", "anna", "bert"]
    assert [each["tenant"] for each in runbook("status", fleet, "--json").document] == ["dora", "carl", "anna", "bert"]


def test_a_limit_shows_the_worst_and_says_how_many_it_leaves_out(runbook: Runbook, fleet: Path) -> None:
    said = runbook("status", fleet, "--limit", "2", "--language", "en").out

    assert "anna" not in said
    assert order(said, "carl", "dora") == ["dora", "carl"]
    assert said.count(LINES["fleet-more"].say("en", count=2)) == 2  # of the grid, and of the levels
    assert len(runbook("status", fleet, "--limit", "2", "--json").document) == 4


@pytest.mark.parametrize("limit", ["0", "-1", "4", "99"])
def test_a_limit_that_leaves_nobody_out_says_nothing(runbook: Runbook, fleet: Path, limit: str) -> None:
    assert runbook("status", fleet, "--limit", limit).out == runbook("status", fleet).out


@pytest.mark.parametrize(
    "event",
    [
        ("step-result", {"step": "c6", "status": "splendid"}),
        ("step-result", {"status": "verified"}),
        ("step-result", {"step": ["c6"], "status": "verified"}),
    ],
)
def test_a_journal_of_another_kind_of_kit_is_named_and_hides_no_other(
    runbook: Runbook, fleet: Path, event: Event
) -> None:
    """Its chain holds, and yet nobody knows what it says."""
    run_of(fleet, "emil", event)

    ended = runbook("status", fleet, "--language", "en")

    assert ended.code == 1
    assert "emil/" in ended.err
    assert "0.1.0" in ended.err
    assert all(tenant in ended.out for tenant in ("anna", "bert", "carl", "dora"))


def test_a_run_that_said_nothing_of_a_step_is_not_in_order(runbook: Runbook, tmp_path: Path) -> None:
    """What nobody looked at is to do, whatever exit code the run ended with."""
    run_of(tmp_path, "anna", *judged(c1="compliant"), finished())

    assert runbook("status", tmp_path, "--json").document[0]["attention"] == "wait"


def test_a_record_from_the_future_calls_for_action(runbook: Runbook, tmp_path: Path) -> None:
    """A clock that was wrong makes old evidence look new: by a few minutes nobody minds, by an hour somebody has to look."""
    run_of(tmp_path, "anna", *all_steps("compliant"), finished(), ago=NOW - datetime.now(UTC) - timedelta(hours=1))
    run_of(tmp_path, "bert", *all_steps("compliant"), finished(), ago=NOW - datetime.now(UTC) - timedelta(minutes=1))

    asked = {each["tenant"]: each["attention"] for each in runbook("status", tmp_path, "--json").document}

    assert asked == {"anna": "act", "bert": "fine"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_and_tables_are_written_for_their_owner_alone_and_replaced_the_next_time(
    runbook: Runbook, fleet: Path, tmp_path: Path, language: Language
) -> None:
    """Inside the folder of the outputs, too, as long as it is in no run's. The page is in the language that is asked for."""
    files = [fleet / "status.html", fleet / "runs.csv", fleet / "runs.parquet"]
    arguments = ["--html", files[0], "--csv", files[1], "--parquet", files[2], "--language", language]
    files[0].write_text("an older page", encoding="utf-8")

    ended = runbook("status", fleet, *arguments)
    again = runbook("status", fleet, *arguments, "--json")

    assert (ended.code, ended.err) == (0, "")
    assert LINES["fleet-act"].say(language, count=1) in ended.out
    assert [LINES["status-file"].say(language, path=str(file)) in ended.out for file in files] == [True] * 3
    assert again.document["files"] == {"html": str(files[0]), "csv": str(files[1]), "parquet": str(files[2])}
    assert (again.document["runs"], again.document["damaged"]) == (4, 0)
    assert f'<html lang="{language}">' in files[0].read_text(encoding="utf-8")
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3


def test_a_roster_says_whose_seals_are_believed_and_one_that_cannot_be_read_stops_it_before_anything_is_written(
    runbook: Runbook, fleet: Path, tmp_path: Path
) -> None:
    who, run = signer(), next(fleet.glob("anna/*"))
    place = (run.parent, f"{CONNECT}-anna-{run.name}")
    sealed(files_of(run), RUN, {}, Signing([who], now=lambda: NOW), place)
    entry = new_entry(who.public_key, "Ana Lima", ["sealer"], NOW)
    (tmp_path / "roster.json").write_text(json.dumps({"roster": 1, "keys": [entry]}), encoding="utf-8")

    refused = runbook("status", fleet, "--csv", tmp_path / "a.csv", "--roster", tmp_path / "nowhere.json", "--json")
    told = runbook("status", fleet, "--csv", tmp_path / "b.csv", "--roster", tmp_path / "roster.json")

    assert (refused.code, refused.document["error"]["key"]) == (2, "roster-unreadable")
    assert not (tmp_path / "a.csv").exists()
    assert told.code == 0
    assert [line.split(",")[-3] for line in (tmp_path / "b.csv").read_text().splitlines() if ",verified," in line] == [
        "verified"
    ]


def test_a_roster_without_a_file_to_write_is_refused(runbook: Runbook, fleet: Path) -> None:
    """Rather than ignored: nobody shall believe that the terminal looked at seals."""
    ended = runbook("status", fleet, "--roster", fleet / "roster.json", "--json")

    assert (ended.code, ended.document["error"]["key"]) == (2, "status-roster-alone")


def test_a_damaged_record_is_named_and_ends_with_1_when_files_are_written(runbook: Runbook, fleet: Path) -> None:
    next(fleet.glob("dora/*/journal.jsonl")).write_text("no journal\n", encoding="utf-8")

    ended = runbook("status", fleet, "--csv", fleet / "runs.csv")

    assert ended.code == 1
    assert "dora/" in ended.err
    assert "journal-damaged" in (fleet / "runs.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "file", "key"),
    [
        ("--html", "status.txt", "status-suffix"),
        ("--csv", "runs.html", "status-suffix"),
        ("--parquet", "runs", "status-suffix"),
        ("--html", "anna/RUN/status.html", "status-inside-run"),
        ("--csv", "anna/RUN/raw/runs.csv", "status-inside-run"),
        ("--html", "no/status.html", "status-cannot-write"),
        ("--html", "folder.html", "status-cannot-write"),
    ],
)
def test_a_place_that_is_not_good_is_refused_before_anything_is_written(
    runbook: Runbook, fleet: Path, option: str, file: str, key: str
) -> None:
    run = next(fleet.glob("anna/*")).name
    (fleet / "folder.html").mkdir()
    before = sorted(fleet.rglob("*"))

    ended = runbook("status", fleet, option, fleet / file.replace("RUN", run), "--json")

    assert (ended.code, ended.document["error"]["key"]) == (2, key)
    assert sorted(fleet.rglob("*")) == before
