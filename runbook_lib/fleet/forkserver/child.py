"""What a process does that was just forked: lets go of its parent's things, takes over its own, and becomes a kernel."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

PR_SET_PDEATHSIG = 1
FAILED = 1


class Birth(NamedTuple):
    """What a forked process is given: descriptors of its request and of its standard output and error, where to say that it is
    ready, the number of its parent, and what lets go of the parent's things.
    """

    request: int
    status: socket.socket
    streams: tuple[int, ...]
    parent: int
    let_go: Callable[[], None]


def live(birth: Birth) -> int:
    """Become the kernel that was asked for, and return its exit code once it ended."""
    os.setsid()  # a group of its own: Ctrl+C at the terminal is for who runs it, and a signal to it is for it alone
    _die_with(birth.parent)
    birth.let_go()
    _take_over_signals()
    _take_over_streams(birth.streams)
    with os.fdopen(birth.request, "rb") as stream:
        request: dict[str, Any] = json.load(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    _reseed()
    gc.enable()
    return _kernel(request["arguments"], birth.status)


def end_with(life: Callable[[], int]) -> NoReturn:
    """Live, and end this process without going back to what the parent was doing when it forked."""
    try:
        code = life()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else FAILED if error.code else 0
    except BaseException:  # noqa: BLE001  # as the interpreter does with what nobody caught
        traceback.print_exc()
        code = FAILED
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # what the interpreter does first when it ends
        atexit._run_exitfuncs()  # noqa: SLF001  # what it does next; without both, a kernel's own clean-up would not happen
    finally:
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()  # type: ignore[union-attr]
        os._exit(code)


def _die_with(parent: int) -> None:
    """Have the system end this process when its parent ends, however that ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(FAILED)  # it ended before we said so


def _take_over_signals() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _take_over_streams(streams: tuple[int, ...]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, standard in zip((nothing, *streams), (0, 1, 2), strict=True):
        os.dup2(descriptor, standard)
        os.close(descriptor)


def _reseed() -> None:
    """Let no two kernels draw the same numbers. Python's own generator sees to that itself; the others are random to begin with."""
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _kernel(arguments: list[str], status: socket.socket) -> int:
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  # imported long before; the runner's side must not need it

    # As `python -m ipykernel_launcher` would have it.
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *arguments]
    sys.modules["__main__"] = ModuleType("__main__")
    # 1: nobody's number, so no thread watches the parent; the system does.
    app = IPKernelApp.instance(parent_handle=1)
    app.initialize(arguments)  # type: ignore[no-untyped-call]
    with contextlib.suppress(OSError):
        status.send(json.dumps({"listening": True}).encode())
    status.close()
    app.start()  # type: ignore[no-untyped-call]
    _end_control(app)
    return 0


def _end_control(app: Any) -> None:
    """End the thread that was asked to end the kernel while the one that sends outputs still runs.

    ipykernel ends them the other way round, and the former then waits for the latter, up to ten seconds, whenever it was not yet done.
    """
    if app.control_thread:
        app.control_thread.stop()
        app.control_thread.join()
