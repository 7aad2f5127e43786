"""A fleet on several machines: real Dask processes before the lab. What a lost worker leaves is never applied twice."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from distributed import Client

from runbook_lib.fleet import NOTEBOOK
from runbook_lib.wiring import project_root
from tests.cluster.conftest import ONBOARDING_SECONDS, TENANTS, Fleet, events
from tests.cluster.machines import Machines, interrupt
from tests.notebooks.served import BIN, LONGEST


def gist(document: list[Any]) -> list[Any]:
    return [(each["tenant"], each["exit_code"], each["steps"], each["plan"]) for each in document]


def resumed(fleet: Fleet, run: Path) -> int:
    """Go on with a run as an operator does, on this machine."""
    command = [str(BIN / "runbook"), "resume", str(run), "--language", "en"]
    environment = fleet.served.environment()
    return subprocess.run(command, env=environment, capture_output=True, timeout=LONGEST, check=False).returncode


def test_tenants_on_two_workers_come_to_what_they_come_to_on_one_machine(fleet: Fleet) -> None:
    """Planned and applied; both workers had a share, and every run has its record, its notebook and its sign-in shown here."""
    planned = fleet.order("plan", TENANTS, "--jobs", "2")
    here = fleet.order("plan", TENANTS, "--scheduler", "", "--kernels", "ordinary")
    applied = fleet.order(
        "apply", TENANTS, *(word for each in planned.document for word in ("--plan", f"{each['folder']}/plan.json"))
    )

    assert gist(planned.document) == gist(here.document)
    assert (planned.code, here.code) == (3, 3), planned.err
    assert {each["tenant"]: each["exit_code"] for each in applied.document}["contoso"] == 0, applied.err
    assert fleet.state == (1, True)
    assert "2 workers at" in planned.err
    assert planned.err.count("Sign in for ") == 2
    assert len({fleet.claim(Path(each["folder"]))["by"] for each in planned.document}) == 2
    for each in (*planned.document, *applied.document):
        assert events(Path(each["folder"]))[-1] == "finished"
        assert (Path(each["folder"]) / NOTEBOOK).is_file()


def test_a_sign_in_code_is_kept_nowhere_on_its_way(fleet: Fleet) -> None:
    """Neither in what scheduler and workers log, nor in the events that the scheduler keeps."""
    planned = fleet.order("plan", TENANTS[:1])
    (code,) = re.findall(r"and enter (\w+)", planned.err)

    with Client(fleet.machines.address, set_as_default=False) as client:
        kept = json.dumps([client.get_events(), client.get_worker_logs(), client.get_scheduler_logs()], default=str)
    assert "Run out-of-band" in kept
    assert code not in kept
    assert all(code not in fleet.machines.log(name) for name in ("scheduler", "workers"))


def test_a_worker_that_is_lost_in_mid_apply_leaves_the_outcome_unknown_and_nothing_is_applied_twice(
    fleet: Fleet,
) -> None:
    """Dask has another worker take the task, and that one only looks. Who applies the plan once more is refused. Going on looks first,
    and finds the change.
    """
    fleet.served.world.tenant("contoso").faults.add("slow_onboarding")
    plans = fleet.plans("contoso")
    besides = len(fleet.served.runs())
    with fleet.ordered("apply", ("contoso",), *plans) as applying:
        run = fleet.until_recorded("contoso", "sending", besides)
        os.kill(fleet.claim(run)["process"], signal.SIGKILL)
        out, errors = applying.communicate(timeout=LONGEST)

    assert applying.returncode == 4, errors
    assert json.loads(out)[0]["exit_code"] == 4
    assert "contoso: ✖ The worker that had the run was lost." in errors
    assert "resume" in errors
    assert events(run).count("sending") == 1
    assert "finished" not in events(run)

    begun = fleet.served.runs()
    again = fleet.order("apply", ("contoso",), *plans)
    assert again.code == 1
    assert f"{run.name} of contoso was killed while it was sending something" in again.err
    assert fleet.served.runs() == begun
    time.sleep(ONBOARDING_SECONDS)  # it waits no longer than a second itself for what takes effect
    assert resumed(fleet, run) == 0
    assert fleet.state == (1, True)
    assert events(run).count("sending") == 1


def test_a_run_whose_worker_is_lost_before_it_sent_anything_is_gone_on_with_by_another(fleet: Fleet) -> None:
    """As another attempt in the same record, once; what is approved is applied once."""
    plans = fleet.plans("contoso")
    besides = len(fleet.served.runs())
    fleet.served.world.tenant("contoso").faults.add("slow_server")
    with fleet.ordered("apply", ("contoso",), *plans) as applying:
        run = fleet.until_recorded("contoso", "opened", besides)
        os.kill(fleet.claim(run)["process"], signal.SIGKILL)
        fleet.served.world.tenant("contoso").faults.discard("slow_server")
        _, errors = applying.communicate(timeout=LONGEST)

    assert applying.returncode == 0, errors
    assert "contoso: its worker was lost before anything was sent. Another one goes on." in errors
    assert fleet.claim(run, 2)["by"] != fleet.claim(run)["by"]
    assert (events(run).count("resumed"), events(run).count("sending"), events(run)[-1]) == (1, 1, "finished")
    assert fleet.state == (1, True)


def test_a_second_ctrl_c_stops_the_runs_on_the_workers_and_they_can_be_gone_on_with(fleet: Fleet) -> None:
    """Who was not begun has no record."""
    besides = {tenant: len(fleet.served.runs(tenant)) for tenant in TENANTS}
    for tenant in TENANTS[:2]:
        fleet.served.world.tenant(tenant).faults.add("slow_server")
    with fleet.ordered("plan", TENANTS, "--jobs", "2") as planning:
        runs = [fleet.until_recorded(tenant, "step-started", besides[tenant]) for tenant in TENANTS[:2]]
        interrupt(planning)
        assert planning.stderr
        while "Stopping" not in planning.stderr.readline():
            assert planning.poll() is None
        interrupt(planning)
        _, errors = planning.communicate(timeout=LONGEST)

    assert planning.returncode == 130, errors
    assert all(f"{tenant}: ✖ The run was interrupted." in errors for tenant in TENANTS[:2])
    assert ["interrupted" in events(run) for run in runs] == [True, True]
    assert len(fleet.served.runs("tailspin")) == besides["tailspin"]
    fleet.served.world.tenant("contoso").faults.discard("slow_server")
    assert resumed(fleet, runs[0]) == 3


def test_workers_that_are_none_or_not_the_same_are_refused_by_name(fleet: Fleet, tmp_path: Path) -> None:
    """No worker at all; one whose kit was changed; one that has none."""
    changed = tmp_path / "changed"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("runbook_lib", "notebooks"):
        shutil.copytree(project_root() / name, changed / name, ignore=ignored)
    with (changed / "runbook_lib" / "model.py").open("a", encoding="utf-8") as stream:
        stream.write("\n# changed\n")
    without = tmp_path / "without" / "runbook_lib"
    without.mkdir(parents=True)
    (without / "__init__.py").write_text("raise ImportError", encoding="utf-8")

    before = fleet.served.runs()

    with Machines(tmp_path, fleet.served.environment()) as machines:
        others = Fleet(fleet.served, machines)
        nobody = others.order("plan", TENANTS[:1])
        machines.add("one", 1, PYTHONPATH=str(changed))
        machines.add("two", 1, PYTHONPATH=str(without.parent))
        ended = others.order("plan", TENANTS[:1])

    assert nobody.code == ended.code == 2
    assert "has no workers. Nothing was run." in nobody.err
    first, *reasons = ended.err.strip().splitlines()[-3:]
    assert "Nothing was run." in first
    assert sum(": code is " in reason for reason in reasons) == 1
    assert sum("the kit cannot be used there" in reason for reason in reasons) == 1
    assert fleet.served.runs() == before


def test_when_the_scheduler_is_lost_the_runs_are_stopped_and_judged_by_their_records(fleet: Fleet) -> None:
    """The last test of the module: nothing is left of its cluster."""
    fleet.served.world.tenant("contoso").faults.add("slow_server")
    besides = len(fleet.served.runs())
    with fleet.ordered("plan", ("contoso",)) as planning:
        run = fleet.until_recorded("contoso", "opened", besides)
        fleet.machines.kill("scheduler")
        _, errors = planning.communicate(timeout=LONGEST)

    assert planning.returncode == 1, errors
    assert "The worker that had the run was lost." in errors
    assert "Traceback" not in errors
    fleet.machines.wait("workers")
    assert "interrupted" in events(run)
    assert "finished" not in events(run)
    fleet.served.world.tenant("contoso").faults.discard("slow_server")
    assert resumed(fleet, run) == 3
