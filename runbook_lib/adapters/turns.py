"""Taking turns: how fast all runs of one command ask a service, and that no two runs talk to one sync server at once.

What the runs share are small files, each held for some microseconds by a lock that the system gives back when its holder ends. A turn is a
moment that passes by itself, so a run that is killed takes nothing with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import portalocker

from runbook_lib.errors import CannotConnect, TargetError
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Clock, Request, Target

GRAPH, TOKEN, PORTAL = "graph", "token", "portal"
APIS = (GRAPH, TOKEN, PORTAL)

# Held back longer than this by what somebody else was told, a run asks for itself.
MOST_HELD_SECONDS = 120.0
# A wait from here on is worth a line in the journal.
LONG_SECONDS = 5.0
# How often somebody looks whether a sync server is free.
LOOK_SECONDS = 0.1

# Told of a wait before it begins: for which service, how many seconds, and whether because it had said *later*.
Tell = Callable[[str, float, bool], object]


class Turns:
    """The turns of one run at the services that all runs of a command share."""

    def __init__(
        self,
        folder: Path,
        rates: Mapping[str, float],
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Share a private folder with the other runs. `rates` is how many requests a second each service may get from all of them.

        `monotonic` is the same for all processes of this machine, and never goes back.
        """
        self.tell: Tell = _silent
        self._folder = folder
        self._rates = rates
        self._clock = clock
        self._monotonic = monotonic

    def at(self, api: str, tenant: str) -> Turn:
        """Return the turns at a service for a tenant."""
        return Turn(self, api, tenant)

    def take(self, api: str, tenant: str, *, heeds: bool) -> None:
        """Wait for a turn; with `heeds` also as long as the service has said *later*."""
        held = 0.0
        while True:
            with self._state(api) as state:
                wait, is_held = self._next(state, api, tenant if heeds and held < MOST_HELD_SECONDS else "")
            if wait >= LONG_SECONDS:
                self.tell(api, wait, is_held)
            if wait > 0:
                self._clock.sleep(wait)
            if not is_held:
                return
            held += wait

    def later(self, api: str, tenant: str, seconds: float) -> None:
        """Hold back what goes to a service for a tenant. A second tenant that is told so means that it is not about one of them: all wait."""
        until = self._monotonic() + min(seconds, MOST_HELD_SECONDS)
        with self._state(api) as state:
            held = self._held(state)
            others = held.keys() - {tenant}
            for name in (tenant, "*") if others else (tenant,):
                held[name] = max(held.get(name, 0.0), until)
            state["held"] = held

    def _next(self, state: dict[str, Json], api: str, tenant: str) -> tuple[float, bool]:
        """Return how long to wait, and whether because nobody may ask yet; otherwise the turn after that wait is taken."""
        now = self._monotonic()
        if tenant:
            held = self._held(state)
            until = max(held.get(tenant, 0.0), held.get("*", 0.0))
            if until > now:
                return until - now, True
        rate = self._rates.get(api)
        if not rate:
            return 0.0, False
        turn = max(now, float(state.get("next", 0.0)))
        state["next"] = turn + 1 / rate
        return turn - now, False

    def _held(self, state: Mapping[str, Json]) -> dict[str, float]:
        now = self._monotonic()
        return {name: until for name, until in state.get("held", {}).items() if until > now}

    @contextmanager
    def _state(self, api: str) -> Iterator[dict[str, Json]]:
        """Yield what all runs know of a service, to themselves; what is changed in it is written."""
        with os.fdopen(
            os.open(self._folder / f"{api}.json", os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0
        ) as file:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
            state = _read(file)
            yield state
            file.seek(0)
            file.write(json.dumps(state).encode())
            file.truncate()


class Turn:
    """The turns of one run at one service."""

    def __init__(self, turns: Turns, api: str, tenant: str) -> None:
        self._turns, self._api, self._tenant = turns, api, tenant

    def take(self, method: str) -> None:
        """Wait for a turn. A change does not wait because *later* was said to somebody else: what was looked at before would get old."""
        self._turns.take(self._api, self._tenant, heeds=method == "GET" or self._api == TOKEN)

    def later(self, seconds: float) -> None:
        """Pass on that the service said *later*."""
        self._turns.later(self._api, self._tenant, seconds)


class OneAtATime:
    """A target with which one run of this user's talks at a time, exchange by exchange. Implements `ports.Target`."""

    def __init__(self, target: Target, endpoint: str, folder: Path, clock: Clock, patience: float) -> None:
        """Share a folder with other runs; `patience` is how many seconds another may keep us waiting."""
        self.name = target.name
        self._target = target
        self._clock = clock
        self._patience = patience
        place = urlsplit(endpoint)
        server = f"{place.hostname}:{place.port or 443}".casefold()
        self._file = folder / f"{hashlib.sha256(server.encode()).hexdigest()[:32]}.lock"

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer the readings once nobody else talks to the server; see `ports.Target.read`."""
        try:
            with self._alone():
                return self._target.read(requests)
        except _Busy as busy:
            return (busy.error,) * len(requests)

    def perform(self, change: Change) -> Answer:
        """Make the change once nobody else talks to the server; see `ports.Target.perform`. Raises `CannotConnect`: it was not sent."""
        try:
            with self._alone():
                return self._target.perform(change)
        except _Busy as busy:
            raise busy.error from None

    def close(self) -> None:
        """Close the target. Nobody waits for that."""
        self._target.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError:  # where nothing can be shared, nobody can be waited for
            yield
            return
        with file:
            self._wait(file)
            yield

    def _wait(self, file: BinaryIO) -> None:
        waited = 0.0
        while not _is_ours(file):
            if waited >= self._patience:
                raise _Busy(CannotConnect("server-busy", target=self.name, seconds=round(self._patience)))
            self._clock.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS


class _Busy(Exception):
    """Somebody else talked to the server for longer than we wait."""

    def __init__(self, error: TargetError) -> None:
        super().__init__()
        self.error = error


def _is_ours(file: BinaryIO) -> bool:
    try:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.LockException:
        return False
    return True


def _read(file: BinaryIO) -> dict[str, Json]:
    """Return what a file says; nothing when whoever wrote it was killed in the middle."""
    try:
        read = json.loads(file.read())
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _silent(_api: str, _seconds: float, _is_held: bool) -> None:  # as `Tell` says
    """Nobody listens."""
