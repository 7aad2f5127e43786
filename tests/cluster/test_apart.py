"""A fleet on several machines that have a storage in common and no folder: real Dask processes, Azurite, outputs for each worker."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.fleet import NOTEBOOK
from runbook_lib.wiring.places import OUTPUTS
from tests.azurite import Azurite, folder_url, serving
from tests.cluster.conftest import CLOUD, TENANTS, Fleet, events
from tests.cluster.machines import Machines
from tests.notebooks.served import BIN, LONGEST, Served, serve
from tests.unit.cli.conftest import Ended, process
from tests.waiting import until

WORKERS = ("one", "two")
CONNECTION = "AZURE_STORAGE_CONNECTION_STRING"


class Apart(Fleet):
    """The command line before workers each of which has outputs of its own, and a storage that all of them reach."""

    def __init__(self, served: Served, machines: Machines, azurite: Azurite, name: str, **keys: Any) -> None:
        """`keys` are more of the tenants' parameters."""
        super().__init__(served, machines)
        self.keys = keys
        self.azurite, self.name, self.url = azurite, name, folder_url(name)

    def file(self, tenant: str) -> Path:
        """There is time to kill a worker while contoso waits."""
        wait = {"wait_seconds": 40 if tenant == "contoso" else 1}
        return self.served.file(tenant, language="en", connect=wait, **self.keys)

    def order(self, verb: str, tenants: tuple[str, ...], *options: object, **environment: str) -> Ended:
        return super().order(verb, tenants, *options, "--outputs", self.url, **self.known, **environment)

    @property
    def known(self) -> dict[str, str]:
        return {CONNECTION: self.azurite.connection}

    def __call__(self, *arguments: object) -> Ended:
        """Call the command line on the machine of the command."""
        return process(*arguments, environment=self.served.environment(**self.known))

    def stored(self, folder: str = "") -> dict[str, bytes]:
        found = self.azurite.contents(f"{self.name}/{folder}")
        return {name.removeprefix(f"{self.name}/"): content for name, content in found.items()}

    def lines(self, tenant: str, run: str) -> bytes:
        """The journal of a run as its lines on the storage tell it."""
        stored = self.stored(f"{tenant}/{run}/journal/")
        return b"".join(stored[name] for name in sorted(stored))

    def claim(self, run: Path, attempt: int = 1) -> Any:
        (claim,) = self.stored(f"_claims/{run.parent.name}~{run.name}-{attempt}.json").values()
        return json.loads(claim)

    def until_stored(self, tenant: str, event: str, besides: set[str]) -> Path:
        """Wait until a new run of a tenant has an event on the storage; return the folder that it will have here."""
        mark = f'"event":"{event}"'.encode()
        read: dict[str, bytes] = {}  # by name: no line is asked for twice, for runs go on meanwhile

        def found() -> set[str]:
            new = {name: run for name, run in self._lines_of(tenant).items() if run not in besides}
            read.update(self.azurite.read(new.keys() - read.keys()))
            return {run for name, run in new.items() if mark in read[name]}

        until(found, every=0.2)
        (run,) = found()
        return self.served.outputs / tenant / run

    def known_runs(self, tenant: str) -> set[str]:
        return set(self._lines_of(tenant).values())

    def _lines_of(self, tenant: str) -> dict[str, str]:
        """The lines of all journals of a tenant: the name of each, and its run."""
        names = self.azurite.names(f"{self.name}/{tenant}/")
        return {name: name.split("/")[2] for name in names if "/journal/" in name}

    def outputs_of(self, worker: str) -> Path:
        return self.served.outputs.with_name(f"of-{worker}")

    def ordered_here(self, verb: str, *options: object) -> "subprocess.Popen[str]":
        """Order a verb for contoso, and leave it running."""
        words = [verb, "enable-connect-writeback", "-p", self.file("contoso"), "--language", "en", "--json", *options]
        return subprocess.Popen(
            [str(BIN / "runbook"), *map(str, words), "--scheduler", self.machines.address, "--outputs", self.url],
            env=self.served.environment(**self.known),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


@pytest.fixture(scope="module")
def separate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    with (
        serving() as azurite,
        serve(onboarding=10) as served,
        Machines(tmp_path_factory.mktemp("machines"), served.environment()) as machines,
    ):
        apart = Apart(served, machines, azurite, "fleet")
        for name in WORKERS:
            machines.add(name, 1, **{OUTPUTS: str(apart.outputs_of(name)), **apart.known})
        yield apart


@pytest.fixture
def apart(separate: Apart) -> Apart:
    """The same, with contoso as the runbook finds it, and nothing slow."""
    contoso = separate.served.world.tenant("contoso")
    for slow in ("slow_server", "slow_onboarding"):
        contoso.faults.discard(slow)
    contoso.server.set_writeback(CLOUD, enabled=False)
    separate.changes = contoso.server.changes
    return separate


def gist(document: list[Any]) -> list[Any]:
    return [(each["tenant"], each["exit_code"], each["steps"], each["plan"]) for each in document]


def plan_of(each: Any) -> tuple[str, str]:
    return "--plan", f"{each['folder']}/plan.json"


def test_tenants_come_to_what_they_come_to_on_one_machine_and_their_records_are_here_afterwards(apart: Apart) -> None:
    """Each worker had a share, kept in outputs of its own; here is all that the next command reads."""
    planned = apart.order("plan", TENANTS, "--jobs", "2")
    here = apart("plan", "enable-connect-writeback", "-p", *map(apart.file, TENANTS), "--json")
    applied = apart.order("apply", TENANTS, *(word for each in planned.document for word in plan_of(each)))
    status = apart("status", "--json").document
    stored = apart.stored()

    assert gist(planned.document) == gist(here.document)
    assert planned.code == 3, planned.err
    assert {each["tenant"]: each["exit_code"] for each in applied.document}["contoso"] == 0, applied.err
    assert apart.state == (1, True)
    assert len({apart.claim(Path(each["folder"]))["by"] for each in planned.document}) == 2
    for each in (*planned.document, *applied.document):
        run = Path(each["folder"])
        assert run.is_relative_to(apart.served.outputs)
        assert events(run)[-1] == "finished"
        assert {"plan.json", "result.json", NOTEBOOK} <= {path.name for path in run.iterdir()}
        assert (run / "journal.jsonl").read_bytes() == apart.lines(each["tenant"], run.name)
        assert [(apart.outputs_of(name) / each["tenant"] / run.name).is_dir() for name in WORKERS].count(True) == 1
    assert {each["run_id"] for each in status} >= {Path(each["folder"]).name for each in applied.document}
    assert not (apart.served.outputs / "_claims").exists()
    assert not any(name.endswith("lock.json") or "seen-" in name for name in stored)
    assert list((apart.served.outputs / "_batches").glob("*.plan.json"))


def test_a_worker_that_is_killed_in_mid_apply_leaves_the_outcome_unknown_and_going_on_here_sends_nothing_again(
    apart: Apart, tmp_path: Path
) -> None:
    """Nor is its machine in the way of the tenant afterwards, although its record there ends in the middle."""
    planned = apart.order("plan", ("contoso",)).document
    besides = apart.known_runs("contoso")
    apart.served.world.tenant("contoso").faults.add("slow_onboarding")
    with apart.ordered_here("apply", *plan_of(planned[0])) as applying:
        run = apart.until_stored("contoso", "sending", besides)
        os.kill(apart.claim(run)["process"], signal.SIGKILL)
        out, errors = applying.communicate(timeout=LONGEST)
    left = events(run)
    holder = json.loads(apart.stored()["contoso/lock.json"])["run"]
    resumed = apart("resume", run, "--language", "en")
    state, lines = apart.state, apart.lines("contoso", run.name)
    (lost,) = [name for name in WORKERS if (apart.outputs_of(name) / "contoso" / run.name).is_dir()]
    with Machines(tmp_path, apart.served.environment()) as machines:
        machines.add(lost, 1, **{OUTPUTS: str(apart.outputs_of(lost)), **apart.known})
        there = Apart(apart.served, machines, apart.azurite, apart.name)
        apart.served.world.tenant("contoso").faults.discard("slow_onboarding")
        apart.served.world.tenant("contoso").server.set_writeback(CLOUD, enabled=False)
        again = there.order("apply", ("contoso",), *plan_of(there.order("plan", ("contoso",)).document[0]))

    assert applying.returncode == 4, errors
    assert json.loads(out)[0]["exit_code"] == 4
    assert "contoso: ✖ The worker that had the run was lost." in errors
    assert (left.count("sending"), "finished" in left, holder) == (1, False, run.name)
    assert resumed.code == 0, resumed.err
    assert state == (1, True)
    assert events(run).count("sending") == 1
    assert (run / "journal.jsonl").read_bytes() == lines
    assert again.code == 0, again.err
    assert "contoso/lock.json" not in apart.stored()


def test_a_run_whose_worker_is_killed_before_it_sent_anything_is_gone_on_with_by_another(apart: Apart) -> None:
    """Which first brings what is on record to its own outputs; what is approved is applied once."""
    planned = apart.order("plan", ("contoso",)).document
    besides = apart.known_runs("contoso")
    apart.served.world.tenant("contoso").faults.add("slow_server")
    with apart.ordered_here("apply", *plan_of(planned[0])) as applying:
        run = apart.until_stored("contoso", "opened", besides)
        os.kill(apart.claim(run)["process"], signal.SIGKILL)
        apart.served.world.tenant("contoso").faults.discard("slow_server")
        _, errors = applying.communicate(timeout=LONGEST)

    assert applying.returncode == 0, errors
    assert "contoso: its worker was lost before anything was sent. Another one goes on." in errors
    assert apart.claim(run, 2)["by"] != apart.claim(run)["by"]
    assert (events(run).count("resumed"), events(run).count("sending"), events(run)[-1]) == (1, 1, "finished")
    assert (run / "journal.jsonl").read_bytes() == apart.lines("contoso", run.name)
    assert "contoso/lock.json" not in apart.stored()
    assert apart.state == (1, True)


def test_what_people_signed_beside_a_plan_reaches_workers_that_do_not_see_it(
    apart: Apart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is in the record on the storage."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    entry = json.loads(apart("key", "--name", "Ana Lima", "--json").out)["entry"]
    roster = tmp_path / "roster.json"
    roster.write_text(json.dumps({"roster": 1, "keys": [entry]}), encoding="utf-8")
    signing = Apart(apart.served, apart.machines, apart.azurite, apart.name, evidence={"roster": str(roster)})
    planned = signing.order("plan", ("contoso",)).document[0]
    plan = f"{planned['folder']}/plan.json"
    without = signing.order("apply", ("contoso",), "--plan", plan)
    state = apart.state
    approved = apart("approve", plan, "--roster", roster, "--yes", "--json")
    applied = signing.order("apply", ("contoso",), "--plan", plan)
    run = Path(applied.document[0]["folder"]).name

    assert (without.code, state) == (1, (0, False)), without.err
    assert approved.code == 0, approved.err
    assert (applied.code, apart.state) == (0, (1, True)), applied.err
    assert [name for name in apart.stored(f"contoso/{run}/approvals/") if name.endswith(".dsse.json")]


def test_a_worker_that_does_not_reach_the_storage_is_refused_by_name(apart: Apart, tmp_path: Path) -> None:
    """One has no credentials, another an account of the same name on another storage."""
    before = apart.known_runs("contoso")
    with serving() as elsewhere, Machines(tmp_path, apart.served.environment()) as machines:
        others = Apart(apart.served, machines, apart.azurite, apart.name)
        machines.add("without", 1)
        machines.add("elsewhere", 1, **{CONNECTION: elsewhere.connection})
        ended = others.order("plan", ("contoso",))

    assert ended.code == 2
    assert "Nothing was run." in ended.err
    assert ended.err.count(f": it does not reach the storage {apart.url} (") == 1
    assert ended.err.count(f"what it reaches as {apart.url} is another storage than here.") == 1
    assert apart.known_runs("contoso") == before


def test_when_the_scheduler_is_lost_the_command_gives_the_runs_up_and_they_send_nothing(apart: Apart) -> None:
    """The last test of the module: nothing is left of its cluster."""
    planned = apart.order("plan", ("contoso",)).document
    besides = apart.known_runs("contoso")
    apart.served.world.tenant("contoso").faults.add("slow_server")
    with apart.ordered_here("apply", *plan_of(planned[0])) as applying:
        run = apart.until_stored("contoso", "opened", besides)
        apart.machines.kill("scheduler")
        _, errors = applying.communicate(timeout=LONGEST)

    assert applying.returncode == 1, errors
    assert "The worker that had the run was lost." in errors
    assert "Traceback" not in errors
    assert {"interrupted", "given-up"} & set(events(run))
    assert "sending" not in events(run)
    assert apart.state == (0, False)
