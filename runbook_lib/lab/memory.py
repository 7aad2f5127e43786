"""The sync server as a target without any network: every reading and action answered from the world by name.

Written without looking at the scripts' results: comparing it with the real adapter over the lab's endpoint checks the
scripts, the interpreter and the world against each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    ScriptFailed,
    SignInFailed,
    TargetError,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.facts.sync_server import SYNC_SERVER
from runbook_lib.lab.directory_answers import round_trip
from runbook_lib.lab.memory_answers import ACTIONS, READINGS
from runbook_lib.lab.refusal import ConnectionLost, Refusal
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.model import Change
from runbook_lib.ports import Answer, Request

# What a refusal of the world means to the kit, by error id.
_DENIALS = {
    "System.UnauthorizedAccessException": "script-access-denied",
    "ActiveDirectoryCmdlet:System.Security.Authentication.AuthenticationException": "directory-access-denied",
}
_KNOWN_PROBLEMS = {
    "System.Runtime.InteropServices.COMException": "writeback-invalid-state",
    "MissingMandatoryParameter": "writeback-credential-prompt",
    "Modules_ModuleNotFound": "script-module-missing",
}

PASSING = ("shell_expired", "connection_drops")


class MemorySyncServer:
    """`ports.Target` over a server of the world. `name` is `sync-server`, or `other-server-1` for a standby."""

    def __init__(self, server: SyncServer, name: str = SYNC_SERVER) -> None:
        self.name = name
        self._server = server

    def read(self, requests: Sequence[Request]) -> list[Answer | TargetError]:
        """Answer each reading, as `ports.Target` says."""
        for passing in PASSING:  # over the wire the reading is asked again, and the trouble is over
            self._server.faults.take(passing)
        lost = self._out_of_reach() or self._unanswered()
        return [lost or self._answer(request) for request in requests]

    def perform(self, change: Change) -> Answer:
        """Make one change, as `ports.Target` says."""
        if unreachable := self._out_of_reach():
            raise unreachable
        unknown = OutcomeUnknown("lab-outcome-unknown", target=self.name, name=change.action)
        if "hanging_script" in self._server.faults:
            raise unknown
        try:
            body = {"output": ACTIONS[change.action](self._server, change.arguments)}
        except ConnectionLost:
            raise unknown from None
        except Refusal as refusal:
            raise self._failed(change.action, refusal) from None
        if {"lost_reply", "noisy_reply", "truncated_reply"} & set(self._server.faults):
            raise unknown
        return Answer(change.action, body, round_trip(self._server.clock()))

    def close(self) -> None:
        """There is nothing to give back."""

    def _out_of_reach(self) -> TargetError | None:
        if "access_denied" in self._server.faults:
            return SignInFailed("lab-access-denied", target=self.name)
        if "shell_quota" in self._server.faults:
            return Throttled("lab-no-shell", target=self.name)
        return None

    def _unanswered(self) -> TargetError | None:
        if "hanging_script" in self._server.faults:
            return TargetTimeout("lab-no-answer", target=self.name)
        if {"noisy_reply", "truncated_reply"} & set(self._server.faults):
            return UnexpectedReply("lab-unreadable-answer", target=self.name)
        return None

    def _answer(self, request: Request) -> Answer | TargetError:
        try:
            body = READINGS[request.reading](self._server, request.arguments)
        except Refusal as refusal:
            return self._failed(request.reading, refusal)
        return Answer(request.reading, body, round_trip(self._server.clock()))

    def _failed(self, name: str, refusal: Refusal) -> TargetError:
        detail, error_id = refusal.say(self._server.language), refusal.error_id
        if key := _DENIALS.get(error_id):
            return NotPermitted(key, target=self.name, script=name, detail=detail)
        key = _KNOWN_PROBLEMS.get(error_id, "script-failed")
        if name == "set_password_writeback" and detail.endswith(" is busy."):
            key = "writeback-cycle-runs"
        return ScriptFailed(target=self.name, script=name, detail=detail, error_id=error_id, key=key)
