"""A lab and a cluster for all tests of a module, and the command line as a process of its own before them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.machines import Machines
from tests.notebooks.served import BIN, CONNECT, LONGEST, Served, serve
from tests.unit.cli.conftest import Ended
from tests.waiting import until

# How long a change takes to take effect, when asked to.
ONBOARDING_SECONDS = 3

TENANTS = ("contoso", "fabrikam", "tailspin")
CLOUD = "contoso.onmicrosoft.com - AAD"


class Fleet:
    """The command line before a cluster: what is ordered goes to its workers."""

    def __init__(self, served: Served, machines: Machines) -> None:
        self.served = served
        self.machines = machines
        self.changes = 0

    @property
    def state(self) -> tuple[int, bool]:
        """How often contoso's server was changed since the test began, and whether the feature is on."""
        changes, is_on, *_ = self.served.state()
        return changes - self.changes, is_on

    def file(self, tenant: str) -> Path:
        return self.served.file(tenant, language="en", connect={"wait_seconds": 1})

    def order(self, verb: str, tenants: tuple[str, ...], *options: object, **environment: str) -> Ended:
        """Order a verb for tenants, and wait for its end."""
        with self.ordered(verb, tenants, *options, **environment) as process:
            out, errors = process.communicate(timeout=LONGEST)
        return Ended(process.returncode, out, errors)

    @contextmanager
    def ordered(
        self, verb: str, tenants: tuple[str, ...], *options: object, **environment: str
    ) -> Iterator["subprocess.Popen[str]"]:
        """Order a verb for tenants, and leave it running."""
        files = [str(self.file(tenant)) for tenant in tenants]
        words = [verb, CONNECT, "-p", *files, "--language", "en", "--json", *map(str, options)]
        if "--scheduler" not in words:
            words += ["--scheduler", self.machines.address]
        with subprocess.Popen(
            [str(BIN / "runbook"), *words],
            env=self.served.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def plans(self, *tenants: str) -> list[object]:
        """Plan on the cluster, and return the options that apply these plans."""
        planned = self.order("plan", tenants, "--jobs", len(tenants)).document
        return [word for each in planned for word in ("--plan", f"{each['folder']}/plan.json")]

    def newest(self, tenant: str) -> Path:
        return self.served.runs(tenant)[-1]

    def until_recorded(self, tenant: str, event: str, besides: int = 0) -> Path:
        """Wait until a new run of a tenant has recorded an event; there were so many runs before."""
        mark = f'"event":"{event}"'

        def is_so() -> bool:
            runs = self.served.runs(tenant)[besides:]
            return bool(runs) and mark in (runs[-1] / "journal.jsonl").read_text(encoding="utf-8")

        until(is_so)
        return self.newest(tenant)

    def claim(self, run: Path, attempt: int = 1) -> Any:
        """Who has claimed an attempt at a run."""
        return json.loads(
            (run.parents[1] / "_claims" / f"{run.parent.name}~{run.name}-{attempt}.json").read_text(encoding="utf-8")
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Two workers before a lab, in which a change takes a while to take effect when asked to."""
    with (
        serve(onboarding=ONBOARDING_SECONDS) as served,
        Machines(tmp_path_factory.mktemp("machines"), served.environment()) as machines,
    ):
        machines.add("workers", 2)
        yield Fleet(served, machines)


@pytest.fixture
def fleet(both: Fleet) -> Fleet:
    """The same, with contoso as the runbook finds it, and nothing slow."""
    contoso = both.served.world.tenant("contoso")
    for tenant in TENANTS:
        for slow in ("slow_server", "slow_onboarding"):
            both.served.world.tenant(tenant).faults.discard(slow)
    contoso.server.set_writeback(CLOUD, enabled=False)
    both.changes = contoso.server.changes
    return both


def events(run: Path) -> list[str]:
    """The events that a run has on record."""
    lines = (run / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines]
