"""The notebook over many tenants by papermill alone: a report in the reader's language, with what the picture showed last and no code to sign in."""

from pathlib import Path
from typing import Any

import yaml

from runbook_lib.evidence import read_journal
from runbook_lib.texts import Language
from runbook_lib.texts.fleet_book import FLEET_BOOK
from tests.notebooks.served import CONNECT, PREFLIGHT, Executed, Served

TENANTS = ("contoso", "tailspin")
CELLS = ("choose", "tenants", "outcomes", "changes", "findings", "approve", "standings", "worklist")


def report(served: Served, folder: Path, language: Language, **given: Any) -> Executed:
    entries = [{"file": str(served.file(name, language=language))} for name in TENANTS]
    (folder / "fleet.yml").write_text(yaml.safe_dump({"tenants": entries}), encoding="utf-8")
    (folder / "given.yml").write_text(yaml.safe_dump({"fleet": str(folder / "fleet.yml"), **given}), encoding="utf-8")
    return served.papermill(language, "fleet", folder / "given.yml")


def test_a_fleet_is_planned_headless_and_every_cell_leaves_its_table(served: Served, tmp_path: Path) -> None:
    """Several at once: in a kernel, each has to find a loop of its own. No code to sign in with is left."""
    before = [served.state(name) for name in TENANTS]
    executed = report(served, tmp_path, "fr", jobs=2, runbook=CONNECT)

    assert executed.code == 0, executed.errors
    assert executed.stops == []
    assert [served.state(name) for name in TENANTS] == before
    (picture,) = executed.shown("text/plain", "plan")
    assert FLEET_BOOK["done"].say("fr", ended=2, total=2) in picture
    assert [cell for cell in CELLS if not executed.shown("text/html", cell)] == []
    runs = [served.runs(name)[-1] for name in TENANTS]
    assert [read_journal(run / "journal.jsonl")[-1].event for run in runs] == ["finished", "finished"]
    assert "avec le code" not in executed.text


def test_papermill_ends_with_an_error_when_a_tenant_is_blocked(served: Served, tmp_path: Path) -> None:
    """One after another, and after every table was shown."""
    served.world.tenant("tailspin").faults.add("staging_mode")
    executed = report(served, tmp_path, "en", jobs=1, runbook=PREFLIGHT)

    assert executed.code == 1
    (stop,) = executed.stops
    assert stop["evalue"].startswith("✖ 1 of 2 tenants failed")
    assert "Blocked" in "".join(executed.shown("text/html", "findings"))
    assert [cell for cell in CELLS if not executed.shown("text/html", cell)] == []
