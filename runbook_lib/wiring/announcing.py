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

from runbook_lib.wiring.places import CHANNEL

PATIENCE_SECONDS = 5.0

Announce = Callable[[dict[str, str]], None]


def announcer(run_id: str) -> Announce:
    """Return what passes news on; it says nothing when nobody listens, for example in JupyterLab."""
    address = os.environ.get(CHANNEL, "")
    gone = threading.Event()

    def announce(news: dict[str, str]) -> None:
        # Whoever listened may be gone, or may no longer take anything; the run does not depend on being watched.
        if gone.is_set():
            return
        telling = threading.Thread(target=tell, args=(news,), daemon=True)
        telling.start()
        telling.join(PATIENCE_SECONDS)
        if telling.is_alive():
            gone.set()

    def tell(news: dict[str, str]) -> None:
        with suppress(OSError, EOFError, ValueError, TypeError, AuthenticationError):
            place, key = json.loads(address)
            with Client(place, authkey=bytes.fromhex(key)) as connection:
                connection.send_bytes(json.dumps({"run": run_id, **news}).encode())

    return announce if address else _silent


def _silent(_news: dict[str, str]) -> None:
    """Nobody listens."""
