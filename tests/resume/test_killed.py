"""The runner is killed with SIGKILL at every line of its journal, over the real protocols, and the run goes on to the same end."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.canonical import digest
from runbook_lib.evidence import Line, Recorded, read_journal
from runbook_lib.wiring import project_root
from runbook_lib.wiring.places import OUTPUTS, RESUMED
from tests.notebooks.served import CONNECT, PORTAL, Served, read, serve

KILLED = -9
RUN = "20261122T200000Z-killed-000001"
CLOUD = "contoso.onmicrosoft.com - AAD"


class Runner:
    """The warm process, and the lab that its runs reach. `attempts` are made at one run; each run has its own folder of records."""

    def __init__(self, served: Served, slug: str, folder: Path) -> None:
        self.slug = slug
        self._served = served
        self._folder = folder
        self._runs = 0
        self._plan = ""
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))],
            env=served.environment(PYTHONPATH=str(project_root())),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def folder(self) -> Path:
        """The folder of the newest run."""
        return self._folder / str(self._runs) / "contoso" / RUN

    @property
    def journal(self) -> Recorded:
        """Its journal, which verifies."""
        return read_journal(self.folder / "journal.jsonl")

    def begin(self, line: int = 0, when: str = "") -> int:
        """Bring the tenant back to where the runbook begins, and make the first attempt at a new run."""
        world, cloud = self._served.world.tenant("contoso"), self._served.lab.tenants["contoso"].cloud
        world.server.set_writeback(CLOUD, enabled=self.slug == PORTAL)
        self._served.lab.service(world.server).close()  # who is killed leaves a shell to time out at the server
        cloud.policy.passwordWritebackSupported = cloud.policy.accountUnlockEnabled = False
        self._runs += 1
        if not self._plan:
            assert self._order({"mode": "plan"}) == 3
            self._plan = read(self.folder / "plan.json")["digest"]
            self._runs += 1
        self._changes = world.server.changes
        return self.apply(line, when)

    def apply(self, line: int = 0, when: str = "", *, resumes: bool = False) -> int:
        """Make an attempt at the run; return how it ended."""
        return self._order({"mode": "apply", "approved_plan": self._plan}, line, when, resumes=resumes)

    def state(self) -> tuple[bool, Any]:
        """What the runbook is about."""
        _, is_on, policy, _ = self._served.state()
        return is_on, policy

    @property
    def changes(self) -> int:
        """How often anything was changed on the sync server since the run began."""
        return self._served.world.tenant("contoso").server.changes - self._changes

    def _order(self, asked: dict[str, Any], line: int = 0, when: str = "", *, resumes: bool = False) -> int:
        environment = {RESUMED: RUN if resumes else "", OUTPUTS: str(self.folder.parents[1])}
        values = self._served.data(language="en", run_id=RUN, connect={"wait_seconds": 1}, **asked)
        order = {"slug": self.slug, "values": values, "environment": environment, "line": line, "when": when}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        with self._process as ended:
            ended.communicate(timeout=10)


@pytest.fixture(scope="module", params=[CONNECT, PORTAL])
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with serve() as served:
        runner = Runner(served, request.param, tmp_path_factory.mktemp("killed"))
        yield runner
        runner.close()


def steps(recorded: Iterable[Line]) -> dict[str, str]:
    """The last word on each step."""
    return {line.data["step"]: line.data["status"] for line in recorded if line.event == "step-result"}


def sent(recorded: Iterable[Line]) -> Counter[str]:
    """How often each change was about to be sent."""
    return Counter(digest(line.data["change"]) for line in recorded if line.event == "sending")


def diffs(recorded: Iterable[Line]) -> list[Any]:
    """Every diff in the record, with its step."""
    results = [line.data for line in recorded if line.event == "step-result"]
    return [(data["step"], data["changes"]) for data in results if data["changes"]]


def is_reading(recorded: Recorded, line: int) -> bool:
    return line <= len(recorded) and recorded[line - 1].event == "read"


@pytest.mark.parametrize("when", ["after", "before"])
def test_a_run_killed_at_any_line_goes_on_to_the_same_end(runner: Runner, when: str) -> None:
    """Killed just after a line is on the disk, or just before it is written, once all before it was done.

    Nothing is sent twice, unless it was being sent at that moment; both attempts are in one journal that verifies. Of readings in a
    row, which change nothing, it is the last; tests/unit/engine/test_resuming.py stops a run at each of them, in memory.
    """
    assert runner.begin() == 0
    whole, state, changes = runner.journal, runner.state(), runner.changes
    first = 1 if when == "after" else 2  # before the first line there is no run

    for line in range(first, len(whole) + 1):
        following = line + 1 if when == "after" else line
        if is_reading(whole, line) and is_reading(whole, following):
            continue
        assert runner.begin(line, when) == KILLED
        killed = runner.journal
        assert len(killed) == (line if when == "after" else line - 1)
        is_open = killed[-1].event == "sending"
        if killed[-1].event == "finished":
            break

        assert runner.apply(resumes=True) == 0, line

        recorded = runner.journal
        assert recorded[: len(killed)] == killed[:]
        assert [each.data["attempt"] for each in recorded if each.event == "resumed"] == [2]
        assert (recorded[-1].event, recorded[-1].data["exit_code"]) == ("finished", 0)
        assert (steps(recorded), runner.state()) == (steps(whole), state), line
        assert runner.changes == changes, line
        assert sum((sent(recorded) - sent(whole)).values()) <= is_open, line
        assert diffs(recorded)[: len(diffs(killed))] == diffs(killed)
        plan = read(runner.folder / "plan.json")
        assert plan["digest"] == digest(plan["plan"]) == read(runner.folder / "result.json")["plan"]
