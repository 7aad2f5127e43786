"""A password reset that comes from the cloud: what Connect does in the directory, and the events it leaves.

The order is that of Microsoft's events table (troubleshoot-sspr-writeback): 31009, then 31010; or 31011 after the error that
explains it. Connect asks for policy hints, so the history counts, and has the password changed at the next logon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from runbook_lib.lab import event_log
from runbook_lib.lab.directory import AccessRule, Directory, DirectoryAccount, Domain, User
from runbook_lib.lab.directory.access import (
    RESET,
    UNEXPIRE,
    WRITE_LOCKOUT_TIME,
    WRITE_PWD_LAST_SET,
    in_order,
    is_allowed,
)
from runbook_lib.lab.directory.passwords import PasswordRefused, reset
from runbook_lib.lab.event_log import EventLog
from runbook_lib.lab.faults import Faults

DONE = ""
NOT_LISTENING = "no writeback service answers"
RootRules = Callable[[Domain], Iterable[AccessRule]]


class Resetting:
    """Resets passwords with the rights of the connector account. The caller holds the server's lock; times are UTC."""

    def __init__(self, log: EventLog, directory: Directory, rules: RootRules, faults: Faults) -> None:
        self._log = log
        self._directory = directory
        self._rules = rules
        self._faults = faults

    def carry_out(self, account: DirectoryAccount, upn: str, password: str, at: datetime) -> str:
        """Set a user's password. Returns `DONE`, or the name of the error that the event log tells."""
        self._log.append(event_log.RESET_STARTED, at, upn)
        trouble = self._tried(account, upn, password, at)
        for event_id in trouble:
            self._log.append(event_id, at, upn)
        self._log.append(event_log.RESET_FAILED if trouble else event_log.RESET_DONE, at, upn)
        return event_log.name_of(trouble[-1]) if trouble else DONE

    def _tried(self, account: DirectoryAccount, upn: str, password: str, at: datetime) -> tuple[int, ...]:
        found = self._directory.find(upn)
        if found is None:
            return (event_log.USER_NOT_FOUND,)
        domain, user = found
        if not user.is_enabled:
            return (event_log.ACCOUNT_DISABLED,)
        if not self._may(account, domain, user):
            return (event_log.NO_PERMISSION,)
        try:
            if "reset_refused_by_policy" in self._faults:
                raise PasswordRefused("filter")
            domain.update(reset(user, password, domain.policy), at)
        except PasswordRefused:
            return (event_log.EXPORT_REFUSED, event_log.POLICY_ERROR)
        return ()

    def _may(self, account: DirectoryAccount, domain: Domain, user: User) -> bool:
        """Tell whether the account may do all that a reset is: to unlock is part of it only for an account that is locked."""
        root = in_order(self._rules(domain), ())
        rules = domain.rules_on(user, list(root))
        wanted = (RESET, WRITE_PWD_LAST_SET, *((WRITE_LOCKOUT_TIME,) if user.is_locked_out else ()))
        return is_allowed(root, account.sids, UNEXPIRE) and all(
            is_allowed(rules, account.sids, right) for right in wanted
        )
