"""Everything the lab's world gives to one PowerShell process: cmdlets, modules, .NET entries, variables, clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from runbook_lib.lab.powershell.values import PSObject

if TYPE_CHECKING:
    from runbook_lib.lab.powershell.cmdlets import Cmdlet
    from runbook_lib.lab.powershell.session import Session


@dataclass(frozen=True)
class NetType:
    """A .NET type that scripts may name: its static properties and methods, and its constructor for New-Object.

    Every function receives the session first; methods and the constructor then receive the script's arguments. `setters` are the
    static properties that scripts may set.
    """

    full_name: str
    properties: Mapping[str, Callable[[Session], object]] = field(default_factory=dict)
    methods: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    construct: Callable[..., object] | None = None
    setters: Mapping[str, Callable[[Session, object], None]] = field(default_factory=dict)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """One Windows computer as a script sees it.

    `absent` names commands that this computer is known not to have: calling one is CommandNotFoundException. `modules`
    maps the name or path given to Import-Module to the module's description for Get-Module. `now` must return an aware
    time; its zone is the computer's. `sleep` waits for Start-Sleep, in seconds.
    `culture` is `en-US` or `fr-FR`.
    """

    cmdlets: tuple[Cmdlet, ...] = ()
    absent: frozenset[str] = frozenset()
    modules: Mapping[str, PSObject] = field(default_factory=dict)
    types: tuple[NetType, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    culture: str = "en-US"
    now: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], None] = time.sleep
    cancelled: threading.Event = field(default_factory=threading.Event)

    def local_now(self) -> datetime:
        """The computer's time as a DateTime of kind Local, which is not kind Utc even where the offset is zero."""
        now = self.now()
        return now.astimezone(timezone(now.utcoffset() or timedelta(0), "local"))
