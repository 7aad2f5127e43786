"""One contract for every target: in memory, and through the adapters over loopback, the same questions get the same answers.

Every test that changes something takes a tenant nobody has touched yet, so that nothing done in one is seen in another. All
of them share one clock, moved by hand.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from runbook_lib.engine import ApprovedDigest, Parts, Run
from runbook_lib.errors import OutcomeUnknown, TargetError, TargetTimeout
from runbook_lib.facts import ACTIONS, READINGS, portal, surroundings, sync_server
from runbook_lib.facts.access import missing_rights
from runbook_lib.facts.directory_users import DIRECTORY_USERS
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.directory import writeback_rules
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import Lab
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.relays import RELAYS
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.model import Change, Json, StepResult, Wanted
from runbook_lib.ports import Answer, Reading, Request, Target
from runbook_lib.runbooks import find
from runbook_lib.texts.advice import advice_of
from tests.contract.loopback import Reached, Unhurried, served
from tests.rehearsal import CONNECT, PORTAL, PREFLIGHT, VERIFY, MemoryJournal, carried_out, states

# How many tenants like contoso there are to use up: more than there are tests here.
POOL = 200
TENANT_NAMES = [spec.name for spec in TENANTS]
# What is asked of the network comes from other answers; every other reading is asked for as it stands.
NETWORK = surroundings.egress_to({RELAYS[0]: "endpoint", RELAYS[1]: "", "unheard-of.example": ""})
QUESTIONS = [*(READINGS | {NETWORK.name: NETWORK}).values(), sync_server.other_scheduler(1)]

# What each world makes up for itself when it is made, so that two worlds cannot agree on it. Nothing else is left out when
# answers are compared: times are equal because the worlds share a clock.
MADE_UP = {
    "signed_in_account": {"id"},
    "pilot_account": {"id"},
    "reset_pilot_password": {"operation"},
    "sspr_registrations": {"id"},
    "directory_audits": {"id", "correlationId"},
}

# By what memory says, what the adapters may say in its place. Memory has no protocol, so it cannot tell where in one something
# went wrong. The class of the error, which is what the engine acts on, is always the same; so are all keys that are not here.
SAID_BY_ADAPTERS = {
    "lab-access-denied": {"winrm-sign-in-refused"},
    "lab-no-shell": {"winrm-quota-reached"},
    "lab-no-answer": {"winrm-deadline", "winrm-no-answer"},
    "lab-unreadable-answer": {"script-reply-wrong"},
    "lab-outcome-unknown": {"change-outcome-unknown", "change-unanswered"},
    "lab-cloud-token-withheld": {"sign-in-conditional-access"},
    "lab-cloud-consent-missing": {"sign-in-consent"},
    "lab-cloud-not-permitted": {"graph-not-permitted", "graph-reset-not-permitted"},
    "lab-cloud-reset-failed": {"graph-reset-failed"},
    "lab-cloud-reset-refused": {"graph-reset-refused"},
    "lab-cloud-page-refused": {"portal-not-permitted"},
    "lab-cloud-unavailable": {"http-throttled"},
    "lab-cloud-page-empty": {"http-unexpected-status"},
    "lab-cloud-outcome-unknown": {"http-outcome-unknown", "graph-reset-not-finished"},
}

# Faults that no answer shows: one is met by whoever asks a domain controller that lags, one by a reset that gets as far as the
# directory, for which writeback must be on (`tests/unit/runbooks/test_verify.py`); most others pass when a client waits or
# signs in again, one takes only time, and one is met only by an application that signs in by itself.
UNSEEN = {
    "replication_delay",
    "reset_refused_by_policy",
    "shell_expired",
    "connection_drops",
    "throttled",
    "token_expired",
    "short_tokens",
    "sign_in_revoked",
    "claims_challenge",
    "slow_server",
    "expired_secret",
}

# Each call waits for its bound, so this fault has tests of its own, of one call each.
HANGING = "hanging_script"
# WinRM counts the time-out of an operation in whole seconds.
SHORT = {"deadline_seconds": 0.5, "operation_timeout_seconds": 1}


def resetting(sid: str) -> dict[str, Json]:
    """The rule that lets an account reset passwords, as an action is given it."""
    return vars(writeback_rules(sid)[0])


@dataclass
class Way:
    """One tenant, the targets that reach it one way, and what it looks like from inside."""

    tenant: LabTenant
    cloud: CloudTenant
    targets: dict[str, Target]

    @property
    def wanted(self) -> Wanted:
        """What is wanted of the tenant, as far as a reading asks for it: whom to look at."""
        spec = self.tenant.spec
        return Wanted(spec.tenant_id, spec.display_name, pilot_user=str(self.tenant.directory.domains[0].users[0].upn))

    def read(self, readings: Iterable[Reading[Any]]) -> dict[str, Answer | TargetError]:
        """Ask each target once for all its readings; the answers are by target and reading."""
        asked: dict[str, list[Request]] = {}
        for reading in readings:
            asked.setdefault(reading.target, []).append(reading.asked(self.wanted).request)
        return {
            f"{target}: {request.reading}": answer
            for target, requests in asked.items()
            for request, answer in zip(requests, self.targets[target].read(requests), strict=True)
        }

    def fact(self, reading: Reading[Any]) -> Any:
        """A fact as the engine gets it."""
        (answer,) = self.read([reading]).values()
        assert isinstance(answer, Answer)
        return reading.parse(answer)

    def perform(self, action: str) -> Answer | TargetError:
        """Carry out an action with arguments as the runbooks give them."""
        root = self.tenant.directory.domains[0]
        given: dict[str, dict[str, Json]] = {
            "set_password_writeback": {"connector": self.connector, "enabled": True},
            "grant_writeback_rights": {
                "account_name": self.tenant.spec.connector_account,
                "account_domain": root.dns_name,
            },
            "reset_pilot_password": {"user": self.wanted.pilot_user},
            "revoke_writeback_rights": {"domains": [{"dn": root.dn, "rules": [resetting(root.accounts[0].sid)]}]},
            "set_portal_write_back": {"enabled": True},
            "set_portal_unlock": {"enabled": True},
        }
        change = Change(ACTIONS[action], action, "setting", None, True, given.get(action, {}))
        try:
            return self.targets[change.target].perform(change)
        except TargetError as error:
            return error

    @property
    def connector(self) -> str:
        return f"{self.tenant.spec.initial_domain} - AAD"

    def state(self, *, timed: bool = True) -> Json:
        """What the simulated systems hold, looked at without any target."""
        server = self.tenant.server
        writeback = server.writeback()
        return {
            "changes": server.changes,
            "writeback": (writeback.enabled, writeback.service_status, writeback.onboarding_status),
            "running": server.scheduler().running,
            "events": [(event.record, event.id, event.source, timed and event.at) for event in server.events()],
            "rules": [server.rules(domain) for domain in server.directory],
            "policy": vars(self.cloud.policy).copy(),
            "audits": [(record.activity, timed and record.at) for record in self.cloud.audits],
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
    folder: Path
    unused: Iterator[str]
    opened: list[Reached] = field(default_factory=list)

    def in_memory(self, name: str = "") -> Way:
        """Half a pair, for what needs no other."""
        name = name or next(self.unused)
        return Way(self.memory.world.tenant(name), self.memory.cloud_tenant(name), self.memory.targets(name))

    def pair(self, name: str = "", *faults: str, **connection: Any) -> Pair:
        """A tenant of that name, to be left as it was found; without a name, one that nobody has used yet."""
        name = name or next(self.unused)
        reached = Reached(self.lab, name, Unhurried(self.clock), self.folder, **connection)
        self.opened.append(reached)
        loopback = Way(reached.served.tenant, reached.served.cloud, reached.targets)
        pair = Pair(loopback, self.in_memory(name), reached)
        for way in pair.ways:
            for fault in faults:
                way.tenant.faults.add(fault)
        return pair


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


def shown(answer: Answer | TargetError) -> Any:
    """A body without what a world makes up, or the class of the error and the key of its message."""
    if isinstance(answer, TargetError):
        return type(answer).__name__, answer.message.key
    return stripped(answer.body, MADE_UP.get(answer.name, set()))


def stripped(body: Json, names: set[str]) -> Json:
    """The body, or each row of a list, or the user in it, without those members."""
    if not names:
        return body
    if body.get("user"):
        return {**body, "user": {key: value for key, value in body["user"].items() if key not in names}}
    rows = body.get("value", [body])
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def said_alike(loopback: Any, memory: Any) -> bool:
    """Tell whether two answers are the same, or two errors of one class whose words differ as the table says."""
    if not isinstance(memory, tuple) or not isinstance(loopback, tuple):
        return loopback == memory
    (kind, key), (same_kind, memory_key) = loopback, memory
    return kind == same_kind and key in SAID_BY_ADAPTERS.get(memory_key, {memory_key})


def differences(loopback: dict[str, Any], memory: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    assert loopback.keys() == memory.keys()
    return {name: (loopback[name], memory[name]) for name in memory if not said_alike(loopback[name], memory[name])}


def everything(way: Way) -> dict[str, Any]:
    """Read everything, carry out every action in turn, and read everything again."""
    before = {name: shown(answer) for name, answer in way.read(QUESTIONS).items()}
    done = {action: shown(way.perform(action)) for action in ACTIONS}
    after = {f"{name}, again": shown(answer) for name, answer in way.read(QUESTIONS).items()}
    return before | done | after


@pytest.mark.parametrize("tenant", TENANT_NAMES)
def test_every_reading_is_a_fact_and_the_same_fact(both: Callable[..., Pair], tenant: str) -> None:
    pair = both(tenant)
    loopback, memory = (way.read(QUESTIONS) for way in pair.ways)

    assert differences(*({name: shown(answer) for name, answer in way.items()} for way in (loopback, memory))) == {}
    for reading in QUESTIONS:
        for answers in (loopback, memory):
            answer = answers[f"{reading.target}: {reading.name}"]
            assert isinstance(answer, Answer)
            assert reading.parse(answer)


def test_what_is_left_out_of_the_comparison_really_differs(both: Callable[..., Pair]) -> None:
    """Else the table would hide more than it must. Only the audit log of a tenant where nothing happened is empty."""
    pair = both("fabrikam")
    asked = [READINGS[name] for name in MADE_UP if name in READINGS]
    loopback, memory = (list(way.read(asked).values()) for way in pair.ways)

    for one, other in zip(loopback, memory, strict=True):
        assert isinstance(one, Answer)
        assert isinstance(other, Answer)
        for name in MADE_UP[one.name]:
            others = MADE_UP[one.name] - {name}
            assert stripped(one.body, others or {"none"}) != stripped(other.body, others or {"none"})


def lacking(way: Way) -> list[str]:
    return missing_rights(way.fact(sync_server.DIRECTORY_RIGHTS).domains[0])


def starts(way: Way) -> int:
    return len(way.fact(sync_server.WRITEBACK_EVENTS).of(31015))


def must_change(way: Way) -> bool:
    (pilot,) = way.fact(DIRECTORY_USERS).pilots
    return pilot.pwd_last_set_utc is None


# By action: what shows it, before and after. The feature is on before all of them but the one that turns it on.
EFFECTS: dict[str, tuple[Callable[[Way], Any], Any, Any]] = {
    "set_password_writeback": (lambda way: way.fact(sync_server.PASSWORD_WRITEBACK).enabled, False, True),
    "grant_writeback_rights": (lacking, ["Write lockoutTime"], []),
    "revoke_writeback_rights": (lacking, ["Write lockoutTime"], ["Reset Password", "Write lockoutTime"]),
    "restart_sync_service": (starts, 1, 2),
    "start_delta_cycle": (lambda way: len(way.fact(sync_server.SCHEDULER).running_connectors), 0, 1),
    "reset_pilot_password": (must_change, False, True),
    "set_portal_write_back": (lambda way: way.fact(portal.ON_PREMISES_POLICY).write_back, False, True),
    "set_portal_unlock": (lambda way: way.fact(portal.ON_PREMISES_POLICY).unlock, False, True),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_changes_the_world_alike_and_readings_show_it(both: Callable[..., Pair], action: str) -> None:
    pair = both("", "missing_right")
    look, before, after = EFFECTS[action]
    answers = []
    for way in pair.ways:
        if action != "set_password_writeback":
            way.tenant.server.set_writeback(way.connector, enabled=True)
        assert look(way) == before
        answers.append(shown(way.perform(action)))
        assert look(way) == after

    assert said_alike(*answers)
    assert pair.loopback.state() == pair.memory.state()


@pytest.mark.parametrize(
    "fault", [name for name, fault in FAULTS.items() if name != HANGING and fault.side != "change"]
)
def test_every_fault_is_seen_alike(both: Callable[..., Pair], worlds: Worlds, fault: str) -> None:
    """By every reading and action, and in what the systems hold afterwards; and it shows, unless the table says otherwise."""
    pair, well = both("", fault), worlds.in_memory()
    loopback, memory, usual = (everything(way) for way in (*pair.ways, well))
    is_seen = nameless(memory, pair.memory.tenant) != nameless(usual, well.tenant)

    assert differences(loopback, memory) == {}
    assert pair.loopback.state() == pair.memory.state()
    assert is_seen == (fault not in UNSEEN)


def nameless(outcomes: dict[str, Any], tenant: LabTenant) -> str:
    """All that was seen of a tenant, as if everybody had the same name and identifier."""
    return re.sub(f"{tenant.name}|{tenant.tenant_id}", "it", repr(outcomes), flags=re.IGNORECASE)


def test_a_script_that_never_ends_is_a_reading_without_an_answer(both: Callable[..., Pair]) -> None:
    pair = both("", HANGING, **SHORT)
    loopback, memory = ({k: shown(v) for k, v in way.read([sync_server.HOST]).items()} for way in pair.ways)

    assert differences(loopback, memory) == {}
    assert loopback["sync-server: host"][0] == TargetTimeout.__name__


def test_a_script_that_never_ends_is_a_change_of_unknown_outcome(both: Callable[..., Pair]) -> None:
    pair = both("", HANGING, **SHORT)
    loopback, memory = (shown(way.perform("restart_sync_service")) for way in pair.ways)

    assert said_alike(loopback, memory)
    assert loopback[0] == OutcomeUnknown.__name__


@dataclass
class Told:
    """A run that is over, and what its journal says."""

    run: Run
    journal: MemoryJournal

    @property
    def outcome(self) -> dict[str, Any]:
        """What must not depend on how the targets are reached."""
        return {
            "plan": self.run.plan.digest,
            "states": states(self.run),
            "exit code": self.run.exit_code,
            "journal": self.journal.events,
            "advice": {step: self._advice(result) for step, result in self.run.results.items()},
        }

    @staticmethod
    def _advice(result: StepResult) -> list[str]:
        """Memory words some errors differently, but what is advised on them is the same."""
        found = [advice_of(finding.message) for finding in result.findings]
        return [advice.id if advice else "" for advice in found]


def run_of(slug: str, way: Way, clock: ManualClock, approved: str | None = None, **asked: Any) -> Told:
    """A run of a runbook from its first step to its last; of mode apply when a plan is approved."""
    journal = MemoryJournal()
    parts = Parts(way.targets, clock, journal, ApprovedDigest(approved or "", by="tester"))
    wanted = Wanted(way.tenant.tenant_id, way.tenant.spec.display_name, **asked)
    run = Run(find(slug), wanted, parts, version="1", parameters={"profile": "lab"}, apply=approved is not None)
    return Told(carried_out(run), journal)


@pytest.mark.parametrize("tenant", TENANT_NAMES)
@pytest.mark.parametrize("slug", [PREFLIGHT, CONNECT, PORTAL])
def test_a_plan_is_the_same_plan(both: Callable[..., Pair], worlds: Worlds, slug: str, tenant: str) -> None:
    loopback, memory = (run_of(slug, way, worlds.clock, provider="portal-api") for way in both(tenant).ways)

    assert loopback.outcome == memory.outcome


@pytest.mark.parametrize(
    ("faults", "asked", "last"),
    [
        ((), {}, "verified"),
        ((), {"restart_service": True, "start_delta_cycle": True}, "verified"),
        (("missing_right",), {"grant_permissions": True}, "verified"),
        (("invalid_state",), {}, "verified"),
        (("slow_onboarding",), {}, "verified"),
        (("lost_reply",), {}, "verified"),
        (("lost_reply_not_done",), {}, "failed"),
        (("onboarding_fails",), {}, "failed"),
        (("not_sync_admin",), {}, "blocked"),
        (("staging_mode",), {}, "blocked"),
        (("double_hop",), {}, "needs-operator"),
        (("credential_prompt",), {}, "failed"),
        (("cycle_starts_during_apply",), {}, "failed"),
        (("access_denied",), {}, "blocked"),
        (("shell_quota",), {}, "blocked"),
        (("noisy_reply",), {}, "blocked"),
        (("truncated_reply",), {}, "blocked"),
        (("conditional_access",), {}, "blocked"),
        (("consent_missing",), {}, "blocked"),
        (("unavailable",), {}, "blocked"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, tuple | dict) else value,
)
def test_a_run_on_the_sync_server_ends_alike(
    both: Callable[..., Pair], worlds: Worlds, faults: tuple[str, ...], asked: dict[str, Any], last: str
) -> None:
    pair = both("", *faults)
    ended = []
    for way in pair.ways:
        plan = run_of(CONNECT, way, worlds.clock, **asked).run.plan
        ended.append(run_of(CONNECT, way, worlds.clock, plan.digest, wait_seconds=30, **asked))
    loopback, memory = ended

    assert loopback.outcome == memory.outcome
    assert states(loopback.run)["c7"] == last
    assert pair.loopback.state(timed=False) == pair.memory.state(timed=False)


@pytest.mark.parametrize(
    ("faults", "last"),
    [
        ((), "verified"),
        (("lost_reply",), "failed"),  # what was to be sent after it was not
        (("portal_refuses",), "blocked"),
        (("portal_changed_shape",), "blocked"),
        (("portal_disagrees",), "unknown"),
        (("conditional_access",), "blocked"),
        (("no_role",), "blocked"),
        (("unavailable",), "blocked"),
        (("throttled",), "verified"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, tuple) else value,
)
def test_a_run_on_the_portal_ends_alike(
    both: Callable[..., Pair], worlds: Worlds, faults: tuple[str, ...], last: str
) -> None:
    pair = both("", *faults)
    ended = []
    for way in pair.ways:
        way.tenant.server.set_writeback(way.connector, enabled=True)
        plan = run_of(PORTAL, way, worlds.clock, provider="portal-api").run.plan
        ended.append(run_of(PORTAL, way, worlds.clock, plan.digest, provider="portal-api", wait_seconds=30))
    loopback, memory = ended

    assert loopback.outcome == memory.outcome
    assert states(loopback.run)["p5"] == last
    assert pair.loopback.state(timed=False) == pair.memory.state(timed=False)


def test_a_plan_takes_few_exchanges_with_the_sync_server(both: Callable[..., Pair], worlds: Worlds) -> None:
    """At most twelve for C1 to C6 once the one shell is open, however many readings the steps have."""
    pair = both()
    run = run_of(CONNECT, pair.loopback, worlds.clock).run
    sent = Counter(pair.reached.exchanges)

    assert run.plan.changes
    assert sent.pop("Create") == 1
    assert sent.total() <= 12
    assert pair.reached.requests["sign-in"] <= 4


def test_a_full_preflight_takes_at_most_fifteen_exchanges_with_the_sync_server(
    both: Callable[..., Pair], worlds: Worlds
) -> None:
    """Once the one shell is open: the server, the directory and the network are asked once each.

    In how many portions an answer arrives is chance, and each portion is one Receive: the least of three looks counts.
    """
    pair = both("fabrikam")
    totals = []
    for _ in range(3):
        earlier = Counter(pair.reached.exchanges)
        run = run_of(PREFLIGHT, pair.loopback, worlds.clock, provider="portal-api").run
        sent = Counter(pair.reached.exchanges) - earlier

        assert set(states(run).values()) == {"compliant"}
        assert sent.pop("Create", 0) <= 1
        assert sent["Command"] == 3
        totals.append(sent.total())
    assert min(totals) <= 15


def test_a_verification_takes_few_exchanges_with_the_sync_server(both: Callable[..., Pair], worlds: Worlds) -> None:
    """At most twelve once the one shell is open, also with a pilot: the server is asked once, and the directory."""
    pair = both("fabrikam")
    earlier = Counter(pair.reached.exchanges)
    run = run_of(VERIFY, pair.loopback, worlds.clock, provider="portal-api", pilot_user="adele@fabrikam.example").run
    sent = Counter(pair.reached.exchanges) - earlier

    assert run.plan.changes
    assert sent.pop("Create") == 1
    assert sent["Command"] == 2
    assert sent.total() <= 12


@pytest.mark.parametrize("faults", [("relays_blocked",), ("no_rsat",), ("missing_right", "staging_mode")])
def test_a_preflight_ends_alike_and_leaves_everything_as_it_was(
    both: Callable[..., Pair], worlds: Worlds, faults: tuple[str, ...]
) -> None:
    pair = both("", *faults)
    earlier = [way.state() for way in pair.ways]
    for way in pair.ways:
        way.tenant.server.begin_writeback(worlds.clock() - timedelta(hours=1))
    began = [way.state() for way in pair.ways]
    loopback, memory = (run_of(PREFLIGHT, way, worlds.clock) for way in pair.ways)

    assert earlier != began
    assert loopback.outcome == memory.outcome
    assert [way.state() for way in pair.ways] == began
