"""What is run in the matrix: each runbook, in each way it can be carried out, under each fault of the lab."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from runbook_lib.engine import Run
from runbook_lib.lab.faults import FAULTS
from runbook_lib.model import Plan
from tests.rehearsal import (
    CONNECT,
    DISABLE,
    PORTAL,
    PREFLIGHT,
    VERIFY,
    MemoryJournal,
    Rehearsal,
    as_application,
    carried_out,
)

# plan: the fault is there and a plan is made. apply: it is there when the plan is made and when that plan is applied.
# late: it comes between the approval and the apply. sending: it comes when the first change has just left.
Mode = Literal["plan", "apply", "late", "sending"]

STANDBY = "https://standby.contoso.example:5986/wsman"
WAIT_SECONDS = 60


@dataclass(frozen=True, eq=False)
class Case:
    """A runbook and how it is carried out.

    `before` is a runbook that is applied first, without any fault, so that there is something to look at. `attested` are the
    steps a person puts their name to. `account` is who signs in to the cloud: a person, or the kit's application.
    """

    name: str
    slug: str
    mode: Mode
    tenant: str = "contoso"
    before: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    attested: tuple[str, ...] = ()
    account: Literal["person", "application"] = "person"


def _modes(name: str, slug: str, *modes: Mode, **more: Any) -> tuple[Case, ...]:
    return tuple(Case(f"{name}.{mode}", slug, mode, **more) for mode in modes)


def _pages(letter: str) -> tuple[str, ...]:
    """The steps of the wizard's eight pages."""
    return tuple(f"{letter}{number}" for number in range(1, 9))


_API = {"provider": "portal-api"}
_PILOT = {"pilot_user": "adele@fabrikam.example"}
_BY_HAND = {"server_by_hand": True}
_STANDBY = {"other_servers": (STANDBY,)}

CASES: tuple[Case, ...] = (
    *_modes("preflight.writeback-off", PREFLIGHT, "plan", asked=_STANDBY),
    *_modes("preflight.writeback-on", PREFLIGHT, "plan", tenant="fabrikam", asked=_API),
    *_modes("preflight.application", PREFLIGHT, "plan", account="application"),
    *_modes("enable-connect-writeback", CONNECT, "plan", "apply", "late", "sending", asked=_STANDBY),
    *_modes("enable-sspr-writeback.guided", PORTAL, "plan", before=CONNECT),
    *_modes("enable-sspr-writeback.guided", PORTAL, "apply", "late", before=CONNECT, attested=("p3", "p4", "p5")),
    *_modes("enable-sspr-writeback.portal-api", PORTAL, "plan", "apply", "late", "sending", before=CONNECT, asked=_API),
    *_modes("verify-writeback.no-pilot", VERIFY, "plan", tenant="fabrikam"),
    *_modes("verify-writeback", VERIFY, "plan", "apply", "late", "sending", tenant="fabrikam", asked=_API | _PILOT),
    *_modes("disable-writeback", DISABLE, "plan", "apply", "late", "sending", before=CONNECT, asked=_STANDBY),
    *_modes("preflight.by-hand", PREFLIGHT, "plan", asked=_BY_HAND),
    *_modes("enable-connect-writeback.by-hand", CONNECT, "plan", asked=_BY_HAND),
    *_modes("enable-connect-writeback.by-hand", CONNECT, "apply", "late", asked=_BY_HAND, attested=_pages("c")),
    *_modes("enable-sspr-writeback.by-hand", PORTAL, "apply", before=CONNECT, asked=_BY_HAND | _API, attested=("p2",)),
    *_modes("verify-writeback.by-hand", VERIFY, "plan", tenant="fabrikam", asked=_BY_HAND | _PILOT),
    *_modes("disable-writeback.by-hand", DISABLE, "apply", asked=_BY_HAND, attested=_pages("d")),
)
BY_NAME = {case.name: case for case in CASES}


@dataclass
class Seen:
    """One run under a fault: the world it ran in, the run, its plan if one was approved, and what reading failed last."""

    here: Rehearsal
    run: Run
    approved: Plan | None
    journal: MemoryJournal
    sent: list[tuple[Any, int]]
    """Every change that a target was sent, with how many lines the journal had before."""


def carried(case: Case, fault: str) -> Seen:
    """Carry out a case under a fault; no fault when it is empty."""
    here = Rehearsal(case.tenant)
    if case.account == "application":
        as_application(here)
    if case.before:
        here.applied(case.before)
        here.clock.advance(600)
    if case.mode in ("plan", "apply"):
        _begin(here, fault)
    asked = {**case.asked, "wait_seconds": WAIT_SECONDS}
    if case.asked.get("server_by_hand"):
        _without_server(here)
    approved = here.planned(case.slug, **asked).plan if case.mode != "plan" else None
    if approved and case.attested:
        now = here.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        asked["attestation"] = here.attestation(approved, *case.attested, at=now, values=_seen(case.slug))
    if case.mode == "late":
        _begin(here, fault)
    here.journal = MemoryJournal()
    sent = _watch(here, fault if case.mode == "sending" else "")
    run = here.run(case.slug, approved=approved.digest if approved else None, **asked)
    return Seen(here, carried_out(run), approved, here.journal, sent)


def _seen(slug: str) -> dict[str, bool]:
    """What whoever does a runbook by hand sees when all went well."""
    return {"write_back": True, "unlock": True, "connect_writeback": slug == CONNECT}


def _without_server(here: Rehearsal) -> None:
    """What the parameters leave to a person is no target of a run."""
    for name in [name for name in here.targets if "server" in name]:
        del here.targets[name]


def _begin(here: Rehearsal, fault: str) -> None:
    if fault:
        here.faults.add(fault)


def _watch(here: Rehearsal, fault: str) -> list[tuple[Any, int]]:
    """Note each change that is sent from now on, and let a fault begin once the first has left."""
    sent: list[tuple[Any, int]] = []
    for target in here.targets.values():
        target.performed.clear()
        target.before = lambda change: sent.append((change, len(here.journal.lines)))
        target.after = lambda change: _begin(here, fault if len(sent) == 1 else "")
    return sent


def faults_of(case: Case) -> list[str]:
    """The faults a case is run under: all but those of the change record, which no step looks at."""
    return sorted(name for name, fault in FAULTS.items() if fault.side != "change")
