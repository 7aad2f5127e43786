"""What a run works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runbook_lib.engine.resuming import Earlier
from runbook_lib.ports import Approver, Clock, Journal, Target


@dataclass(frozen=True)
class Parts:
    """What a run works with: the targets by name, and the ports.

    `means` is the SHA-256, by action, of what a target is sent for it; `earlier` is what earlier attempts at this run did, when they
    sent anything: the run goes on from there.
    """

    targets: Mapping[str, Target]
    clock: Clock
    journal: Journal
    approver: Approver
    means: Mapping[str, str] = field(default_factory=dict)
    earlier: Earlier | None = None
