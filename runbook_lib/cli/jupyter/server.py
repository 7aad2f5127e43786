"""Starts JupyterLab as a child process, says where it is, and ends it with its kernels."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from runbook_lib.cli.jupyter import settings
from runbook_lib.cli.jupyter.copies import cannot_write
from runbook_lib.errors import CannotConnect, UsageProblem
from runbook_lib.texts import Language

CHILD = "runbook_lib.cli.jupyter.child"
START_SECONDS = 90
# Kernels get a moment to end by themselves; what they hold, such as a remote shell, is better closed by them.
STOP_SECONDS = 20
LAST_PORT = 65535


@dataclass(frozen=True)
class Options:
    """What is served. `state` is the folder in which settings of the operator's choice and the log stay; 0 is any free port."""

    root: Path
    first: str
    state: Path
    language: Language
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


class JupyterServer:
    """A context manager: JupyterLab starts when it is entered, and is there after `ready`.

    `url` holds the token; `page` is a private file that leads there.

    Raises `UsageProblem` on entering: JupyterLab is not installed, the port is taken, or a folder cannot be written.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.url = ""
        self._private = Path()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The file that the server's warnings go to."""
        return self.options.state / "jupyterlab.log"

    @property
    def page(self) -> Path:
        """A private file that takes a browser to the server: the address itself would stand in the list of processes."""
        return next((self._private / "runtime").glob("jpserver-*-open.html"))

    def __enter__(self) -> Self:
        if importlib.util.find_spec("jupyterlab") is None:
            raise UsageProblem("jupyterlab-missing")
        _refuse_taken(self.options.port)
        # A short name: the sockets of the kernels lie in there, and a socket's name may not be long.
        self._private = Path(tempfile.mkdtemp(prefix="rk-"))
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def ready(self) -> None:
        """Wait for the file in which the server describes itself, and for its first answer. Raises `CannotConnect`."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self._has_ended(within=0.05):
            for file in (self._private / "runtime").glob("jpserver-*.json"):
                try:
                    described = json.loads(file.read_bytes())
                except ValueError:  # it is being written
                    continue
                if _answers(described):
                    self.url = f"{described['url']}lab/tree/{self.options.first}?token={described['token']}"
                    return
        raise CannotConnect("notebook-server-failed", target="JupyterLab", log=str(self.log), detail=self._last_words())

    def wait(self) -> None:
        """Wait until it is shut down from the browser. In short waits: on Windows, Ctrl+C does not end a long one."""
        while not self._has_ended(within=1):
            pass

    def _start(self) -> None:
        options = self.options
        token = secrets.token_urlsafe(32)
        config = settings.server_config(
            self._private,
            options.root,
            options.state / "settings",
            token=token,
            port=options.port,
            first=options.first,
        )
        settings.write_app_settings(self._private, options.language)
        try:
            options.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.log.open("wb") as log:
                self._child = self._process(log)
        except OSError as error:
            raise cannot_write(options.state, error) from error
        assert self._child.stdin is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(BrokenPipeError):  # it has ended already, and waiting for it says so
            self._child.stdin.write(json.dumps({"config": config, "private": str(self._private)}).encode() + b"\n")
            self._child.stdin.flush()

    def _process(self, log: Any) -> subprocess.Popen[bytes]:
        """Start the process, out of reach of a Ctrl+C in our terminal: it is we who end it."""
        command = [sys.executable, "-m", CHILD]
        environment = settings.server_environment(self._private, self.options.environment)
        streams = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log}
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(command, env=environment, creationflags=flags, **streams)  # noqa: S603 - our own module
        return subprocess.Popen(command, env=environment, start_new_session=True, **streams)  # noqa: S603 - our own module

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "–")

    def _has_ended(self, within: float) -> bool:
        """Tell whether the child has ended, or does within some seconds."""
        if self._child is None:
            return True
        try:
            self._child.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _end(self) -> None:
        """Ask the child to end by closing its standard input. One that is not up yet has no kernels, and is ended by force."""
        if self._child is not None:
            if self._child.stdin is not None:
                self._child.stdin.close()
            if not self._has_ended(STOP_SECONDS if self.url else 0):
                self._child.kill()
                self._child.wait()
        shutil.rmtree(self._private, ignore_errors=True)


def _refuse_taken(port: int) -> None:
    if not 0 <= port <= LAST_PORT:
        raise UsageProblem("notebook-port-wrong", port=port)
    with socket.socket() as probe:
        if os.name == "posix":  # a port just left is free; on Windows this would find every port free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.ADDRESS, port))
        except OSError as error:
            raise UsageProblem("notebook-port-taken", port=port) from error


def _answers(described: Mapping[str, Any]) -> bool:
    """Tell whether the server lets us in."""
    connection = http.client.HTTPConnection(settings.ADDRESS, described["port"], timeout=START_SECONDS)
    try:
        connection.request("GET", "/api/status", headers={"Authorization": f"token {described['token']}"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
