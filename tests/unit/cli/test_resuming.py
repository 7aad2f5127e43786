"""`runbook resume`: after a kernel died and after the power went, and what it refuses to go on with."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.evidence import Journal, Redactor, read_journal
from tests.notebooks.served import BIN, CONNECT, LONGEST, Served, read, serve
from tests.unit.cli.conftest import Ended, process
from tests.waiting import until


def events(folder: Path) -> list[str]:
    """The events of a run's journal so far."""
    return [line.event for line in read_journal(folder / "journal.jsonl")]


class Applied:
    """`runbook apply` as a process of its own, stopped while it waits for onboarding: its change is sent and not verified."""

    def __init__(self, served: Served, attempts: int, *arguments: object) -> None:
        self.served = served
        self.process = subprocess.Popen(
            [str(BIN / "runbook"), *map(str, arguments)],
            env=served.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        until(lambda: self.has_sent(attempts))

    def has_sent(self, attempts: int) -> bool:
        """Whether the newest run has sent its change, and this attempt at it waits."""
        try:
            seen = events(self.folder)
        except (IndexError, OSError, ValueError):
            return False
        began = [number for number, event in enumerate(seen) if event in ("opened", "resumed")]
        return "sent" in seen and len(began) == attempts and "step-started" in seen[began[-1] :]

    @property
    def folder(self) -> Path:
        return self.served.runs()[-1]

    @property
    def kernel(self) -> psutil.Process:
        (kernel,) = [
            child for child in psutil.Process(self.process.pid).children() if "ipykernel" in " ".join(child.cmdline())
        ]
        return kernel

    def ended(self) -> Ended:
        out, err = self.process.communicate(timeout=LONGEST)
        return Ended(self.process.returncode, out, err)

    def power_cut(self) -> None:
        """Nobody gets the time to tidy up."""
        kernel = self.kernel
        self.process.send_signal(signal.SIGSTOP)
        kernel.kill()
        self.process.kill()
        self.process.communicate()


def test_a_run_whose_power_was_cut_and_whose_kernel_died_then_goes_on_to_its_end(tmp_path: Path) -> None:
    """The server is asked once; the record has three attempts, each with its notebook, and names the command that goes on."""
    with serve(onboarding=600) as served:
        file = served.file(language="en")
        planned = process("plan", CONNECT, "-p", file, "--json", environment=served.environment())
        plan = Path(planned.document[0]["folder"]) / "plan.json"
        served.world.tenant("contoso").faults.add("slow_onboarding")
        before = served.world.tenant("contoso").server.changes

        first = Applied(served, 1, "apply", CONNECT, "-p", file, "--plan", plan)
        folder = first.folder
        busy = process("resume", folder, "--language", "en", environment=served.environment())
        first.power_cut()
        shown = process("status", "--json", environment=served.environment()).document
        told = process("status", "--language", "en", environment=served.environment()).out
        second = Applied(served, 2, "resume", folder, "--language", "en")
        second.kernel.kill()
        died = second.ended()
        changes = served.world.tenant("contoso").server.changes
        end_onboarding(served)
        third = process("resume", folder, "--json", environment=served.environment())

        assert (busy.code, "still going on" in busy.err) == (1, True)
        assert [run["resumable"] for run in shown] == [True]
        assert f"resume {folder}" in told
        assert died.code == 4
        assert f"resume {folder}" in died.out
        assert third.code == 0, third.err
        assert changes == before + 1
        assert [line.event for line in read_journal(folder / "journal.jsonl")].count("sending") == 1
        assert served.runs()[-1] == folder
        assert [line.data["attempt"] for line in read_journal(folder / "journal.jsonl") if line.event == "resumed"] == [
            2,
            3,
        ]
        assert {path.name for path in folder.glob("*.ipynb")} == {
            "notebook-1.ipynb",
            "notebook-2.ipynb",
            "notebook.ipynb",
        }
        assert read(folder / "plan.json") == read(plan)
        result = read(folder / "result.json")
        assert {result["steps"][step] for step in ("c6", "c7", "c8")} == {"verified"}
        assert not folder.with_suffix(".ipynb").exists()


def end_onboarding(served: Served) -> None:
    """The server is done: what the fault held up happens now."""
    tenant = served.world.tenant("contoso")
    tenant.faults.discard("slow_onboarding")
    tenant.server.restart_service()


@pytest.fixture
def planned(lab: Served, runbook: Callable[..., Ended]) -> Path:
    """The folder of a run of mode plan that ended."""
    ended = runbook("plan", CONNECT, "-p", lab.file(language="en"), "--json")
    assert ended.code == 3
    return Path(ended.document[0]["folder"])


def test_what_cannot_go_on_is_refused_each_with_its_own_message(
    lab: Served, planned: Path, runbook: Callable[..., Ended], tmp_path: Path
) -> None:
    """Nothing is carried out for it: no journal gets a line."""
    cases = {
        "resume-no-run": (2, tmp_path),
        "resume-plan-ended": (2, planned),
        "resume-run-done": (2, copied(planned, "done", mode="apply", exit_code=0)),
        "resume-nothing-recorded": (2, cut(planned, "empty", 0)),
        "resume-foreign": (1, shutil.copytree(planned, planned.with_name("renamed"))),
        "journal-damaged": (1, damaged(planned, "damaged")),
    }
    for key, (code, folder) in cases.items():
        before = journal_of(folder)

        ended = runbook("resume", folder, "--json", "--language", "en")

        assert (ended.code, ended.document["error"]["key"], ended.document["exit_code"]) == (code, key, code)
        assert ended.err
        assert journal_of(folder) == before


def test_a_plan_that_stopped_half_way_is_made_to_its_end(planned: Path, runbook: Callable[..., Ended]) -> None:
    half = cut(planned, "half", 12)

    ended = runbook("resume", half, "--json")

    assert ended.code == 3
    assert ended.document[0]["plan"] == read(planned / "plan.json")["digest"]
    assert events(half)[12] == "resumed"


def journal_of(folder: Path) -> bytes:
    file = folder / "journal.jsonl"
    return file.read_bytes() if file.exists() else b""


def copied(planned: Path, name: str, lines: int | None = None, **changed: Any) -> Path:
    """A run of another id with the lines of a journal, its mode and its end changed as asked."""
    folder = planned.with_name(name)
    folder.mkdir()
    clock = SystemClock()
    with Journal(folder / "journal.jsonl", clock, Redactor()) as journal:
        for line in read_journal(planned / "journal.jsonl")[:lines]:
            data = dict(line.data)
            if line.event == "opened":
                parameters = data["parameters"] | {"mode": changed.get("mode", "plan"), "run_id": name}
                data |= {"run": name, "parameters": parameters}
            if line.event == "finished":
                data |= {"exit_code": changed.get("exit_code", data["exit_code"])}
            journal.record(line.event, **data)
    return folder


def cut(planned: Path, name: str, lines: int) -> Path:
    """A run that stopped after so many lines."""
    return copied(planned, name, lines)


def damaged(planned: Path, name: str) -> Path:
    """A run whose journal was edited."""
    folder = copied(planned, name)
    file = folder / "journal.jsonl"
    file.write_bytes(file.read_bytes().replace(b"plan", b"plot", 1))
    return folder
