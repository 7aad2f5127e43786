"""Several tenants at once by the command line, over the served lab, in forked kernels: order, limits, and being interrupted."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from runbook_lib.evidence import read_journal
from runbook_lib.fleet import NOTEBOOK
from tests.notebooks.served import BIN, CONNECT, LONGEST, Served
from tests.unit.cli.conftest import Ended, Runbook

TENANTS = ("contoso", "fabrikam", "tailspin")


def planned(runbook: Runbook, lab: Served, *options: str, tenants: tuple[str, ...] = TENANTS) -> Ended:
    files = [lab.file(tenant, language="en") for tenant in tenants]
    return runbook("plan", CONNECT, "-p", *files, "--json", "--language", "en", *options)


def test_tenants_at_once_come_to_what_they_come_to_one_after_another(lab: Served, runbook: Runbook) -> None:
    """In the order in which they were given, whichever ends first; each with its own record and the same plan."""
    together = planned(runbook, lab, "--jobs", "3")
    alone = planned(runbook, lab, "--kernels", "ordinary")

    def gist(ended: Ended) -> list[Any]:
        return [(each["tenant"], each["exit_code"], each["steps"], each["plan"]) for each in ended.document]

    assert [each["tenant"] for each in together.document] == list(TENANTS)
    assert gist(together) == gist(alone)
    assert together.code == alone.code
    for each in together.document:
        folder = Path(each["folder"])
        assert read_journal(folder / "journal.jsonl")[-1].event == "finished"
        assert (folder / NOTEBOOK).is_file()


def test_a_sign_in_is_asked_for_by_each_tenant_under_its_name(lab: Served, runbook: Runbook) -> None:
    ended = planned(runbook, lab, "--jobs", "2", tenants=TENANTS[:2])

    asked = [line for line in ended.err.splitlines() if line.startswith("Sign in")]
    assert len(asked) == 2
    assert all(any(tenant in line for line in asked) for tenant in TENANTS[:2])


def test_one_failure_more_than_tolerated_begins_no_other_tenant(lab: Served, runbook: Runbook) -> None:
    """The code is that of the failure; those that were not begun are named and have no record."""
    lab.world.tenant("contoso").faults.add("staging_mode")
    ended = planned(runbook, lab, "--max-failures", "0")

    assert ended.code == 1
    assert [each["tenant"] for each in ended.document] == ["contoso"]
    assert "More than 0 tenants failed: no further one is begun." in ended.err
    assert not (lab.outputs / "fabrikam").exists()

    tolerated = planned(runbook, lab, "--max-failures", "2", "--jobs", "3")
    assert [each["tenant"] for each in tolerated.document] == list(TENANTS)
    assert "no further" not in tolerated.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--jobs", "0"), "--jobs 0"),
        (("--jobs", "1000"), "--jobs 1000"),
        (("--max-failures", "many"), "--max-failures many"),
        (("--max-failures", "0%"), "from 1 to 99"),
        (("--scheduler", "tcp://nowhere"), "tcp://nowhere is no address of a scheduler."),
        (("--scheduler", "http://127.0.0.1:8786"), "is no address of a scheduler."),
        (("--scheduler", "tls://127.0.0.1:99999"), "is no address of a scheduler."),
        (("--scheduler", "tcp://127.0.0.1:1"), "No Dask scheduler answers at tcp://127.0.0.1:1"),
        (("--limit-rate", "graph=fast"), "graph=fast is no limit of a rate"),
        (("--time-limit", "-1"), "No run can take -1 seconds"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_run(
    options: tuple[str, ...], said: str, lab: Served, runbook: Runbook
) -> None:
    ended = planned(runbook, lab, *options)

    assert ended.code == 2
    assert said in ended.err
    assert not lab.outputs.exists()


def test_a_run_that_takes_too_long_is_stopped_says_so_and_can_be_gone_on_with(lab: Served, runbook: Runbook) -> None:
    """The others come to their end, and it counts among the failures."""
    lab.world.tenant("contoso").faults.add("slow_server")
    ended = planned(runbook, lab, "--time-limit", "12", "--jobs", "2", tenants=("contoso", "fabrikam"))

    assert (ended.code, [each["exit_code"] for each in ended.document]) == (1, [1, 0])
    assert "contoso: ✖ The run took longer than 12 seconds and was stopped." in ended.err
    lab.world.tenant("contoso").faults.discard("slow_server")
    (stopped,) = lab.runs("contoso")
    assert runbook("resume", stopped, "--language", "en").code == 3


@contextmanager
def two_running(lab: Served) -> Iterator["subprocess.Popen[str]"]:
    """Three tenants, two at once, once both are at work; each answer of the first two takes seconds. Nothing temporary is left."""
    for tenant in TENANTS[:2]:
        lab.world.tenant(tenant).faults.add("slow_server")
    files = [str(lab.file(tenant, language="en")) for tenant in TENANTS]
    command = [str(BIN / "runbook"), "plan", CONNECT, "-p", *files, "--jobs", "2", "--language", "en"]
    with TemporaryDirectory() as temporary:
        with subprocess.Popen(
            command,
            env=lab.environment(TMPDIR=temporary),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as running:
            until = time.monotonic() + LONGEST
            while not all(list((lab.outputs / tenant).glob("*/journal.jsonl")) for tenant in TENANTS[:2]):
                assert running.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
            yield running
        assert list(Path(temporary).iterdir()) == []
    assert list(lab.outputs.glob("*/*.ipynb")) == []


def test_ctrl_c_lets_the_tenants_that_run_come_to_their_end(lab: Served) -> None:
    """Code 130, for not all that was asked for was done; who was not begun is named."""
    with two_running(lab) as planning:
        planning.send_signal(signal.SIGINT)
        for tenant in TENANTS[:2]:
            lab.world.tenant(tenant).faults.discard("slow_server")
        out, errors = planning.communicate(timeout=LONGEST)

    assert planning.returncode == 130, errors
    assert "Stopping: no further tenant is begun" in errors
    assert "Not run: tailspin." in out
    assert "interrupted" not in errors
    for tenant in TENANTS[:2]:
        (run,) = lab.runs(tenant)
        assert read_journal(run / "journal.jsonl")[-1].event == "finished"
    assert not (lab.outputs / "tailspin").exists()


def test_a_second_ctrl_c_stops_them_at_once_and_their_records_say_so(lab: Served, runbook: Runbook) -> None:
    """Each can be gone on with."""
    with two_running(lab) as planning:
        planning.send_signal(signal.SIGINT)
        assert planning.stderr
        while "Stopping" not in planning.stderr.readline():  # two signals at one moment would be one
            assert planning.poll() is None
        planning.send_signal(signal.SIGINT)
        out, errors = planning.communicate(timeout=LONGEST)

    assert planning.returncode == 130, errors
    for tenant in TENANTS[:2]:
        assert f"{tenant}: ✖ The run was interrupted." in errors
        (run,) = lab.runs(tenant)
        assert (run / NOTEBOOK).is_file()
        lab.world.tenant(tenant).faults.discard("slow_server")
    assert out.count("resume") >= 2
    assert not (lab.outputs / "tailspin").exists()
    (stopped,) = lab.runs("contoso")
    assert runbook("resume", stopped, "--language", "en").code == 3
