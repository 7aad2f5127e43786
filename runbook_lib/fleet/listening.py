"""Hears what runs have to say while they go on. A private local connection: a code shown here is written nowhere.

The connection is of the kind that only this machine has: a socket in a folder of this user, or a named pipe. A stranger on
a port could keep a run waiting.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Listener
from types import TracebackType
from typing import Any, Self

News = dict[str, str]

# How long the end of the listening is waited for.
PATIENCE_SECONDS = 2.0

# How many runs may call at the same moment without waiting for one another.
BACKLOG = 128

# What a run is told whose news were passed on.
HEARD = b"heard"


class Listening:
    """Listens while it is open and passes news on, one after another, from threads of its own.

    A run is told that its news were heard once they were passed on, and says no more before.
    """

    def __init__(self, hear: Callable[[News], None]) -> None:
        """Open the connection; `address` is what kernels are told."""
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key, backlog=BACKLOG)
        self._hear = hear
        self._is_closing = False
        self._failure: BaseException | None = None
        self._passing_on = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="listening", daemon=True)

    @property
    def address(self) -> str:
        """Return what `wiring.announcing` needs, as text for the environment."""
        return json.dumps([self._listener.address, self._key.hex()])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        # Closing alone does not wake the thread; one more visitor does.
        with suppress(OSError):
            Client(self._listener.address).close()
        self._thread.join(PATIENCE_SECONDS)
        self._listener.close()
        # A thread has nobody to tell. A code that could not be shown must not pass in silence.
        if kind is None and self._failure:
            raise self._failure

    def _listen(self) -> None:
        while not self._is_closing:
            with suppress(Exception):  # whatever a stranger sends, the next one is listened to
                connection = self._listener.accept()
                threading.Thread(target=self._hear_out, args=(connection,), name="hearing", daemon=True).start()

    def _hear_out(self, connection: Any) -> None:
        """Hear what one run has to say, until it hangs up. Whoever says something that is no news is not heard out."""
        with connection, suppress(Exception):
            while isinstance(news := json.loads(connection.recv_bytes()), dict):
                self._pass_on(news)
                connection.send_bytes(HEARD)

    def _pass_on(self, news: News) -> None:
        """Pass news on. Runs wait for whoever listens, so a failure is kept for the end and the listening goes on."""
        try:
            with self._passing_on:
                if not self._is_closing:
                    self._hear(news)
        except BaseException as error:  # noqa: BLE001  # raised where the listening ends; a thread that ends silently would be worse
            self._failure = self._failure or error
