"""The WS-Management service: turns one parsed request of one signed-in user into one answer. It knows nothing of HTTP."""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from xml.etree import ElementTree as ET

from runbook_lib.lab.wsman import answers, envelope, faults
from runbook_lib.lab.wsman.answers import RESOURCE_URI
from runbook_lib.lab.wsman.disturbance import Disturbance, Exchange, Undisturbed, Verdict
from runbook_lib.lab.wsman.envelope import NAMESPACES, SHELL, TRANSFER, Node, Request
from runbook_lib.lab.wsman.faults import WsmanFault
from runbook_lib.lab.wsman.process import Executor
from runbook_lib.lab.wsman.shell import ENCODINGS, Command, Shell, ShellSettings

SMALLEST_ENVELOPE = 8192  # bytes; DSP0226: no client may ask for less
# Room left for everything in a ReceiveResponse but the base64: about 1,500 bytes plus the client's message id.
RECEIVE_OVERHEAD = 4096

_ACTIONS = {
    f"{TRANSFER}/Create": "Create",
    f"{TRANSFER}/Delete": "Delete",
    f"{SHELL}/Command": "Command",
    f"{SHELL}/Send": "Send",
    f"{SHELL}/Receive": "Receive",
    f"{SHELL}/Signal": "Signal",
}
# Where each action names the command it is about.
_COMMAND_PATHS = {"Send": "rsp:Send/rsp:Stream", "Receive": "rsp:Receive/rsp:DesiredStream", "Signal": "rsp:Signal"}


@dataclass(frozen=True)
class Limits:
    """Quotas, at the values of a fresh Windows Server. Sizes in bytes, times in seconds."""

    shells_per_user: int = 30
    max_envelope_size: int = 500 * 1024
    idle_timeout: float = 7200.0
    max_shell_run_time: float = 2147483.647
    max_operation_timeout: float = 60.0


@dataclass(frozen=True)
class Answer:
    """What the endpoint sends: an HTTP status and an envelope, unless the verdict is not PROCEED."""

    status: int = 200
    body: bytes = b""
    verdict: Verdict = Verdict.PROCEED


class Service:
    """The shells of one simulated computer, shared by all its listeners.

    ``executor`` runs the commands; ``code_page`` is that of shells whose client names none (850 on a French Windows);
    ``machine`` is the name faults carry; ``clock`` gives monotonic seconds. Thread-safe. ``close`` cancels everything.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        limits: Limits | None = None,
        disturbance: Disturbance | None = None,
        code_page: int = 437,
        machine: str = "LAB-SYNC01",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._executor = executor
        self._limits = limits or Limits()
        self._disturbance = disturbance or Undisturbed()
        self._code_page = code_page
        self._machine = machine
        self._clock = clock
        self._lock = threading.Lock()
        self._shells: dict[str, Shell] = {}
        self._exchanges: list[Exchange] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._on_commands = {"Command": self._start, "Send": _send, "Receive": self._receive, "Signal": self._signal}

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every request so far, in order of arrival."""
        with self._lock:
            return tuple(self._exchanges)

    @property
    def open_shells(self) -> int:
        """How many shells exist now."""
        with self._lock:
            return len(self._shells)

    def close(self) -> None:
        """Close every shell and cancel every command."""
        with self._lock:
            shells, self._shells = list(self._shells.values()), {}
            for shell in shells:
                shell.close()

    def answer(self, message: bytes, user: str, *, is_delegated: bool = False) -> Answer:
        """Answer one request. ``user`` is empty for a client that has not signed in: it may only identify the service.

        ``is_delegated``: a shell that is opened now can act in the user's name towards other computers.
        """
        request = None
        try:
            if len(message) > self._limits.max_envelope_size:
                raise faults.envelope_too_large()
            request = envelope.parse_request(message)
            return self._exchange(request, user, is_delegated=is_delegated)
        except WsmanFault as problem:
            relates_to = request.message_id if request else ""
            return Answer(500, envelope.fault(problem, relates_to, self._machine))

    def _exchange(self, request: Request, user: str, *, is_delegated: bool) -> Answer:
        if request.body.find("wsmid:Identify", NAMESPACES) is not None:
            self._record("Identify", request, user)
            return Answer(200, envelope.response("", request.message_id, [answers.identity()]))
        if not user:
            raise faults.access_denied()
        action = _ACTIONS.get(request.action)
        if action is None:
            raise faults.action_not_supported()
        exchange = self._record(action, request, user)
        self._check(request)
        if action == "Create":
            create = partial(self._create, request, user, is_delegated=is_delegated)
            return self._disturbed(exchange, None, request, create)
        if action == "Delete":
            return self._disturbed(exchange, None, request, partial(self._delete, request, user))
        command = self._command(action, request, user)
        return self._disturbed(exchange, command, request, partial(self._on_commands[action], request, command))

    def _disturbed(
        self, exchange: Exchange, command: Command | None, request: Request, carry_out: Callable[[], list[Node]]
    ) -> Answer:
        verdict = self._disturbance.before(exchange, command)
        if verdict is Verdict.EXPIRE:
            self._forget(request.shell_id)
            raise faults.unknown_shell(request.shell_id)
        if verdict is not Verdict.PROCEED:
            return Answer(verdict=verdict)
        body = envelope.response(f"{request.action}Response", request.message_id, carry_out())
        return Answer(200, body, self._disturbance.after(exchange, command))

    def _record(self, action: str, request: Request, user: str) -> Exchange:
        path = _COMMAND_PATHS.get(action)
        named = request.body.find(path, NAMESPACES) if path else None
        command_id = named.get("CommandId", "").upper() if named is not None else ""
        with self._lock:
            self._counts[action, command_id] += 1
            exchange = Exchange(action, user, request.shell_id, command_id, self._counts[action, command_id])
            self._exchanges.append(exchange)
        return exchange

    def _check(self, request: Request) -> None:
        if request.resource_uri != RESOURCE_URI:
            raise faults.unknown_resource_uri()
        if request.max_envelope_size < SMALLEST_ENVELOPE:
            raise faults.envelope_too_small()

    def _command(self, action: str, request: Request, user: str) -> Command:
        """Return the command the request is about: a new one, not yet started, or one of the shell's."""
        if action == "Command":
            with self._lock:
                settings = self._find_shell(request, user).settings
            return _new_command(settings, request)
        command_id = request.element(_COMMAND_PATHS[action]).get("CommandId", "").upper()
        with self._lock:
            command = self._find_shell(request, user).commands.get(command_id)
        if command is None:
            raise faults.unknown_command()
        return command

    def _find_shell(self, request: Request, user: str) -> Shell:
        self._reclaim()
        shell = self._shells.get(request.shell_id)
        if shell is None:
            raise faults.unknown_shell(request.shell_id)
        if shell.settings.user != user:
            raise faults.access_denied()
        shell.last_used = self._clock()
        return shell

    def _create(self, request: Request, user: str, *, is_delegated: bool) -> list[Node]:
        shell = Shell(replace(self._settings(request, user), is_delegated=is_delegated), self._clock())
        with self._lock:
            self._reclaim()
            owned = sum(other.settings.user == user for other in self._shells.values())
            if owned >= self._limits.shells_per_user:
                raise faults.too_many_shells(self._limits.shells_per_user)
            self._shells[shell.shell_id] = shell
        return [answers.resource_created(shell), answers.description(shell)]

    def _reclaim(self) -> None:
        """Close the shells whose time is over: idle too long, or open too long whatever runs in them."""
        now, longest = self._clock(), self._limits.max_shell_run_time
        for shell in [each for each in self._shells.values() if each.is_idle(now) or now - each.opened > longest]:
            shell.close()
            del self._shells[shell.shell_id]

    def _forget(self, shell_id: str) -> None:
        with self._lock:
            if shell := self._shells.pop(shell_id, None):
                shell.close()

    def _settings(self, request: Request, user: str) -> ShellSettings:
        wanted = request.element("rsp:Shell")
        code_page = request.options.get("WINRS_CODEPAGE", str(self._code_page))
        if not code_page.isascii() or not code_page.isdigit() or int(code_page) not in ENCODINGS:
            raise faults.invalid_option("WINRS_CODEPAGE")
        variables = wanted.findall("rsp:Environment/rsp:Variable", NAMESPACES)
        return ShellSettings(
            user,
            int(code_page),
            envelope.seconds(wanted.findtext("rsp:IdleTimeOut", "", NAMESPACES), self._limits.idle_timeout),
            {variable.get("Name", ""): variable.text or "" for variable in variables},
            wanted.findtext("rsp:WorkingDirectory", "", NAMESPACES),
        )

    def _delete(self, request: Request, user: str) -> list[Node]:
        with self._lock:
            shell = self._find_shell(request, user)
            del self._shells[shell.shell_id]
            shell.close()
        return []

    def _start(self, request: Request, command: Command) -> list[Node]:
        with self._lock:  # found again: the shell may have gone while a disturbance waited
            self._find_shell(request, command.user).commands[command.command_id] = command
        command.start(self._executor)
        return [Node("rsp:CommandResponse", children=(Node("rsp:CommandId", command.command_id),))]

    def _receive(self, request: Request, command: Command) -> list[Node]:
        largest = min(request.max_envelope_size, self._limits.max_envelope_size)
        timeout = min(request.operation_timeout, self._limits.max_operation_timeout)
        output = command.receive(request.message_id, largest - RECEIVE_OVERHEAD, timeout)
        return [answers.received(command.command_id, output)]

    def _signal(self, request: Request, command: Command) -> list[Node]:
        code = (request.element("rsp:Signal").findtext("rsp:Code", "", NAMESPACES)).strip().rpartition("/")[2].lower()
        if code == "terminate":
            with self._lock:
                self._find_shell(request, command.user).commands.pop(command.command_id, None)
            command.close()
        elif code in {"ctrl_c", "ctrl_break"}:
            command.cancel()
        else:
            raise faults.malformed_request()
        return [Node("rsp:SignalResponse")]


def _new_command(settings: ShellSettings, request: Request) -> Command:
    line = request.element("rsp:CommandLine")
    return Command(
        settings,
        line.findtext("rsp:Command", "", NAMESPACES),
        [argument.text or "" for argument in line.findall("rsp:Arguments", NAMESPACES)],
        command_id=line.get("CommandId", "").upper(),
        skip_cmd_shell=request.flag("WINRS_SKIP_CMD_SHELL", default=False),
        console_mode_stdin=request.flag("WINRS_CONSOLEMODE_STDIN", default=True),
    )


def _send(request: Request, command: Command) -> list[Node]:
    for stream in request.element("rsp:Send").findall("rsp:Stream", NAMESPACES):
        command.feed(_decoded(stream), end=stream.get("End", "").lower() in {"true", "1"})
    return [Node("rsp:SendResponse")]


def _decoded(stream: ET.Element) -> bytes:
    try:
        return base64.b64decode((stream.text or "").strip(), validate=True)
    except binascii.Error as error:
        raise faults.malformed_request() from error
