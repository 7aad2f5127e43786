"""The pilot's reset as a tenant would answer it, and the traces it leaves, said by the test: also those that no fault has a name for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.errors import TargetError
from runbook_lib.lab.memory_answers import round_trip
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Request, Target
from tests.rehearsal import Rehearsal, Watched

PILOT = "adele@fabrikam.example"
ARRIVED = (31009, 31010)


@dataclass
class Resetting:
    """The tenant, whose reset is answered with `error`, or else well; `then` is what it causes elsewhere."""

    target: Target
    error: TargetError | None = None
    then: Callable[[], Any] = lambda: None
    asked: list[Change] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.target.name

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        return self.target.read(requests)

    def perform(self, change: Change) -> Answer:
        self.asked.append(change)
        self.then()
        if self.error:
            raise self.error
        return Answer(change.action, {"operation": "op-1", "status": "succeeded"}, "2026-11-02T09:10:00Z", "id")

    def close(self) -> None:
        self.target.close()


def rehearsed(
    *events: int, moved: bool = True, error: TargetError | None = None, about: str = PILOT, tenant: str = "fabrikam"
) -> Rehearsal:
    """A tenant in order, whose pilot's reset logs these events, and moves the time of the password or does not."""
    here = Rehearsal(tenant)
    reset = Resetting(here.targets["tenant"].target, error)
    here.targets["tenant"] = Watched(reset)

    def arrive() -> None:
        at = round_trip(here.clock.now())
        here.server.edits["writeback_events"] = lambda body: log(body, at, events, about)
        if moved:
            here.server.edits["directory_users"] = lambda body: pilot_of(body).update(pwd_last_set_utc=None)

    reset.then = arrive
    return here


def log(body: Json, at: str, ids: Sequence[int], about: str) -> None:
    """Add events about somebody, just after the newest."""
    newest = max(event["record"] for event in body["events"])
    body["events"] += [
        {
            "id": event,
            "source": "PasswordResetService",
            "record": newest + 1000 + number,
            "at_utc": at,
            "message": f"UserPrincipalName: {about}" if about else "TrackingId: 1",
        }
        for number, event in enumerate(ids)
    ]


def pilot_of(body: Json) -> Json:
    """The pilot in an answer of the directory."""
    (found,) = [user for domain in body["domains"] for user in domain["users"] if user["is_pilot"]]
    return found
