"""The side of whoever runs notebooks: a warm process that is kept up to date, and a handle on each kernel it forks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PACKAGE = Path(__file__).resolve().parents[2]

# What a kernel of the kit imports: these bring the rest.
OF_THE_KIT = ("runbook_lib.notebook", "runbook_lib.notebook.ahead", "runbook_lib.wiring.assembly")

# Libraries for arithmetic start threads when they are imported, and a process with threads must not fork.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

# The debugger that ipykernel imports remarks on Python's own start, to whoever started us.
NO_REMARKS = "PYDEVD_DISABLE_FILE_VALIDATION"

START_SECONDS = 60.0
END_SECONDS = 2.0
LONGEST_MESSAGE = 4096
# How often it is worth looking whether code has changed on the disk.
LOOK_SECONDS = 2.0


class CannotFork(Exception):
    """No kernel can be forked; `str` says why in the words of the system. An ordinary kernel may do."""


def is_offered() -> bool:
    """Tell whether kernels can be forked on this machine."""
    return sys.platform == "linux"


class ForkedKernel:
    """A handle on one forked kernel, as jupyter_client wants a process: `poll`, `wait` and signals, in any thread."""

    stdin = stdout = stderr = None

    def __init__(self, status: socket.socket) -> None:
        """Wait for the number of the kernel. Raises `CannotFork` when there is none."""
        self._status = status
        self.returncode: int | None = None
        self.pid = 0
        self.is_listening = False
        self._take(wait=START_SECONDS)
        if not self.pid:
            raise CannotFork("no process")

    def fileno(self) -> int:
        """Return the descriptor that can be read when there is news of the kernel."""
        return self._status.fileno()

    def poll(self) -> int | None:
        """Return the exit code; None while the kernel runs."""
        while self.returncode is None and self._take(wait=0):
            pass
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code once the kernel has ended; None when it has not within so many seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not self._take(wait=left):
                break
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Have a signal sent to the kernel and all it started, if it has not ended."""
        if self.poll() is None:
            with contextlib.suppress(OSError):
                self._status.send(str(int(number)).encode())

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    async def ready(self, seconds: float) -> None:
        """Return once the kernel listens, or has ended. Raises `TimeoutError`."""
        await self._until(lambda: self.is_listening or self.returncode is not None, seconds)

    async def ended(self, seconds: float | None) -> None:
        """Return once the kernel has ended. Raises `TimeoutError`."""
        await self._until(lambda: self.returncode is not None, seconds)

    async def _until(self, reached: Any, seconds: float | None) -> None:
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        async with asyncio.timeout(seconds):
            while self.poll() is None and not reached():
                news.clear()
                loop.add_reader(self._status, news.set)
                try:
                    await news.wait()
                finally:
                    loop.remove_reader(self._status)

    def _take(self, *, wait: float | None) -> bool:
        """Take the next news of the kernel; False when there is none within so many seconds."""
        if not select.select([self._status], [], [], wait)[0]:
            return False
        try:
            said: dict[str, Any] = json.loads(self._status.recv(LONGEST_MESSAGE) or "{}")
        except OSError:
            said = {}
        self.pid = said.get("pid", self.pid)
        self.is_listening = self.is_listening or "listening" in said
        if "problem" in said:
            raise CannotFork(said["problem"])
        if "exit" in said or not said:
            # Without a word: the warm process was killed, and the system has ended its kernels.
            self.returncode = said.get("exit", -signal.SIGKILL)
            self._status.close()
        return True


class _Warmed:
    """One warm process."""

    def __init__(self, modules: Sequence[str], code: int) -> None:
        self.code = code
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # -P: the folder we happen to run in is no place to import from, and -m would put it first.
            command = [sys.executable, "-P", "-m", "runbook_lib.fleet.forkserver", str(theirs.fileno()), *modules]
            environment = {**os.environ, **ONE_THREAD, NO_REMARKS: "1"}
            environment.pop("JPY_PARENT_PID", None)
            self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                command,
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._wait_until_ready()

    def fork(self, request: Mapping[str, Any], streams: Sequence[int]) -> ForkedKernel:
        """Have a kernel forked. Raises `CannotFork` or `OSError`."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # In memory, not in a file: the environment of a kernel may hold secrets.
        written = os.memfd_create("kernel", os.MFD_CLOEXEC)
        try:
            with os.fdopen(os.dup(written), "wb") as stream:
                stream.write(json.dumps(request).encode())
            os.lseek(written, 0, os.SEEK_SET)
            socket.send_fds(self._control, [b"kernel"], [written, theirs.fileno(), *streams])
        except OSError:
            mine.close()
            raise
        finally:
            theirs.close()
            os.close(written)
        return ForkedKernel(mine)

    def close(self) -> None:
        """End the process with all its kernels. One that is still busy warming up does not look at its connection."""
        self._control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait_until_ready(self) -> None:
        self._control.settimeout(START_SECONDS)
        try:
            said = json.loads(self._control.recv(LONGEST_MESSAGE) or "{}")
        except OSError as error:
            said = {"problem": type(error).__name__}
        self._control.settimeout(None)
        if "ready" not in said:
            self.close()
            raise CannotFork(said.get("problem", f"exit {self.process.returncode}"))


class ForkServer:
    """Forks kernels, from any thread. Starts anew after code has changed, and after it was killed; ends with this process."""

    def __init__(self, modules: Sequence[str] = OF_THE_KIT, package: Path = PACKAGE) -> None:
        """Choose what is imported once for all kernels, and the folder whose files must not change meanwhile."""
        self._modules = modules
        self._package = package
        self._lock = threading.Lock()
        self._now: _Warmed | None = None
        self._earlier: list[_Warmed] = []  # their kernels may still run
        self._looked = 0.0

    def __enter__(self) -> Self:
        return self.started()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def started(self) -> Self:
        """Return this one once its warm process is there. Raises `CannotFork`."""
        if not is_offered():
            raise CannotFork(sys.platform)
        self.pid()
        return self

    def pid(self) -> int:
        """Return the number of the warm process, which is started if there is none. Raises `CannotFork`."""
        with self._lock:
            return self._warmed().process.pid

    def fork(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[int]
    ) -> ForkedKernel:
        """Have a kernel forked: with these arguments after the program's name, in this folder, writing to these descriptors.

        Raises `CannotFork`.
        """
        request = {"arguments": list(arguments), "environment": dict(environment), "folder": folder}
        with self._lock:
            for _attempt in range(2):
                try:
                    return self._warmed().fork(request, streams)
                except (OSError, CannotFork) as error:
                    problem = error
                    self._retire()
        raise CannotFork(str(problem))

    def close(self) -> None:
        """End every warm process with its kernels."""
        with self._lock:
            self._retire()
            while self._earlier:
                self._earlier.pop().close()

    def _retire(self) -> None:
        if self._now:
            self._earlier.append(self._now)
        self._now = None

    def _warmed(self) -> _Warmed:
        if self._now and (self._now.process.poll() is not None or self._is_stale(self._now)):
            self._retire()
        if not self._now:
            self._now = _Warmed(self._modules, fingerprint(self._package))
        return self._now

    def _is_stale(self, warmed: _Warmed) -> bool:
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return False
        self._looked = time.monotonic()
        return warmed.code != fingerprint(self._package)


_sharing = threading.Lock()
_shared: dict[tuple[str, ...], ForkServer] = {}


def shared(*packages: str) -> ForkServer:
    """Return the warm process that is shared in this one by all whose kernels need these packages beside the kit.

    It starts with the first kernel, and ends with this process.
    """
    with _sharing:
        if packages not in _shared:
            _shared[packages] = ForkServer((*OF_THE_KIT, *packages))
        return _shared[packages]


def is_shared(*packages: str) -> bool:
    """Tell whether somebody has asked for it already."""
    return packages in _shared


def fingerprint(package: Path) -> int:
    """Return a number that changes when code does: a file of the package, or what is installed."""
    return hash(tuple(_signs(package)))


def _signs(package: Path) -> Iterator[tuple[str, int, int]]:
    yield from _below(str(package))
    # What pip installs, upgrades or removes changes the folder it is in.
    for name in ("purelib", "platlib"):
        folder = sysconfig.get_path(name)
        with contextlib.suppress(OSError):
            yield _sign(folder, Path(folder).stat())


def _below(folder: str) -> Iterator[tuple[str, int, int]]:
    """Yield the files in a folder and below. A file or folder that disappears meanwhile is not there."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield _sign(entry.path, entry.stat())
            elif entry.name != "__pycache__":
                yield from _below(entry.path)


def _sign(path: str, seen: os.stat_result) -> tuple[str, int, int]:
    return (path, seen.st_mtime_ns, seen.st_size)
