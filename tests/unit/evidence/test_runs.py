"""Runs are found under the outputs, and a damaged one does not hide the others."""

from pathlib import Path

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Redactor, RunDirectory, each_run
from runbook_lib.ports import Clock


def begin(outputs: Path, tenant: str, run_id: str, clock: Clock) -> RunDirectory:
    run = RunDirectory.create(outputs, tenant, run_id, Redactor())
    with run.journal(clock) as journal:
        journal.record("run-started", runbook="preflight")
        journal.record("run-finished")
    return run


def test_runs_are_listed_by_tenant_and_id_with_what_they_wrote(tmp_path: Path, clock: Clock) -> None:
    begin(tmp_path, "fabrikam", "1", clock)
    begin(tmp_path, "contoso", "2", clock).write_json("plan.json", {"changes": []})
    begin(tmp_path, "contoso", "1", clock).write_json("result.json", {"exit_code": 0})

    first, second, third = each_run(tmp_path)

    assert [(run.tenant, run.run_id) for run in (first, second, third)] == [
        ("contoso", "1"),
        ("contoso", "2"),
        ("fabrikam", "1"),
    ]
    assert (first.result, first.plan, second.plan) == ({"exit_code": 0}, None, {"changes": []})
    assert third.started_at == "2026-11-22T15:11:43.000005Z"
    assert third.last_at == "2026-11-22T15:11:44.000005Z"
    assert [run.problems for run in (first, second, third)] == [(), (), ()]


def test_what_is_no_run_is_left_out(tmp_path: Path, clock: Clock) -> None:
    run = begin(tmp_path, "contoso", "1", clock)
    (tmp_path / "README.md").touch()
    (tmp_path / "contoso" / "note.txt").touch()
    (tmp_path / "contoso" / "empty").mkdir()
    (tmp_path / "link").symlink_to(run.path.parent, target_is_directory=True)

    assert [found.path for found in each_run(tmp_path)] == [run.path]


def test_a_damaged_run_is_listed_with_what_is_wrong_and_hides_no_other(tmp_path: Path, clock: Clock) -> None:
    damaged = begin(tmp_path, "contoso", "1", clock)
    damaged.journal_path.write_bytes(b"{}\n")
    (damaged.path / "plan.json").write_text("{", encoding="utf-8")
    (damaged.path / "result.json").mkdir()
    begin(tmp_path, "contoso", "2", clock)

    first, second = each_run(tmp_path)

    assert [said.key for said in first.problems] == ["journal-damaged", "evidence-cannot-read", "evidence-cannot-read"]
    assert (first.started_at, first.last_at, first.plan) == ("", "", None)
    assert (second.problems, len(second.journal)) == ((), 2)


def test_a_run_whose_journal_is_lost_is_listed_too(tmp_path: Path, clock: Clock) -> None:
    run = begin(tmp_path, "contoso", "1", clock)
    run.write_json("plan.json", {})
    run.journal_path.unlink()

    assert [said.key for found in each_run(tmp_path) for said in found.problems] == ["evidence-cannot-read"]


def test_outputs_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="missing"):
        list(each_run(tmp_path / "missing"))
