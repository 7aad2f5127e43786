"""The notebooks run by papermill alone, without our command line: what they do, refuse and leave, over the served lab."""

import json
import stat
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.canonical import digest
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import read_journal
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.notebook.card import MIME
from runbook_lib.notebook.overview import OVERVIEW_MIME
from tests.notebooks.served import CONNECT, PORTAL, PREFLIGHT, Executed, Served, read

LITERAL = "Sup3r-s3cret literal!"
STEPS = [f"step-c{number}" for number in range(1, 9)]


@dataclass
class Ran:
    """One execution: the notebook, the run's folder, the state of the tenant before and after, and the news on the way."""

    executed: Executed
    folder: Any
    before: Any
    after: Any
    news: list[News] = field(default_factory=list)

    @property
    def plan(self) -> Any:
        return read(self.folder / "plan.json")

    @property
    def codes(self) -> list[str]:
        return [news["code"] for news in self.news if news["event"] == "device-code"]


def ran(served: Served, language: str, slug: str, **changed: Any) -> Ran:
    before, news = served.state(), []
    with Listening(news.append) as listening:
        executed = served.papermill(
            language, slug, served.file(language=language, **changed), channel=listening.address
        )
    return Ran(executed, served.runs()[-1] if served.runs() else None, before, served.state(), news)


@pytest.fixture(scope="module")
def planned(served: Served) -> Ran:
    return ran(served, "fr", CONNECT)


@pytest.fixture(scope="module")
def planned_in_english(served: Served, planned: Ran) -> Ran:
    return ran(served, "en", CONNECT)


@pytest.fixture(scope="module")
def applied(served: Served, planned: Ran, planned_in_english: Ran) -> Ran:
    return ran(served, "fr", CONNECT, mode="apply", approved_plan=planned.plan["digest"])


@pytest.fixture(scope="module")
def portal(served: Served, applied: Ran) -> Ran:
    return ran(served, "en", PORTAL)


def statuses(made: Ran) -> dict[str, str]:
    return {card["result"]["step"]: card["result"]["status"] for card in made.executed.shown(MIME, *STEPS)}


def test_a_plan_ends_well_and_changes_nothing(planned: Ran) -> None:
    assert planned.executed.code == 0, planned.executed.errors
    assert planned.after == planned.before
    assert statuses(planned)["c7"] == "planned"
    assert "sending" not in {line.event for line in read_journal(planned.folder / "journal.jsonl")}


def test_the_digest_of_a_plan_is_that_of_its_canonical_form(planned: Ran) -> None:
    assert planned.plan["digest"] == digest(planned.plan["plan"])
    assert [change["setting"] for _, change in planned.plan["plan"]["changes"]] != []
    (seen,) = planned.executed.shown(OVERVIEW_MIME)
    assert seen["plan_digest"] == planned.plan["digest"]


def test_a_plan_does_not_depend_on_the_language_it_is_read_in(planned: Ran, planned_in_english: Ran) -> None:
    assert planned_in_english.plan["digest"] == planned.plan["digest"]


def test_the_cards_of_a_french_and_an_english_run_of_one_state_have_equal_digests(
    planned: Ran, planned_in_english: Ran
) -> None:
    french, english = (
        {card["result"]["step"]: card["sha256"] for card in each.executed.shown(MIME)}
        for each in (planned, planned_in_english)
    )

    assert french == english


def test_an_approved_plan_is_applied_and_verified(applied: Ran) -> None:
    assert applied.executed.code == 0, applied.executed.errors
    assert applied.before[1] is False
    assert applied.after[1] is True
    assert applied.after[0] == applied.before[0] + 1
    assert {statuses(applied)[step] for step in ("c6", "c7", "c8")} == {"verified"}


def test_the_card_of_the_staging_step_is_drawn_again_once_its_change_is_verified(applied: Ran) -> None:
    """One output a cell, and it holds the last word in every form."""
    (output,) = applied.executed.outputs("step-c6")

    assert "✔ Vérifié" in output["data"]["text/html"]
    assert output["data"][MIME]["result"]["status"] == "verified"
    assert "verified" in output["data"]["text/plain"]


def test_no_device_code_is_kept_in_the_notebook_or_the_record(
    served: Served, planned: Ran, applied: Ran, portal: Ran
) -> None:
    """The codes are known from what the runs announced while they waited."""
    for made in (planned, applied, portal):
        assert len(made.codes) == 1
        kept = [made.executed.text, *(file.read_text(encoding="utf-8") for file in made.folder.rglob("*.json*"))]
        assert [text for text in kept if made.codes[0] in text] == []
        assert any(news["event"] == "step" for news in made.news)


def test_a_run_says_what_it_does_while_it_does_it(planned: Ran) -> None:
    seen = [news["step"] for news in planned.news if news["event"] == "step"]

    assert seen == [f"c{number}" for number in range(1, 9)]


def test_the_preflight_notebook_says_its_verdict_and_changes_nothing(served: Served, portal: Ran) -> None:
    made = ran(served, "fr", PREFLIGHT)

    assert made.executed.code == 0, made.executed.errors
    assert made.after == made.before
    assert made.plan["plan"]["changes"] == []
    (seen,) = made.executed.shown(OVERVIEW_MIME)
    assert seen["verdict"] == read(made.folder / "result.json")["verdict"]
    assert seen["verdict"].startswith("ready")
    (table,) = made.executed.shown("text/html", "finish")
    assert "<b>Verdict</b> · Prêt" in table


def test_the_portal_notebook_plans_what_its_page_asks_for(portal: Ran) -> None:
    assert portal.executed.code == 0, portal.executed.errors
    assert portal.after == portal.before
    assert [step for step, _ in portal.plan["plan"]["changes"]] == ["p3", "p4"]


def test_the_outputs_hold_cards_only(planned: Ran, applied: Ran, portal: Ran) -> None:
    """No stream, no widget, no traceback: what an auditor opens says what the cards say."""
    for made in (planned, applied, portal):
        kinds = {output["output_type"] for output in made.executed.outputs()}
        assert kinds == {"display_data"}
        assert "widgets" not in made.executed.book.metadata


def test_the_record_of_a_run_is_complete_and_private(planned: Ran, applied: Ran) -> None:
    """Files that only their owner can read, in folders that only their owner can enter."""
    for made in (planned, applied):
        names = {path.name for path in made.folder.iterdir()}
        assert names >= {"journal.jsonl", "before.json", "plan.json", "after.json", "result.json", "raw"}
        for path in (made.folder.parents[1], made.folder.parent, made.folder, *made.folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_journal_says_what_is_sent_before_it_is_sent(applied: Ran) -> None:
    """Its chain verifies, and everything between approval and the end is there in order."""
    recorded = read_journal(applied.folder / "journal.jsonl")
    events = [line.event for line in recorded]

    assert recorded.torn == b""
    assert (events[0], events[-1]) == ("opened", "finished")
    order = [events.index(event) for event in ("opened", "approved", "sending", "sent", "finished")]
    assert order == sorted(order)
    assert events.count("sending") == events.count("sent") == len(applied.plan["plan"]["changes"])
    (approved,) = [line.data for line in recorded if line.event == "approved"]
    assert approved["approval"]["digest"] == applied.plan["digest"] == digest(approved["plan"])
    assert recorded[-1].data["exit_code"] == 0


def test_one_byte_changed_in_a_journal_is_found(planned: Ran, tmp_path: Path) -> None:
    raw = bytearray((planned.folder / "journal.jsonl").read_bytes())
    place = raw.index(b"windows" if b"windows" in raw else b"observed")
    raw[place] ^= 1
    copy = tmp_path / "journal.jsonl"
    copy.write_bytes(raw)

    with pytest.raises(EvidenceError):
        read_journal(copy)


def test_the_record_agrees_with_the_cards(applied: Ran) -> None:
    """The journal is the truth, and the cards are views of its last word on each step."""
    last = {
        line.data["step"]: line.data
        for line in read_journal(applied.folder / "journal.jsonl")
        if line.event == "step-result"
    }
    cards = {card["result"]["step"]: card["result"] for card in applied.executed.shown(MIME, *STEPS)}

    assert cards == last
    assert read(applied.folder / "result.json")["steps"] == {step: card["status"] for step, card in cards.items()}


def test_no_secret_of_the_lab_is_anywhere_in_what_runs_leave(
    served: Served, planned: Ran, applied: Ran, portal: Ran
) -> None:
    """Passwords and client secrets in any spelling the files could hold, device codes, and tokens, which all begin alike."""
    left = [path for path in served.outputs.rglob("*") if path.is_file()]
    left += [made.executed.path for made in (planned, applied, portal)]
    forms = [
        form for secret in served.lab.secrets.values() for form in (secret.encode(), b64encode(secret.encode())[:-4])
    ]
    forms += [code.encode() for made in (planned, applied, portal) for code in made.codes]

    assert len(left) > 20
    assert len(served.lab.secrets) == 9
    assert [
        (path.name, form) for path in left for form in (*forms, b"eyJ", b"PRIVATE KEY") if form in path.read_bytes()
    ] == []


def refused(served: Served, *arguments: str, slug: str = CONNECT, **changed: Any) -> tuple[Executed, str]:
    """Execute what must not go on; return the notebook and the one line that it says."""
    before, runs = served.state(), len(served.runs())
    executed = served.papermill("en", slug, served.file(**{"language": "en", **changed}), *arguments)
    (stop,) = executed.stops
    assert executed.code != 0
    assert served.state() == before
    sent = [
        line for run in served.runs()[runs:] for line in read_journal(run / "journal.jsonl") if line.event == "sending"
    ]
    assert sent == []
    return executed, "\n".join(stop["traceback"])


def test_apply_without_an_approval_is_refused_before_anything_is_read(served: Served, applied: Ran) -> None:
    runs = served.runs()

    executed, line = refused(served, "-p", "mode", "apply")

    assert line.startswith("✖ Mode apply needs the digest")
    assert "\n" not in line
    assert line in executed.errors
    assert served.runs() == runs


def test_apply_with_the_digest_of_another_plan_is_refused_and_sends_nothing(served: Served, portal: Ran) -> None:
    """It is another plan by now also for who approved it: what it was about is done."""
    _, line = refused(served, slug=PORTAL, mode="apply", approved_plan="0" * 64)

    assert "0" * 64 in line
    assert portal.plan["digest"] in line
    assert "\n" not in line


def test_a_misspelt_parameter_is_refused(served: Served, applied: Ran) -> None:
    """Papermill itself only warns about it, and would run the rest."""
    runs = served.runs()

    _, line = refused(served, "-p", "mdoe", "apply")

    assert "mdoe" in line
    assert "\n" not in line
    assert served.runs() == runs


def test_a_literal_secret_is_refused_and_is_kept_nowhere_but_where_papermill_put_it(
    served: Served, applied: Ran
) -> None:
    """Papermill writes what it was given into a cell of its own before the kit sees it. That cell is outside our reach; nothing
    of ours repeats it.
    """
    runs = served.runs()

    executed, line = refused(served, sync_server={"password": LITERAL})

    assert "sync_server.password" in line
    elsewhere = [cell for cell in executed.book.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    assert LITERAL not in json.dumps(elsewhere, ensure_ascii=False)
    assert LITERAL not in executed.errors
    assert served.runs() == runs
    assert [
        file for file in served.outputs.rglob("*") if file.is_file() and LITERAL.encode() in file.read_bytes()
    ] == []


def test_without_a_lab_a_notebook_says_so_in_one_line(served: Served) -> None:
    """Also when a lab left its description behind and no longer answers: nobody listens on port 9 of this machine."""
    described = served.descriptors / "lab.json"
    kept = described.read_text(encoding="utf-8")
    described.write_text(json.dumps({**json.loads(kept), "cloud_url": "https://127.0.0.1:9"}), encoding="utf-8")
    try:
        _, line = refused(served)
    finally:
        described.write_text(kept, encoding="utf-8")

    assert line.startswith("✖ The parameters name the lab, and no lab answers.")
    assert "\n" not in line


def test_the_file_given_to_papermill_is_the_one_our_command_line_takes(served: Served, planned: Ran) -> None:
    """The keys of a parameter file are the notebook's parameters: papermill injects them, and adds no others."""
    (injected,) = [
        cell for cell in planned.executed.book.cells if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    names = {line.partition(" = ")[0] for line in injected.source.splitlines() if not line.startswith((" ", "#"))}

    assert {name for name in names if name.isidentifier()} == set(yaml.safe_load(served.file().read_text())) | {
        "language"
    }
