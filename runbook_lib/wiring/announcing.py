"""News of a run for whoever started it: which step ended how, and the code of a device sign-in, which is kept nowhere.

The command line listens on a private local connection and names it in the environment of the kernels it starts.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import Any

from runbook_lib.wiring.places import CHANNEL

PATIENCE_SECONDS = 5.0

Announce = Callable[[dict[str, str]], None]


def announcer(run_id: str, patience: float = PATIENCE_SECONDS) -> Announce:
    """Return what passes news on; it says nothing when nobody listens, for example in JupyterLab, nor once somebody did not take
    any for so many seconds.
    """
    address = os.environ.get(CHANNEL, "")
    if not address:
        return _silent
    hearer = _Hearer(address, patience)
    return lambda news: hearer.tell({"run": run_id, **news})


class _Hearer:
    """Whoever listens, as a run sees them: one connection for all its news, made when there are some.

    They may be gone, or may no longer take anything; the run does not depend on being watched.
    """

    def __init__(self, address: str, patience: float) -> None:
        self._address = address
        self._patience = patience
        self._connection: Any = None
        self._lock = threading.Lock()
        self._is_gone = False

    def tell(self, news: dict[str, str]) -> None:
        """Return once the news are heard, or it is clear that nobody hears them."""
        with self._lock, suppress(OSError, EOFError):
            connection, self._connection = self._connection or self._connected(), None
            if not connection:
                return
            connection.send_bytes(json.dumps(news).encode())
            if not connection.poll(self._patience):
                self._is_gone = True
                return
            connection.recv_bytes()
            self._connection = connection  # only now: what was interrupted in the middle is not gone on with

    def _connected(self) -> Any:
        """Return a connection; None when there is none, or not soon, and once whoever listens takes nothing any more."""
        if self._is_gone:
            return None
        made: list[Any] = []

        def connect() -> None:
            with suppress(OSError, EOFError, ValueError, TypeError, AuthenticationError):
                place, key = json.loads(self._address)
                made.append(Client(place, authkey=bytes.fromhex(key)))

        connecting = threading.Thread(target=connect, daemon=True)
        connecting.start()
        connecting.join(self._patience)
        self._is_gone = connecting.is_alive()
        return made[0] if made else None


def _silent(_news: dict[str, str]) -> None:
    """Nobody listens."""
