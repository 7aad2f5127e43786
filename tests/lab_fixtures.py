"""A stand-in for a WinRM client: runs the shipped scripts as one process of the lab, without any network."""

import base64
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.adapters.scripts import PROGRAM, bootstrap_arguments, load_script

SENTINEL = "0a1b2c3d"


@dataclass(eq=False)
class RecordedProcess:
    """One command line with its input, and what it wrote."""

    command_line: str
    stdin: bytes
    user: str
    encoding: str = "utf-8"
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    cancelled: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    def read_stdin(self) -> bytes:
        return self.stdin

    def write_stdout(self, data: bytes) -> None:
        self.stdout += data

    def write_stderr(self, data: bytes) -> None:
        self.stderr += data


def process(items: Iterable[tuple[str, dict[str, Any]]], user: str) -> RecordedProcess:
    """The process that the kit starts for several scripts."""
    request = {
        "sentinel": SENTINEL,
        "items": [{"name": name, "script": load_script(name), "arguments": arguments} for name, arguments in items],
    }
    line = " ".join([PROGRAM, *bootstrap_arguments()])
    return RecordedProcess(line, base64.b64encode(json.dumps(request).encode()), user)


def replies(recorded: RecordedProcess) -> dict[str, dict[str, Any]]:
    """What the scripts answered, by name. Fails on a line that is no answer."""
    found = {}
    for line in recorded.stdout.decode().splitlines():
        mark, _, encoded = line.partition(" ")
        assert mark == SENTINEL, line
        reply = json.loads(base64.b64decode(encoded))
        found[reply["name"]] = reply
    return found


def run(runner: Callable[[Any], int], user: str, *items: tuple[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Run scripts and return their answers; a gap of the interpreter fails the test."""
    recorded = process(items, user)
    code = runner(recorded)
    assert b"LabUnsupported" not in recorded.stderr, recorded.stderr.decode()
    assert code == 0, recorded.stderr.decode()
    return replies(recorded)
