"""The one place where a lab fault can reach into an exchange, before it is carried out or before it is answered."""

from __future__ import annotations

import enum
from typing import NamedTuple, Protocol

from runbook_lib.lab.wsman.process import Process


class Exchange(NamedTuple):
    """One request as recorded: action (``Create``, ``Command``, ``Send``, ``Receive``, ``Signal``, ``Delete``, ``Identify``),
    signed-in user, shell and command identifiers when the client named them, and which request of this action it is, from
    1: counted for its command if it names one, else for the service.
    """

    action: str
    user: str
    shell_id: str
    command_id: str
    ordinal: int


class Verdict(enum.Enum):
    """What becomes of an exchange."""

    PROCEED = "proceed"
    DROP = "drop"  # close the TCP connection without an answer
    CUT = "cut"  # close the TCP connection in the middle of the answer; only after the request was carried out
    EXPIRE = "expire"  # the shell is over: it is closed, and the request is about one that does not exist
    REFUSE = "refuse"  # answer HTTP 401, as for an account that may not sign in


class Disturbance(Protocol):
    """Decides the fate of exchanges. Called from worker threads, several at a time.

    Either method may also wait (a slow server) or raise WsmanFault (the client gets that fault). ``process`` is the command
    the exchange is about, or None; for ``Command`` it exists but has not started in ``before``. To lose the answer of a command
    that has surely run: in ``after`` a ``Receive``, return DROP when ``process.finished`` is set, or wait for it in ``before``.
    """

    def before(self, exchange: Exchange, process: Process | None, /) -> Verdict:
        """Called before the service does anything for the request. Other than PROCEED: it never does."""

    def after(self, exchange: Exchange, process: Process | None, /) -> Verdict:
        """Called once the request was carried out, before its answer is sent. Not called when it ended in a fault."""


class Undisturbed:
    """Lets everything proceed."""

    def before(self, *_about: object) -> Verdict:
        """Proceed."""
        return Verdict.PROCEED

    def after(self, *_about: object) -> Verdict:
        """Proceed."""
        return Verdict.PROCEED
