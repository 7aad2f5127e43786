"""A process that did not carry a run out knows of its secrets what is at hand, and asks nobody for the rest."""

from pathlib import Path

import pytest

from runbook_lib.evidence import REDACTED
from runbook_lib.wiring.known_secrets import redactor_for
from runbook_lib.wiring.places import LAB


def test_what_environment_file_and_lab_hold_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_SERVER", "from-environment")
    file = tmp_path / "secret"
    file.write_text("from-a-file\n")
    file.chmod(0o600)
    parameters = {
        "sync_server": {"password": "env:OF_THE_SERVER"},
        "sign_in": {"secret": f"file:{file}"},
        "language": "fr",
    }

    redactor = redactor_for(parameters)

    assert redactor.text("from-environment, from-a-file") == f"{REDACTED}, {REDACTED}"


@pytest.mark.parametrize(
    "reference", ["env:NOT_THERE", "file:/nowhere", "lab:x.y", "prompt:of me", "keyring:a/b", "keyvault:v/n", "literal"]
)
def test_what_is_not_at_hand_stops_nothing(reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LAB, str(tmp_path))

    assert redactor_for({"sign_in": {"secret": reference}}).text("words and words") == "words and words"
