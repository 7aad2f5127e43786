"""The notebook over many tenants in a shell of this process: it checks first, plans, shows, and changes nothing."""

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.cli import main
from runbook_lib.evidence.batches import read_batch
from runbook_lib.notebook.fleet_cells import OPENING
from runbook_lib.wiring import project_root
from tests.notebooks.served import CONNECT, PORTAL, Served
from tests.unit.fleet_notebook.conftest import TENANTS, Cells


def opened(cells: Cells, **given: Any) -> None:
    cells.given({"language": "en", "runbook": CONNECT, "jobs": 3, **given})
    cells.run(OPENING).raise_error()


def table(cells: Cells, call: str) -> list[dict[str, Any]]:
    """What a cell returns, as a row a dictionary."""
    return cells.run(f"book.{call}()").result.to_dict("records")


def markup(cells: Cells) -> str:
    return "".join(str(output.data.get("text/html", "")) for output in cells.shown)


def test_planning_changes_nothing_and_the_command_that_is_shown_applies_exactly_what_was_planned(
    in_the_lab: Served, folder: Path, cells: Cells
) -> None:
    before = [in_the_lab.state(name) for name in TENANTS]
    opened(cells, fleet=str(folder))
    cells.run("book.plan()").raise_error()

    assert [in_the_lab.state(name) for name in TENANTS] == before
    (record,) = (in_the_lab.outputs / "_batches").glob("*-plan-*[!n].json")
    assert [(each.tenant, each.exit_code) for each in read_batch(record).planned] == [
        ("contoso", 3),
        ("fabrikam", 0),
        ("tailspin", 3),
    ]
    assert [(row["tenant"], row["outcome"]) for row in table(cells, "runs")] == [
        ("contoso", "to-approve"),
        ("tailspin", "to-approve"),
        ("fabrikam", "in-order"),
    ]
    assert [row["tenants"] for row in table(cells, "changes")] == ["contoso", "tailspin"]
    assert {row["tenants"] for row in table(cells, "findings")} == {"tailspin"}
    assert table(cells, "worklist") == []

    cells.run("book.approve()").raise_error()
    said = str(cells.shown[0].data["text/plain"]).splitlines()
    (command,) = [line for line in said if " apply " in line]
    words = shlex.split(command)
    assert main(words[words.index("apply") :]) == 0
    assert in_the_lab.state("contoso") != before[0]
    assert in_the_lab.state("fabrikam") == before[1]
    assert {row["tenant"] for row in table(cells, "standings")} == set(TENANTS)


def test_who_is_blocked_is_told_with_advice_and_stays_on_the_worklist(
    in_the_lab: Served, fleet: Path, cells: Cells
) -> None:
    in_the_lab.world.tenant("fabrikam").faults.add("staging_mode")
    opened(cells, fleet=str(fleet), limit=["fabrikam"])
    cells.run("book.plan()").raise_error()

    found = table(cells, "findings")[0]
    assert (found["severity"], found["tenants"], found["count"]) == ("Blocked", "fabrikam", 1)
    assert "What to do: " in found["advice"]
    (work,) = table(cells, "worklist")
    assert (work["tenant"], work["worst"]) == ("fabrikam", "blocked")
    outputs = in_the_lab.outputs
    assert work["command"].endswith(f"plan {CONNECT} --fleet {fleet} --limit fabrikam --outputs {outputs}")
    assert "1 of 1 tenant failed" in cells.stop("book.finish()")
    in_the_lab.world.tenant("fabrikam").faults.discard("staging_mode")


def test_what_a_person_does_by_hand_is_on_the_worklist_with_its_page_and_its_command(
    in_the_lab: Served, tmp_path: Path, cells: Cells
) -> None:
    (place := tmp_path / "guided").mkdir()
    in_the_lab.file("fabrikam", language="en", sspr={"provider": "guided"}).rename(place / "fabrikam.yml")
    opened(cells, fleet=str(place), runbook=PORTAL)
    cells.run("book.plan()").raise_error()

    (work,) = table(cells, "worklist")
    assert work["worst"] == "needs-operator"
    assert work["page"].startswith("https://")
    assert " --attestation FILE" in work["command"]
    assert [row["outcome"] for row in table(cells, "outcomes")] == ["person"]


def test_the_tenants_are_those_that_the_command_line_would_take(fleet: Path, cells: Cells) -> None:
    opened(cells, fleet=str(fleet), limit="tag:eu", exclude=["fabrikam"])

    assert [(row["tenant"], row["tags"]) for row in table(cells, "tenants")] == [("contoso", "eu, pilot")]


def test_a_bad_file_is_shown_beside_the_good_ones_and_nothing_is_run(
    in_the_lab: Served, folder: Path, cells: Cells
) -> None:
    data = yaml.safe_load((folder / "contoso.yml").read_text(encoding="utf-8"))
    data["tenant"]["name"] = "<b>contoso</b>"
    (folder / "contoso.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    cells.given({"language": "en", "fleet": str(folder)})

    assert type(cells.run(OPENING).error_in_exec).__name__ == "Stop"
    assert "tenant.name" in markup(cells)
    assert "&lt;b&gt;contoso&lt;/b&gt;" in markup(cells)
    assert "<b>contoso" not in markup(cells)
    assert "fabrikam.yml" in markup(cells)
    assert not in_the_lab.outputs.exists()


def test_real_tenants_are_looked_at_only_once_their_number_was_confirmed(
    in_the_lab: Served, tmp_path: Path, cells: Cells
) -> None:
    example = project_root() / "parameters" / "live" / "example.yml"
    opened(cells, fleet=str(example.parent))
    assert "LIVE" in markup(cells)

    assert "live_tenants = 1" in cells.stop("book.plan()")
    assert not in_the_lab.outputs.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"flet": "x"}, "flet is no parameter"),
        ({"jobs": "many"}, "jobs cannot be many"),
        ({"language": "de"}, "language cannot be de"),
        ({"limit": ["nobody-*"]}, "No tenant is meant by nobody-*"),
        ({"jobs": 0}, "--jobs 0"),
        ({"runbook": "none"}, "none"),
        ({"fleet": "benchmarks"}, "holds no tenant's file"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_run(
    given: dict[str, Any], said: str, folder: Path, cells: Cells
) -> None:
    cells.given({"language": "en", "fleet": str(folder), **given})

    assert said in cells.stop(OPENING)


def test_the_command_of_many_files_names_what_they_have_in_common(
    in_the_lab: Served, folder: Path, cells: Cells
) -> None:
    for number in range(4):
        data = in_the_lab.data(
            "contoso", tenant={"id": f"{number:08}-0000-4000-8000-000000000000", "name": f"more-{number}"}
        )
        data["sync_server"]["endpoint"] = f"https://127.0.0.1:{5000 + number}/wsman"
        (folder / f"more-{number}.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    opened(cells, fleet=str(folder))

    assert f"plan {CONNECT} -p {folder}/*.yml --jobs 3" in str(cells.shown[0].data["text/plain"])


def test_what_was_not_planned_cannot_be_reviewed(folder: Path, cells: Cells) -> None:
    opened(cells, fleet=str(folder))

    for call in ("outcomes", "changes", "findings", "approve", "finish"):
        assert "Nothing was planned here yet." in cells.stop(f"book.{call}()")
