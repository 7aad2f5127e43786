"""One contract for every target: in memory, and through the adapters over loopback, the same questions get the same answers.

Every test takes tenants that nobody has touched yet, so that nothing done in one is seen in another. All of them share one
clock, moved by hand. Kerberos and the scope of Graph's schema are tested elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from runbook_lib.engine import ApprovedDigest, Parts, Run
from runbook_lib.errors import TargetError
from runbook_lib.facts import ACTIONS, READINGS, sync_server
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import Lab
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.model import Change, Json, Wanted
from runbook_lib.ports import Answer, Reading, Request, Target
from runbook_lib.runbooks import find
from tests.contract.loopback import Reached, served
from tests.rehearsal import CONNECT, PORTAL, MemoryJournal, carried_out, states

# How many tenants like contoso there are to use up: more than there are tests here.
POOL = 90
TENANT_NAMES = [spec.name for spec in TENANTS]
TARGETS = ("sync-server", "tenant", "portal")

# What each world makes up for itself when it is made, so that two worlds cannot agree on it. Nothing else is left out when
# answers are compared: times are equal because the worlds share a clock.
MADE_UP = {
    "signed_in_account": ("id",),
    "sspr_registrations": ("id",),
    "directory_audits": ("id", "correlationId"),
}

# What the adapters say where memory says less. Memory has no protocol, so it can tell what went wrong and not where; the
# class of the error, which is what the engine acts on, is the same.
SAID_OVER_LOOPBACK: dict[str, set[str]] = {}

# Faults that no answer can show: what passes when a client waits or signs in again, what only takes time, and what only
# an application that signs in by itself would meet.
UNSEEN = {"throttled", "token_expired", "slow_server", "expired_secret"}


@dataclass
class Way:
    """One tenant, the targets that reach it one way, and what it looks like from inside."""

    tenant: LabTenant
    cloud: CloudTenant
    targets: dict[str, Target]

    def read(self, readings: Iterable[Reading[object]]) -> list[Answer | TargetError]:
        """Ask each target once for all its readings."""
        asked: dict[str, list[Request]] = {}
        for reading in readings:
            asked.setdefault(reading.target, []).append(reading.request)
        return [answer for name, requests in asked.items() for answer in self.targets[name].read(requests)]

    def fact(self, reading: Reading[Any]) -> Any:
        """A fact as the engine gets it."""
        (answer,) = self.read([reading])
        assert isinstance(answer, Answer)
        return reading.parse(answer)

    def perform(self, change: Change) -> Answer | TargetError:
        try:
            return self.targets[change.target].perform(change)
        except TargetError as error:
            return error

    def change(self, action: str) -> Change:
        """One action with arguments as the runbooks give them."""
        domain = self.tenant.spec.verified_domain
        given: dict[str, dict[str, Json]] = {
            "set_password_writeback": {"connector": f"{self.tenant.spec.initial_domain} - AAD", "enabled": True},
            "grant_writeback_rights": {
                "account_name": self.tenant.spec.connector_account,
                "account_domain": self.tenant.directory.domains[0].dns_name,
            },
            "set_portal_write_back": {"enabled": True},
            "set_portal_unlock": {"enabled": True},
        }
        assert domain
        return Change(ACTIONS[action], action, "setting", None, True, given.get(action, {}))

    def state(self) -> Json:
        """What the simulated systems hold, looked at without any target."""
        server = self.tenant.server
        return {
            "changes": server.changes,
            "writeback": server.writeback(),
            "running": server.scheduler().running,
            "events": [(event.record, event.id, event.source, event.at) for event in server.events()],
            "rules": [server.rules(domain) for domain in server.directory],
            "policy": vars(self.cloud.policy).copy(),
            "audits": [(record.activity, record.at) for record in self.cloud.audits],
            "faults": list(self.tenant.faults),
        }


@dataclass
class Pair:
    """The same tenant twice, in two worlds that do not touch: served and reached over loopback, and in memory."""

    loopback: Way
    memory: Way
    reached: Reached

    @property
    def ways(self) -> tuple[Way, Way]:
        return self.loopback, self.memory


@dataclass
class Worlds:
    """Both worlds, and who was reached in them so far."""

    lab: Lab
    memory: MemoryLab
    clock: ManualClock
    folder: Any
    unused: Iterator[str]
    opened: list[Reached] = field(default_factory=list)

    def pair(self, name: str = "", **connection: Any) -> Pair:
        """A tenant by name, which must be left as it was found, or one that nobody has used yet."""
        name = name or next(self.unused)
        reached = Reached(self.lab, name, self.clock, self.folder, **connection)
        self.opened.append(reached)
        served_tenant = self.lab.tenants[name]
        memory = Way(self.memory.world.tenant(name), self.memory.cloud_tenant(name), self.memory.targets(name))
        return Pair(Way(served_tenant.tenant, served_tenant.cloud, reached.targets), memory, reached)


def world(clock: ManualClock) -> World:
    """The three tenants of the lab, and a pool of tenants that are like contoso but for their names."""
    made = World(clock)
    for number in range(1, POOL + 1):
        spec = replace(TENANTS[0], name=f"contoso{number}", tenant_id=str(UUID(int=number)))
        made.tenants[spec.name] = LabTenant(spec, clock, timedelta(seconds=20))
    return made


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    # msal compares the times in tokens with its own clock, so ours begins near the real one, and has half an hour to move.
    clock = ManualClock(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30))
    folder = tmp_path_factory.mktemp("trust")
    unused = iter([f"contoso{number}" for number in range(1, POOL + 1)])
    with served(world(clock), folder) as lab:
        yield Worlds(lab, MemoryLab(world(clock)), clock, folder, unused)


@pytest.fixture
def both(worlds: Worlds) -> Iterator[Callable[..., Pair]]:
    """Opens pairs, and closes them at the end."""
    yield worlds.pair
    while worlds.opened:
        worlds.opened.pop().close()


def comparable(answer: Answer | TargetError) -> Any:
    """A body without what a world makes up, or the class of the error and the key of its message."""
    if isinstance(answer, TargetError):
        return type(answer).__name__, answer.message.key
    drop = MADE_UP.get(answer.name, ())
    return without(answer.body, drop) if drop else answer.body


def without(body: Json, names: Iterable[str]) -> Json:
    rows = body["value"] if "value" in body else [body]
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def all_outcomes(way: Way) -> list[tuple[str, Any]]:
    """Read everything, carry out every action in turn, and read everything again."""
    seen = [comparable(answer) for answer in way.read(READINGS.values())]
    done = [comparable(way.perform(way.change(action))) for action in ACTIONS]
    again = [comparable(answer) for answer in way.read(READINGS.values())]
    names = [*READINGS, *ACTIONS, *(f"{name}, again" for name in READINGS)]
    return list(zip(names, [*seen, *done, *again], strict=True))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_seen_alike(both, fault):
    pair = both(deadline_seconds=1.2, operation_timeout_seconds=1)
    for way in pair.ways:
        way.tenant.faults.add(fault)
    a, b = all_outcomes(pair.loopback), all_outcomes(pair.memory)
    for x, y in zip(a, b):
        if x != y:
            print("DIFF", fault, x[0], str(x[1])[:300], "|", str(y[1])[:300])
    sa, sb = pair.loopback.state(), pair.memory.state()
    for k in sa:
        if sa[k] != sb[k]: print("STATE", fault, k, str(sa[k])[:300], "|", str(sb[k])[:300])
