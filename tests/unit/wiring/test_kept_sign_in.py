"""Runs that share a sign-in, put together as an operator's are: one code, said where the account is shown, never recorded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.errors import ParameterError
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import assemble
from runbook_lib.wiring.places import tokens_folder
from tests.notebooks.served import PORTAL, Served, read
from tests.rehearsal import carried_out

PLAIN = {"token_cache": "plain-file"}


@pytest.fixture
def lab(lab: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The lab, with folders of this test's own for records and for what is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return lab


def codes(lab: Served, **sign_in: Any) -> int:
    """Carry out a plan, and return how many codes it showed."""
    shown: list[str] = []
    parameters = check_parameters(lab.data(sign_in=sign_in))
    assembly = assemble(PORTAL, parameters, show_code=lambda code, *_: shown.append(code))
    carried_out(assembly.run)
    assembly.finish()
    assert assembly.run.results["p1"].status == "compliant"
    return len(shown)


def secrets_in(part: Any) -> Iterator[str]:
    """What msal calls a secret, anywhere in what it keeps."""
    if isinstance(part, dict):
        yield from (part["secret"],) if isinstance(part.get("secret"), str) else ()
        for each in part.values():
            yield from secrets_in(each)


def test_two_runs_ask_once_and_the_records_say_so_without_any_token(lab: Served) -> None:
    assert [codes(lab, **PLAIN), codes(lab, **PLAIN)] == [1, 0]

    (file,) = tokens_folder().iterdir()
    kept = set(secrets_in(json.loads(file.read_text(encoding="utf-8"))))
    left = [path.read_bytes() for path in lab.outputs.rglob("*") if path.is_file()]
    assert len(kept) > 2
    assert len(left) > 10
    assert not any(secret.encode() in content for secret in kept for content in left)
    for run in lab.runs():
        told = read(run / "result.json")["findings"]["p1"]
        assert [each["message"]["key"] for each in told] == ["token-cache-in-clear"]


def test_two_runs_ask_twice_unless_told_otherwise(lab: Served) -> None:
    assert [codes(lab), codes(lab)] == [1, 1]

    assert not tokens_folder().exists()


# The system's PyGObject may warn about its own way of importing, which is nothing of ours.
@pytest.mark.filterwarnings("ignore:DynamicImporter:ImportWarning")
def test_a_run_that_cannot_encrypt_is_not_begun_and_nothing_is_kept(
    lab: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")

    with pytest.raises(ParameterError) as refused:
        codes(lab, token_cache="encrypted")

    assert refused.value.message.key == "token-cache-not-encrypted"
    assert list(tokens_folder().iterdir()) == []
    assert not lab.outputs.exists()
