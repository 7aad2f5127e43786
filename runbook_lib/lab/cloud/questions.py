"""A request to Graph that passed the checks of its token, and how Graph says no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runbook_lib.lab.cloud.state import Account, Application, Cloud, CloudTenant


class GraphRefusal(Exception):
    """An error of Graph: status, code and message, and headers such as Retry-After."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})
        super().__init__(f"{status} {code}")


@dataclass(frozen=True)
class Question:
    """A request that passed the checks of its token."""

    tenant: CloudTenant
    caller: Account | Application
    permissions: frozenset[str]
    path: Mapping[str, str]
    cloud: Cloud

    @property
    def is_delegated(self) -> bool:
        """Return whether a user is signed in."""
        return isinstance(self.caller, Account)
