"""The lab and the demo from the command line."""

import json
import os
import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.lab.made_up import made_up
from runbook_lib.parameters import read_parameters
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import BIN, LONGEST
from tests.unit.cli.conftest import Runbook

# The lab takes so many ports in a row, at most. The system itself gives out ports above these, so nobody gets one in between.
PORTS, LOWEST, HIGHEST = 8, 20_000, 31_000


@pytest.fixture
def lab_port() -> int:
    """The first of as many free ports in a row as the lab takes."""
    while True:
        first = random.randrange(LOWEST, HIGHEST)
        with ExitStack() as stack, suppress(OSError):
            for port in range(first, first + PORTS):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`runbook lab` as a process of its own, ended when the block is left."""
    command = [str(BIN / "runbook"), "lab", "--json", *arguments]
    environment = {**os.environ, LAB: str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as lab:
        try:
            yield lab
        finally:
            lab.kill()


def document(lab: "subprocess.Popen[str]") -> Any:
    """The first document on standard output; fails when the process ends before it is whole."""
    assert lab.stdout is not None
    text = ""
    for line in lab.stdout:
        text += line
        if line.startswith("}"):
            return json.loads(text)
    raise AssertionError(text)


def test_the_lab_serves_until_it_is_interrupted_and_leaves_no_secret(tmp_path: Path, lab_port: int) -> None:
    folder = tmp_path / "lab"
    with serving(folder, "--port", str(lab_port), "--fault", "contoso:staging_mode") as lab:
        served = document(lab)
        found = find_lab(folder)
        files = [read_parameters(Path(file)) for file in served["parameters"]]

        assert found.cloud_url == served["cloud"]
        assert len(found.secrets) == 9
        assert [read.tenant.name for read in files] == ["contoso", "fabrikam", "tailspin"]
        assert all(f":{lab_port + 1 + 2 * number}/" in read.sync_server.endpoint for number, read in enumerate(files))
        lab.send_signal(signal.SIGINT)
        _, errors = lab.communicate(timeout=LONGEST)

    assert lab.returncode == 130
    assert "Traceback" not in errors
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path, lab_port: int) -> None:
    port = lab_port
    with serving(tmp_path / "first", "--port", str(port)) as first:
        assert "cloud" in document(first)
        with serving(tmp_path / "second", "--port", str(port)) as second:
            _, errors = second.communicate(timeout=LONGEST)

    assert second.returncode == 2
    # The lab opens its ports side by side, so any of them may be the first that is found taken.
    assert any(str(port + number) in errors for number in range(4))
    assert "Traceback" not in errors


def test_the_demo_carries_both_runbooks_through_and_stops_where_it_should(
    runbook: Runbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends well although one tenant is stopped: that one is made with troubles. The approvals are said to be the demo's."""
    monkeypatch.delenv(LAB, raising=False)
    monkeypatch.delenv(OUTPUTS, raising=False)
    outputs = tmp_path / "outputs"

    ended = runbook("demo", "--outputs", outputs, "--json", "--language", "fr")

    assert ended.code == 0, ended.err
    last = {slug: {each["tenant"]: each for each in outcomes} for slug, outcomes in ended.document.items()}
    assert {tenant: each["exit_code"] for tenant, each in last["enable-connect-writeback"].items()} == dict.fromkeys(
        ("contoso", "fabrikam", "tailspin"), 0
    )
    portal = last["enable-sspr-writeback"]
    assert (portal["contoso"]["steps"]["p5"], portal["fabrikam"]["steps"]["p5"]) == ("verified", "compliant")
    assert portal["tailspin"]["exit_code"] == 1
    assert "tailspin: ✖ L'exécution n'est pas terminée" in ended.err
    assert '"how":"demo"' in (Path(portal["contoso"]["folder"]) / "journal.jsonl").read_text(encoding="utf-8")
    # The receipt is named after the lab's change record; what it says was downloaded from there.
    assert len(list((outputs / "contoso").glob("receipt-servicenow-CHG0030001-*.dsse.json"))) == 1
    assert LAB not in os.environ


def test_a_fleet_of_made_up_tenants_is_served_with_ready_files(tmp_path: Path, lab_port: int) -> None:
    """The same seed gives the same files, but for the addresses."""
    wanted = made_up(7, seed=3)
    folder = tmp_path / "lab"
    with serving(folder, "--port", str(lab_port), "--tenants", "7", "--seed", "3") as lab:
        served = document(lab)
        files = [read_parameters(Path(file)) for file in served["parameters"]]
        lab.send_signal(signal.SIGINT)
        lab.communicate(timeout=LONGEST)

    assert sorted((read.tenant.name, read.tenant.id) for read in files) == sorted(
        (spec.name, spec.tenant_id) for spec in wanted
    )
    assert {read.sign_in.method for read in files} == {"secret"}
    assert lab.returncode == 130


@pytest.mark.parametrize("count", ["0", "-1", "10000"])
def test_a_fleet_that_cannot_be_is_refused(runbook: Runbook, count: str) -> None:
    refused = runbook("lab", "--tenants", count)

    assert refused.code == 2
    assert "Ask for 1 to 9999." in refused.err
