"""One run at a time that applies something to a tenant, and what it must know of the others: on this machine, and on its storage."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC

from runbook_lib.adapters.storage import Storage
from runbook_lib.errors import EvidenceError, UsageProblem
from runbook_lib.evidence import Holder, Run, alone
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Clock
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.fetching import fetch, runs_elsewhere
from runbook_lib.wiring.places import outputs_root
from runbook_lib.wiring.storing import StoredRun


@contextmanager
def keeping_others_out(parameters: Parameters, run_id: str, clock: Clock, stored: StoredRun | None) -> Iterator[None]:
    """Keep out every other run that applies something to the tenant; who only plans, keeps nobody out.

    On a storage nobody is let in again at the end: whoever started the run does that, once the whole record is there.
    """
    if parameters.mode != "apply":
        yield
        return
    tenant, since = parameters.tenant.name, clock.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    holder = Holder(account_name(), platform.node(), os.getpid(), run_id, since)
    with ExitStack() as inside:
        try:
            inside.enter_context(alone(outputs_root(), tenant, holder))
        except EvidenceError as error:
            _learn(error, stored, tenant)
            inside.enter_context(alone(outputs_root(), tenant, holder))
        if stored:
            stored.hold(holder)
        yield


def others(stored: StoredRun | None) -> Sequence[Run]:
    """Return the runs of a run's tenant that other machines have kept on its storage. Raises `EvidenceError`."""
    return runs_elsewhere(stored.url, outputs_root(), stored.tenant) if stored else ()


def _learn(error: EvidenceError, stored: StoredRun | None, tenant: str) -> None:
    """Bring the record of a run that was killed here while it was sending something: another machine may have gone on with it.

    Raises what it is given, where there is nothing to learn.
    """
    if stored is None or error.message.key != "evidence-left-sending":
        raise error
    try:
        for _ in fetch(Storage(stored.url), outputs_root(), [f"{tenant}/{error.message.arguments['run']}"]):
            pass
    except UsageProblem:
        raise error from None
