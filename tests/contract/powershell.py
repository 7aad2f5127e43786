"""What stands behind a simulated endpoint in transport tests: powershell.exe in Python, and trouble on the way to it."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.lab.wsman import Process, Service, Undisturbed, Verdict, WsmanFault
from runbook_lib.model import Change
from runbook_lib.ports import Request

PASSWORD = "Passw0rd!Lab"
CHANGE = Change(
    "sync-server", "set_password_writeback", "Password writeback", False, True, {"connector": "c", "enabled": True}
)
HOST = [Request("host")]


def answer_with_arguments(item: dict) -> object:
    return {"name": item["name"], "ok": True, "value": item["arguments"]}


class Stopped:
    """A clock at which it is always the same time."""

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for nothing."""


@dataclass
class Remote:
    """powershell.exe in Python: takes the bootstrap's part, and answers each script through `answer`.

    `speak` replaces all of that for tests of what the bootstrap never does.
    """

    answer: Callable[[dict], object] = answer_with_arguments
    speak: Callable[[Process], int] | None = None
    ran: list[dict] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)

    def __call__(self, process: Process) -> int:
        self.processes.append(process)
        if self.speak:
            return self.speak(process)
        request = json.loads(base64.b64decode(process.read_stdin(), validate=False))
        for item in request["items"]:
            self.ran.append(item)
            text = json.dumps(self.answer(item)).encode()
            process.write_stdout(request["sentinel"].encode() + b" " + base64.b64encode(text) + b"\r\n")
        return 0


class Trouble(Undisturbed):
    """Meets one action with a verdict, a fault or a wait, before or after it is carried out; `times` 0 is for ever."""

    def __init__(self) -> None:
        self.at: dict[tuple[str, str], tuple[object, int]] = {}

    def meet(self, when: str, action: str, what: object, times: int = 1) -> None:
        self.at[when, action] = (what, times or 10_000)

    def before(self, exchange, process):
        return self._judge("before", exchange, process)

    def after(self, exchange, process):
        return self._judge("after", exchange, process)

    def _judge(self, when, exchange, process):
        what, times = self.at.get((when, exchange.action), (Verdict.PROCEED, 0))
        if times <= 0:
            return Verdict.PROCEED
        self.at[when, exchange.action] = (what, times - 1)
        if isinstance(what, WsmanFault):
            raise what
        if callable(what):
            return what(process)
        return what


@dataclass
class Place:
    """One simulated computer, and how to reach it."""

    remote: Remote
    trouble: Trouble
    service: Service
    https: str
    http: str
    ca: Path
    client_certificate: Path
    client_key: Path

    def connection(self, transport: str = "basic", **values: object) -> Connection:
        endpoint = self.http if values.pop("plain", False) else self.https
        chosen = {
            "username": "svc",
            "password": SecretStr(PASSWORD),
            "ca_file": self.ca,
            "deadline_seconds": 10,
            **values,
        }
        return Connection(endpoint, transport, **chosen)

    def server(self, **values: object) -> SyncServer:
        return SyncServer(self.connection(**values), clock=Stopped())

    @property
    def actions(self) -> list[str]:
        return [exchange.action for exchange in self.service.exchanges]
