"""The end of a fleet: how it came out, what needs attention, its files, and commands that can be typed as they are."""

import csv
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from runbook_lib.cli.fleet import FEW
from runbook_lib.fleet import worst
from tests.made_up_fleet import MadeUpFleet, made_up_fleet
from tests.notebooks.served import PORTAL, PREFLIGHT
from tests.unit.notebook.test_export import body

NOBODY = ("--freeze", "2000-01-01/2999-12-31")


@pytest.fixture(scope="module")
def fleet() -> Iterator[MadeUpFleet]:
    """Of one tenant the server side is on already, so that its portal needs an operator; of the others it is off."""
    with made_up_fleet(FEW + 1) as made:
        yield made


@pytest.fixture(scope="module")
def planned(fleet: MadeUpFleet) -> "subprocess.CompletedProcess[str]":
    return fleet.piped("plan", PORTAL, "-p", *fleet.files, "--jobs", "4", "--language", "en", COLUMNS="200")


@pytest.fixture(scope="module")
def needy(fleet: MadeUpFleet, planned: "subprocess.CompletedProcess[str]") -> str:
    """The tenant that needs an operator."""
    (record,) = [path for path in batches(fleet, ".json") if not path.name.endswith(".plan.json")]
    (name,) = [each["tenant"] for each in json.loads(record.read_bytes())["planned"] if each["exit_code"] == 5]
    return str(name)


def batches(fleet: MadeUpFleet, ending: str) -> list[Path]:
    return sorted((fleet.outputs / "_batches").glob(f"*-{PORTAL}-*{ending}"))


def typed(output: str, words: str) -> list[str]:
    """The command below a line that begins with these words."""
    lines = output.splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith(words))
    return shlex.split(lines[place + 1])


def test_a_fleet_ends_with_counts_and_with_what_many_have_in_common_told_once(
    fleet: MadeUpFleet, planned: "subprocess.CompletedProcess[str]", needy: str
) -> None:
    assert planned.returncode == 1
    assert re.search(
        rf"^{FEW + 1} of {FEW + 1} tenants in \d:\d\d · 1 needs an operator · {FEW} failed or blocked · \d+ a minute$",
        planned.stdout,
        re.MULTILINE,
    )
    assert planned.stdout.count("Writeback is off on the sync server") == 1
    assert f"✖ {FEW}" in planned.stdout
    assert f"1 tenant needs a person: {needy}." in planned.stdout
    # No block for each: the plans are approved together.
    assert planned.stdout.count("--plan") == 1


def test_the_page_over_all_tenants_and_the_record_are_written_and_named(
    fleet: MadeUpFleet, planned: "subprocess.CompletedProcess[str]"
) -> None:
    page = (fleet.outputs / "status.html").read_text(encoding="utf-8")

    assert all(f"<bdi>{tenant}</bdi>" in page for tenant in fleet.tenants)
    assert f"All tenants on one page: {fleet.outputs / 'status.html'}" in planned.stdout
    assert f"Who was planned, and how each ended: {fleet.outputs / '_batches'}" in planned.stdout


def test_the_next_command_plans_for_those_alone_who_failed(
    fleet: MadeUpFleet, planned: "subprocess.CompletedProcess[str]", needy: str
) -> None:
    """Many files are named by their pattern, which the shell resolves; here nobody is begun, and who would be is told."""
    _program, *words = typed(planned.stdout, "Once what stands in the way")
    place = words.index("-p") + 1
    pattern = Path(words[place])
    words[place : place + 1] = [str(path) for path in sorted(pattern.parent.glob(pattern.name))]
    again = fleet.piped(*words, "--events", *NOBODY)

    assert pattern.name == "*.yml"
    first = json.loads(again.stdout.splitlines()[0])
    assert [each["tenant"] for each in first["tenants"]] == [each for each in fleet.tenants if each != needy]


def test_who_needs_a_person_is_on_a_worklist_with_what_to_do_and_what_to_type(
    fleet: MadeUpFleet, planned: "subprocess.CompletedProcess[str]", needy: str
) -> None:
    (page,), (table,) = batches(fleet, ".worklist.html"), batches(fleet, ".worklist.csv")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    said = body(page.read_text(encoding="utf-8"))
    links = [seen["href"] for tag, seen in said.elements if tag == "a"]

    assert {row["tenant"] for row in rows} == {needy}
    assert [row["step"] for row in rows] == ["P1", "P3", "P4", "P5"]
    assert rows[1]["to_do_en"] == "Write back passwords to your on-premises directory? → Yes"
    assert rows[1]["to_do_fr"].endswith("→ Oui")
    command = shlex.split(rows[0]["command"])
    plan = json.loads(Path(command[command.index("--plan") + 1]).read_bytes())
    assert plan["digest"] == rows[0]["plan"]
    assert command[-2:] == ["--attestation", "FILE"]
    for text in (needy, rows[1]["to_do_en"], rows[1]["to_do_fr"], rows[0]["command"], rows[0]["plan"]):
        assert text in said.text
    assert rows[0]["page"] in links
    assert rows[0]["page"].startswith("https://")
    relative = [link for link in links if not link.startswith("https://")]
    assert len(relative) == 2
    assert all((page.parent / unquote(link)).exists() for link in relative)
    assert f"Worklist: {page}" in planned.stdout


def test_a_page_that_cannot_be_written_is_named_and_changes_no_exit_code(fleet: MadeUpFleet, tmp_path: Path) -> None:
    page = tmp_path / "outputs" / "status.html"
    page.mkdir(parents=True)
    ended = fleet.piped(
        "plan", PREFLIGHT, "-p", *fleet.files[:2], "--language", "en", "--events", "--outputs", page.parent
    )
    told = [json.loads(line) for line in ended.stdout.splitlines()]

    assert "Not written: " in ended.stderr
    assert str(page) in ended.stderr
    assert ended.returncode == worst([each["exit_code"] for each in told if each["event"] == "tenant-ended"])
    assert [*told[-1]["files"]] == ["record"]
