"""The change record that a tenant's file names, reached as an operator's would be, with the secret kept out of what is written."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_lib.errors import CannotConnect, ParameterError
from runbook_lib.evidence import REDACTED, Redactor
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.wiring.change_records import read_change
from runbook_lib.wiring.places import LAB
from tests.desks import EXAMPLES, Desks, serve_desks


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with serve_desks(tmp_path_factory.mktemp("lab")) as served:
        yield served


@pytest.fixture
def lab(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.setenv(LAB, str(desks.folder))
    return desks


@pytest.mark.parametrize("tenant", EXAMPLES)
def test_the_examples_of_the_lab_lead_to_a_record_each(lab: Desks, tenant: str) -> None:
    read = read_change(lab.parameters(tenant), Redactor(), ManualClock())

    assert (read.number, read.state, read.approval) == (EXAMPLES[tenant], "implement", "approved")
    assert tenant in read.text


def test_the_credential_is_known_to_the_redactor_before_anything_is_sent(lab: Desks) -> None:
    redactor = Redactor()
    read_change(lab.parameters(), redactor, ManualClock())

    change = lab.changes["contoso"]
    pair = b64encode(f"{change.user}:{change.credential}".encode()).decode()
    assert redactor.text(f"{change.credential} Basic {pair}") == f"{REDACTED} Basic {REDACTED}"


@pytest.mark.parametrize("missing", ["address", "credential"])
def test_what_is_missing_to_reach_it_is_named(lab: Desks, missing: str) -> None:
    with pytest.raises(ParameterError, match=missing):
        read_change(lab.parameters(**{missing: None}), Redactor())


def test_a_system_that_is_trusted_by_nobody_here_is_not_spoken_to(lab: Desks, tmp_path: Path) -> None:
    with CloudServer(Cloud()) as other:
        (tmp_path / "other.pem").write_bytes(other.ca_pem)

    with pytest.raises(CannotConnect):
        read_change(lab.parameters(ca_file=str(tmp_path / "other.pem")), Redactor(), ManualClock())
