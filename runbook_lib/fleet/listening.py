"""Hears what runs have to say while they go on. A private local connection: a code shown here is written nowhere."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Listener
from types import TracebackType
from typing import Self

News = dict[str, str]


class Listening:
    """Listens while it is open and passes news on, from a thread of its own."""

    def __init__(self, hear: Callable[[News], None]) -> None:
        """Open the connection; `address` is what kernels are told."""
        self._key = secrets.token_bytes(32)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._key)
        self._hear = hear
        self._thread = threading.Thread(target=self._listen, name="listening", daemon=True)

    @property
    def address(self) -> str:
        """Return what `wiring.announcing` needs, as text for the environment."""
        return json.dumps([list(self._listener.address), self._key.hex()])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                with self._listener.accept() as connection:
                    self._take(connection)
            except OSError:
                return  # closed
            except Exception:  # noqa: BLE001, S112  # a stranger on the port, or one who hung up: listen to the next
                continue

    def _take(self, connection: Connection) -> None:
        self._hear(json.loads(connection.recv_bytes()))
