"""The process that kernels are forked from: warmed once, with one thread, no event loop and no ZMQ context.

It has one connection to who started it. Each message there asks for a kernel and brings three descriptors: the request, where
to say what becomes of the kernel, and the kernel's standard output and error. When that connection ends, so does everything.

It never blocks on anybody and reads nothing that it is sent but the numbers of signals: what a kernel is asked for is read by
the kernel. A child is only signalled while it has not been waited for, so no number of a process is ever another's.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from runbook_lib.fleet.forkserver.child import Birth, end_with, live

# What a kernel of ipykernel imports before its first cell ends, besides ipykernel itself.
OF_A_KERNEL = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.ultratb",
    "IPython.extensions.storemagic",
    "faulthandler",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "traitlets.config.argcomplete_config",
    "zmq.asyncio",
)
DESCRIPTORS = 4
LONGEST_MESSAGE = 64


class Kernel(NamedTuple):
    """A child: its number, and where to say what becomes of it."""

    pid: int
    status: socket.socket


class Server:
    """Forks a kernel for each request and says how each ended."""

    def __init__(self, control: socket.socket) -> None:
        """Wait for requests on `control`, and be woken when a child ends."""
        self._control = control
        self._kernels: dict[int, Kernel] = {}
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector = selectors.PollSelector()  # holds no descriptor that a child would share
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> Birth | None:
        """Serve until nobody is left to serve. Returns a birth in each forked process, and None in this one, at the end."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    descriptors = self._asked()
                    if not descriptors:
                        self._end()
                        return None
                    if birth := self._fork(*descriptors):
                        return birth
                elif key.fileobj == self._woken:
                    self._reap()
                elif key.data.pid in self._kernels:
                    self._signal(key.data)

    def _asked(self) -> list[int]:
        """Return the descriptors of the next request; none when whoever asked is gone."""
        try:
            return socket.recv_fds(self._control, LONGEST_MESSAGE, DESCRIPTORS)[1]
        except OSError:
            return []

    def _fork(self, request: int, status_descriptor: int, *streams: int) -> Birth | None:
        """Fork a kernel. Returns its birth in the kernel, None here."""
        status = socket.socket(fileno=status_descriptor)
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:  # no more processes, or no memory
            _say(status, problem=error.strerror or type(error).__name__)
            status.close()
        else:
            if not pid:
                return Birth(request, status, streams, parent, self._let_go)
            _say(status, pid=pid)
            kernel = self._kernels[pid] = Kernel(pid, status)
            self._selector.register(status, selectors.EVENT_READ, kernel)
        for descriptor in (request, *streams):
            os.close(descriptor)
        return None

    def _let_go(self) -> None:
        """Close, in a forked process, what belongs to the server and to other kernels: an open end would hide that they ended."""
        signal.set_wakeup_fd(-1)
        for held in (self._woken, self._waker):
            os.close(held)
        for connection in (self._control, *(kernel.status for kernel in self._kernels.values())):
            connection.close()

    def _signal(self, kernel: Kernel) -> None:
        """Send the signal that is asked for. A kernel that nobody holds on to any more is ended."""
        try:
            number = int(kernel.status.recv(LONGEST_MESSAGE) or signal.SIGKILL)
        except (OSError, ValueError):
            number = signal.SIGKILL
        _to_group(kernel.pid, number)
        if number == signal.SIGKILL:
            self._selector.unregister(kernel.status)  # nothing more to be asked; its end is still said

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._woken, 4096):
                pass
        for pid, status in _ended():
            kernel = self._kernels.pop(pid)
            with contextlib.suppress(KeyError):
                self._selector.unregister(kernel.status)
            _say(kernel.status, exit=os.waitstatus_to_exitcode(status))
            kernel.status.close()

    def _end(self) -> None:
        """Take every kernel along: whoever ran them is gone."""
        for pid in self._kernels:
            _to_group(pid, signal.SIGKILL)


def _ended() -> Iterator[tuple[int, int]]:
    """Yield the children that have ended, with how."""
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found


def _to_group(pid: int, number: int) -> None:
    """Signal a kernel with all it started. Just forked, it has no group yet."""
    with contextlib.suppress(ProcessLookupError):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            os.kill(pid, number)


def _say(status: socket.socket, **said: Any) -> None:
    """Say what became of a kernel. Whoever asked may have hung up meanwhile; its kernel is ended by `_signal`."""
    with contextlib.suppress(OSError):
        status.send(json.dumps(said).encode(), socket.MSG_DONTWAIT)


def warm(modules: Sequence[str]) -> None:
    """Import what kernels need, as if in a kernel: some libraries decide then how they will show things in a notebook."""
    import builtins  # noqa: PLC0415  # only to stand in for a moment

    in_a_kernel = SimpleNamespace(kernel=SimpleNamespace(), config={"IPKernelApp": {}})
    builtins.get_ipython = lambda: in_a_kernel  # type: ignore[attr-defined]
    try:
        for module in (*OF_A_KERNEL, *modules):
            importlib.import_module(module)
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
    ctypes.CDLL(None)


def threads() -> int:
    """Return how many threads this process has, those of libraries included."""
    return len(list(Path("/proc/self/task").iterdir()))


def main(descriptor: int, modules: Sequence[str]) -> None:
    """Warm up, say so, and fork kernels until whoever started this process is gone."""
    control = socket.socket(fileno=descriptor)
    gc.disable()  # until all is imported: a collection would only move through what stays
    warm(modules)
    if (count := threads()) != 1:
        _say(control, problem=f"{count} threads")
        return
    server = Server(control)
    gc.collect()
    gc.freeze()  # a collection in a kernel leaves these pages alone, so that they stay shared
    _say(control, ready=os.getpid())
    if birth := server.serve():
        end_with(lambda: live(birth))
