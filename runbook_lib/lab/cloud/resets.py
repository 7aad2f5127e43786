"""A password reset by an administrator, as Graph knows it: an operation that runs for a while and ends one way or the other.

Source: graph-docs, authenticationmethod-resetpassword and longrunningoperation. Which status a refused writeback leaves in
`statusDetail` is not documented; here it names the error of the sync server's event log. The password is handed on, never kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from runbook_lib.lab.cloud.roles import RESETS_ANYBODY, RESETS_USERS

if TYPE_CHECKING:
    from runbook_lib.lab.cloud.state import Account, Application, CloudTenant

PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490"  # noqa: S105 - the id of the method, the same for every user
RESET_ACTIVITY = "Reset password (by admin)"
SLOW = timedelta(minutes=5)

Report = Callable[[str, datetime], None]


class Premises(Protocol):
    """Where synchronized users come from: the sync server, with the directory behind it."""

    def write_back(self, upn: str, password: str, wait: timedelta, report: Report) -> None:
        """Set a password after a while, and report the trouble: empty for none."""

    def catch_up(self) -> None:
        """Do what is due by now."""


class Nowhere:
    """No directory is behind the tenant: nobody ever reports."""

    def write_back(self, upn: str, password: str, wait: timedelta, report: Report) -> None:
        """Do nothing."""

    def catch_up(self) -> None:
        """Nothing is due."""


@dataclass
class Operation:
    """A reset that was begun. `trouble` is empty as long as none is known; `ended_at` is None while it runs (UTC)."""

    user_id: str
    begun_at: datetime
    trouble: str = ""
    ended_at: datetime | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def status(self, now: datetime) -> str:
        """Return the status by Graph's names. It has not started in the moment it was asked for."""
        if self.ended_at is None:
            return "running" if now > self.begun_at else "notStarted"
        return "failed" if self.trouble else "succeeded"


def may_reset(tenant: CloudTenant, caller: Account | Application, user: Account) -> bool:
    """Tell whether a caller's roles allow to reset somebody's password. Nobody resets their own this way."""
    held = {*tenant.roles_of(caller)}
    enough = RESETS_ANYBODY if user.roles else RESETS_ANYBODY | RESETS_USERS
    return caller is not user and bool(held & enough)


def begin(tenant: CloudTenant, user: Account, password: str, now: datetime, wait: timedelta) -> Operation:
    """Begin a reset that reaches the directory after `wait`, and return its operation. A user of the cloud only is done at once."""
    operation = Operation(user.id, now)
    tenant.operations[operation.id] = operation
    agent = "None" if user.directory_dn is None else "Microsoft Entra Connect"

    def report(trouble: str, at: datetime) -> None:
        operation.trouble, operation.ended_at = trouble, at
        tenant.record_reset(RESET_ACTIVITY, at, is_done=not trouble, agent=agent)

    if user.directory_dn is None:
        report("", now)
    elif "reset_never_ends" not in tenant.faults:
        slow = SLOW if "reset_slow" in tenant.faults else timedelta(0)
        tenant.premises.write_back(user.upn, password, wait + slow, report)
    return operation
