"""With which tenant a notebook begins in a person's hands."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.notebook.beginning import beginning
from runbook_lib.wiring import project_root, remember_choice
from runbook_lib.wiring.places import PARAMETERS

SLUG = "preflight"


def example(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((project_root() / "parameters" / name).read_text(encoding="utf-8"))
    return data


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two tenants of the lab, and a real one."""
    monkeypatch.setenv(PARAMETERS, str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("lab/contoso.yml", "lab/fabrikam.yml", "live/example.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(
            (project_root() / "parameters" / name).read_text(encoding="utf-8"), encoding="utf-8"
        )
    return tmp_path


def opens(given: dict[str, Any]) -> str | None:
    found = beginning(SLUG, given, "en").opens
    return found.tenant.name if found else None


def test_without_a_choice_the_lab_is_opened(files: Path) -> None:
    assert opens({"profile": "lab", "language": "en"}) == "contoso"


def test_the_tenant_of_the_lab_that_was_chosen_last_is_opened(files: Path) -> None:
    remember_choice(SLUG, "en", files / "lab" / "fabrikam.yml")

    assert opens({"profile": "lab", "language": "en"}) == "fabrikam"


def test_a_real_tenant_that_was_chosen_last_waits_for_a_click(files: Path) -> None:
    remember_choice(SLUG, "en", files / "live" / "example.yml")

    assert opens({"profile": "lab", "language": "en"}) is None


def test_the_tenant_that_the_cells_name_is_opened_whatever_was_chosen(files: Path) -> None:
    remember_choice(SLUG, "en", files / "lab" / "fabrikam.yml")

    assert opens(example("lab/contoso.yml")) == "contoso"


def test_what_the_cells_say_of_other_parameters_counts(files: Path) -> None:
    found = beginning(SLUG, {"profile": "lab", "language": "en", "grant_permissions": True}, "en")

    assert found.opens is not None
    assert found.opens.grant_permissions


def test_values_that_make_no_sense_are_handed_to_the_form_with_what_is_wrong(files: Path) -> None:
    wrong = {**example("lab/contoso.yml"), "language": "de"}
    found = beginning(SLUG, wrong, "en")

    assert found.opens is None
    assert [problem.field for problem in found.problems] == ["language"]
    assert found.entries == wrong
