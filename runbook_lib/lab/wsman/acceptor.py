"""One thread that waits for connections on many listening sockets at once: a lab of a thousand servers needs no thousand threads."""

from __future__ import annotations

import selectors
import socket
import threading
from typing import Protocol


class Accepting(Protocol):
    """What listens. `accept` is called on the acceptor's thread once a connection waits; it must return soon, and never raise."""

    def fileno(self) -> int:
        """Return the descriptor of the listening socket."""
        ...

    def accept(self) -> None:
        """Take the connection that waits, and serve it elsewhere."""
        ...


class Acceptor:
    """Waits for all that listen, in a thread that is there as long as anybody listens. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listening: set[Accepting] = set()
        self._selector: selectors.BaseSelector | None = None
        self._bell: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def add(self, listening: Accepting) -> None:
        """Wait for connections of this one, too, from now on."""
        with self._lock:
            selector = self._selector or self._begin()
            self._listening.add(listening)
            selector.register(listening, selectors.EVENT_READ)
            self._ring()

    def discard(self, listening: Accepting) -> None:
        """Wait for this one no more. Once this returns, its `accept` is not called again."""
        with self._lock:
            if listening not in self._listening or self._selector is None:
                return
            self._listening.discard(listening)
            self._selector.unregister(listening)
            self._ring()
            if self._listening:
                return
            self._selector, self._bell, thread, self._thread = None, None, self._thread, None
        if thread:
            thread.join()

    def _begin(self) -> selectors.BaseSelector:
        selector = selectors.DefaultSelector()
        self._bell, ear = socket.socketpair()
        selector.register(ear, selectors.EVENT_READ)
        self._selector = selector
        self._thread = threading.Thread(
            target=self._wait, args=(selector, self._bell, ear), name="wsman-listener", daemon=True
        )
        self._thread.start()
        return selector

    def _ring(self) -> None:
        if self._bell:
            self._bell.send(b"!")

    def _wait(self, selector: selectors.BaseSelector, bell: socket.socket, ear: socket.socket) -> None:
        with selector, bell, ear:
            while self._serve(selector, ear):
                pass

    def _serve(self, selector: selectors.BaseSelector, ear: socket.socket) -> bool:
        """Let everybody accept for whom a connection waits. Return false when nobody listens any more."""
        ready = [key.fileobj for key, _ in selector.select()]
        if ear in ready:
            ear.recv(4096)
        with self._lock:
            if self._selector is not selector:
                return False
            for listening in self._listening.intersection(ready):
                listening.accept()
        return True
