"""Where things are on a machine, how a running lab is found, and which language is spoken."""

import json
from pathlib import Path

import pytest

from runbook_lib.errors import LabNotRunning, ParameterError
from runbook_lib.wiring import from_root, lab_folder, name_of_outputs, outputs_root, project_root
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import LAB, OUTPUTS, preferred_language


def test_without_settings_records_go_to_the_outputs_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OUTPUTS, raising=False)

    assert outputs_root() == project_root() / "outputs"
    assert (project_root() / "notebooks").is_dir()


def test_settings_of_the_environment_move_records_and_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(OUTPUTS, str(tmp_path / "records"))
    monkeypatch.setenv(LAB, str(tmp_path / "lab"))

    assert (outputs_root(), lab_folder()) == (tmp_path / "records", tmp_path / "lab")


def test_what_is_kept_names_the_folder_of_the_records_and_not_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A path tells about the machine and its user."""
    monkeypatch.setenv(OUTPUTS, str(tmp_path / "records"))

    assert name_of_outputs() == "records"


def test_relative_files_start_at_the_project_wherever_a_kernel_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert from_root("parameters/lab/contoso.yml").is_file()
    assert from_root(tmp_path / "x.pem") == tmp_path / "x.pem"
    assert from_root("~/x.pem") == Path.home() / "x.pem"


def test_the_home_of_a_user_whom_nobody_knows_is_a_wrong_parameter() -> None:
    with pytest.raises(ParameterError, match="no-such-user-here"):
        from_root("~no-such-user-here/x.pem")


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "FR_ca"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_BE"}, "fr"),
    ],
)
def test_the_language_is_that_of_the_environment_when_it_is_french(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert preferred_language() == language


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "no json", '{"cloud_url": 5, "ca_file": "x", "secrets": {}}', "null"]
)
def test_a_description_that_is_none_means_that_no_lab_runs(tmp_path: Path, content: str) -> None:
    (tmp_path / "lab.json").write_text(content, encoding="utf-8")

    with pytest.raises(LabNotRunning):
        find_lab(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:9",
        "https://127.0.0.1:99999",
        "https://127.0.0.1:x",
        "nonsense",
        "",
        "https://lab.example:15443",
    ],
)
def test_a_description_whose_lab_is_gone_means_that_no_lab_runs(tmp_path: Path, url: str) -> None:
    described = {"cloud_url": url, "ca_file": "ca.pem", "secrets": {}}
    (tmp_path / "lab.json").write_text(json.dumps(described), encoding="utf-8")

    with pytest.raises(LabNotRunning):
        find_lab(tmp_path)
