"""What a fleet is going to do is said before anything is run."""

from dataclasses import replace
from pathlib import Path

import pytest

from runbook_lib.cli.announcing import announce
from runbook_lib.cli.ordering import Ordered
from runbook_lib.cli.printing import Printing
from runbook_lib.fleet import FleetOptions, MaxFailures, Rollout, parse_waves, parse_window
from runbook_lib.parameters import read_parameters
from runbook_lib.texts import Language
from runbook_lib.wiring import project_root
from tests.notebooks.served import CONNECT, Served
from tests.unit.cli.conftest import Runbook

HOW = FleetOptions(
    at_once=8,
    max_failures=MaxFailures.read("5%"),
    rollout=Rollout(
        parse_waves("1,rest"), 60, "L2", parse_window("22:00-05:00 Europe/Paris", ["2026-12-24/2026-12-26"])
    ),
    time_limit=900,
)


def announced(
    capsys: pytest.CaptureFixture[str], how: FleetOptions, language: Language, *profiles: str, mode: str = "apply"
) -> str:
    parameters = read_parameters(project_root() / "parameters" / "lab" / "contoso.yml")
    ordered = [Ordered(Path("x.yml"), parameters.model_copy(update={"profile": profile})) for profile in profiles]
    announce(CONNECT, mode, ordered, how, Printing(language, as_json=False))
    out, errors = capsys.readouterr()
    assert out == ""
    return errors.strip()


def test_all_that_was_ordered_is_said_in_one_line_with_how_many_are_real(capsys: pytest.CaptureFixture[str]) -> None:
    assert announced(capsys, HOW, "en", "live", "lab", "live") == (
        f"{CONNECT} is applied to 3 tenants · LIVE: 2 real · 3 at once · waves of 1, 2 · 60 seconds between them · each to reach L2"
        " · stopped once more than 5 % failed · at most 900 seconds a run · begun 22:00-05:00 Europe/Paris only"
        " · not on 2026-12-24/2026-12-26"
    )


def test_what_was_not_asked_for_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        announced(capsys, FleetOptions(), "en", "lab", "lab", mode="plan")
        == f"{CONNECT} is planned for 2 tenants · LAB"
    )


def test_a_single_day_is_said_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    how = replace(FleetOptions(), rollout=Rollout(window=parse_window("", ["2026-12-25"])))

    assert announced(capsys, how, "fr", "lab", "lab").endswith(" · sauf 2026-12-25")


def test_one_tenant_alone_is_not_announced(capsys: pytest.CaptureFixture[str]) -> None:
    assert announced(capsys, HOW, "en", "lab") == ""


def test_it_is_said_before_the_first_tenant_and_not_on_standard_output(lab: Served, runbook: Runbook) -> None:
    ended = runbook("plan", CONNECT, "-p", lab.file("contoso"), lab.file("fabrikam"), "--language", "fr", "--json")

    assert ended.err.startswith(f"{CONNECT} est planifié pour 2 locataires · LABO")
    assert [each["tenant"] for each in ended.document] == ["contoso", "fabrikam"]
