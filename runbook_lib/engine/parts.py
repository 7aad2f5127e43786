"""What a run works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runbook_lib.ports import Approver, Clock, Journal, Target


@dataclass(frozen=True)
class Parts:
    """What a run works with: the targets by name, the ports, and `means`: the SHA-256, by action, of what a target is sent for it."""

    targets: Mapping[str, Target]
    clock: Clock
    journal: Journal
    approver: Approver
    means: Mapping[str, str] = field(default_factory=dict)
