"""Where a scheduler is, as an operator names it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Self

from runbook_lib.errors import ParameterError

_SHAPE = re.compile(
    r"(?P<kind>tcp|tls)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):(?P<port>[0-9]{1,5})/?", re.ASCII
)
_LAST_PORT = 65535


@dataclass(frozen=True)
class Address:
    """Where a scheduler listens, and whether what is said to it is encrypted (`tls`) or not (`tcp`)."""

    kind: str
    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `tcp://HOST:PORT` or `tls://HOST:PORT`. Raises `ParameterError`."""
        found = _SHAPE.fullmatch(text.strip())
        if not found or not 0 < int(found["port"]) <= _LAST_PORT:
            raise ParameterError("scheduler-wrong", given=text)
        return cls(found["kind"], found["host"], int(found["port"]))

    @property
    def is_readable(self) -> bool:
        """Tell whether others on the network can read, and change, what goes to the scheduler."""
        return self.kind == "tcp" and not self._is_this_machine

    @property
    def _is_this_machine(self) -> bool:
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        """Say it as it was given."""
        return f"{self.kind}://{self.host}:{self.port}"
