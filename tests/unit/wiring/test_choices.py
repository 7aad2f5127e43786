"""The tenants that can be chosen are listed as they are, and the last choice is remembered without trusting what is found."""

import json
import shutil
from pathlib import Path

import pytest

from runbook_lib.errors import ParameterError
from runbook_lib.lab.lab import Lab
from runbook_lib.parameters import read_parameters
from runbook_lib.wiring import (
    OTHER_PORTS,
    last_choice,
    place_for,
    project_root,
    remember_choice,
    save,
    shown,
    tenant_files,
)
from runbook_lib.wiring.places import LAB, PARAMETERS, choices_folder

SLUG = "enable-connect-writeback"
CONTOSO = project_root() / "parameters" / "lab" / "contoso.yml"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of this test's own, and no lab."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv(LAB, str(tmp_path / "lab"))
    return tmp_path


@pytest.fixture
def own_files(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tenants' files elsewhere than in the project."""
    folder = elsewhere / "tenants"
    folder.mkdir()
    monkeypatch.setenv(PARAMETERS, str(folder))
    return folder


def test_every_example_is_listed_with_its_tenant_and_profile(elsewhere: Path) -> None:
    names = [choice.name("en") for choice in tenant_files()]

    assert names[:4] == [
        "contoso — LAB — parameters/lab/contoso.yml",
        "fabrikam — LAB — parameters/lab/fabrikam.yml",
        "tailspin — LAB — parameters/lab/tailspin.yml",
        "example — LIVE — parameters/live/example.yml",
    ]
    assert tenant_files()[0].name("fr") == "contoso — LABO — parameters/lab/contoso.yml"
    assert tenant_files()[0].parameters == read_parameters(CONTOSO)


def test_wrong_files_are_listed_with_what_is_wrong_and_other_files_are_not(own_files: Path) -> None:
    (own_files / "broken.yml").write_text("profile: [", encoding="utf-8")
    (own_files / "half.YAML").write_text("tenant: {name: half}\nprofile: live\n", encoding="utf-8")
    (own_files / "nested").mkdir()
    (own_files / "nested" / "deep.yml").write_bytes(b"\xff\xfe")
    (own_files / "lost.yml").symlink_to(own_files / "nowhere")
    for name in (".hidden.yml", "notes.txt", "tenant.yml~"):
        (own_files / name).write_text("profile: lab", encoding="utf-8")

    listed = tenant_files()
    assert [(each.tenant, each.profile, each.shown.rpartition("tenants/")[2]) for each in listed] == [
        ("broken", "", "broken.yml"),
        ("half", "live", "half.YAML"),
        ("lost", "", "lost.yml"),
        ("deep", "", "nested/deep.yml"),
    ]
    assert [each.problems != () for each in listed] == [True] * 4
    assert listed[0].name("en") == f"broken — ? — {own_files.as_posix()}/broken.yml"


def test_the_files_of_a_lab_on_other_ports_come_first_while_it_serves(elsewhere: Path) -> None:
    folder = elsewhere / "lab"
    with Lab() as lab:
        lab.write_descriptor(folder)
        (folder / OTHER_PORTS).mkdir()
        shutil.copy(CONTOSO, folder / OTHER_PORTS / "contoso.yml")

        assert tenant_files()[0].file == folder / OTHER_PORTS / "contoso.yml"
        assert tenant_files()[0].shown == (folder / OTHER_PORTS / "contoso.yml").as_posix()
    assert tenant_files()[0].file == CONTOSO


def test_a_saved_tenant_goes_into_the_folder_of_its_profile(own_files: Path) -> None:
    parameters = read_parameters(CONTOSO)

    assert save("saved", parameters) == own_files / "lab" / "saved.yml"
    assert read_parameters(own_files / "lab" / "saved.yml") == parameters
    assert [choice.file for choice in tenant_files()] == [own_files / "lab" / "saved.yml"]
    with pytest.raises(ParameterError):
        save("saved", parameters)


def test_files_are_called_by_their_place_in_the_project_or_below_home(elsewhere: Path) -> None:
    assert shown(place_for("live", "contoso")) == "parameters/live/contoso.yml"
    assert shown(Path.home() / "a" / "x.yml") == "~/a/x.yml"
    assert shown(elsewhere / "x.yml") == (elsewhere / "x.yml").as_posix()


def test_the_last_choice_is_remembered_for_each_runbook_and_language(elsewhere: Path) -> None:
    assert last_choice(SLUG, "fr") is None

    remember_choice(SLUG, "fr", CONTOSO)
    remember_choice(SLUG, "fr", CONTOSO.with_name("fabrikam.yml"))

    assert last_choice(SLUG, "fr") == CONTOSO.with_name("fabrikam.yml")
    assert last_choice(SLUG, "en") is None
    assert last_choice("preflight", "fr") is None


def test_what_is_remembered_is_a_path_that_only_this_user_can_read(elsewhere: Path) -> None:
    remember_choice(SLUG, "fr", CONTOSO)
    (kept,) = choices_folder().iterdir()

    assert json.loads(kept.read_text(encoding="utf-8")) == {"file": str(CONTOSO)}
    assert (kept.stat().st_mode & 0o777, choices_folder().stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'{"file": 7}',
        b'{"other": "x"}',
        b'{"file": "parameters/lab/contoso.yml"}',
        b"\xff\xfe",
        b'{"file": "/no-such-folder/x.yml"}',
        b'{"file": "/a\\u0000b"}',
        b'{"file": "' + b"x" * 9000 + b'"}',
    ],
)
def test_a_broken_memory_is_no_memory(elsewhere: Path, content: bytes) -> None:
    remember_choice(SLUG, "fr", CONTOSO)
    (kept,) = choices_folder().iterdir()
    kept.write_bytes(content)

    assert last_choice(SLUG, "fr") is None


def test_a_memory_that_others_could_have_written_is_no_memory(elsewhere: Path) -> None:
    remember_choice(SLUG, "fr", CONTOSO)
    (kept,) = choices_folder().iterdir()
    kept.chmod(0o666)

    assert last_choice(SLUG, "fr") is None


def test_where_nothing_can_be_kept_the_choice_is_forgotten_and_nothing_stops(elsewhere: Path) -> None:
    (elsewhere / "state").write_text("", encoding="utf-8")
    remember_choice(SLUG, "fr", CONTOSO)

    assert last_choice(SLUG, "fr") is None
