"""The lab and the demo from the command line."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.parameters import read_parameters
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import BIN, LONGEST
from tests.unit.cli.conftest import Runbook


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


def test_the_lab_serves_until_it_is_interrupted_and_leaves_no_secret(tmp_path: Path, free_tcp_port: int) -> None:
    folder = tmp_path / "lab"
    with serving(folder, "--port", str(free_tcp_port), "--fault", "contoso:staging_mode") as lab:
        served = document(lab)
        found = find_lab(folder)
        files = [read_parameters(Path(file)) for file in served["parameters"]]

        assert found.cloud_url == served["cloud"]
        assert len(found.secrets) == 6
        assert [read.tenant.name for read in files] == ["contoso", "fabrikam", "tailspin"]
        assert all(
            f":{free_tcp_port + 1 + 2 * number}/" in read.sync_server.endpoint for number, read in enumerate(files)
        )
        lab.send_signal(signal.SIGINT)
        _, errors = lab.communicate(timeout=LONGEST)

    assert lab.returncode == 130
    assert "Traceback" not in errors
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path, free_tcp_port_factory: Any) -> None:
    port = free_tcp_port_factory()
    with serving(tmp_path / "first", "--port", str(port)) as first:
        document(first)
        with serving(tmp_path / "second", "--port", str(port)) as second:
            _, errors = second.communicate(timeout=LONGEST)

    assert second.returncode == 2
    assert str(port) in errors
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
    assert LAB not in os.environ
