"""Who may sign in to the simulated computer, by password or by certificate."""

from __future__ import annotations

import hmac
import os
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_NTLM_USER_FILE = "NTLM_USER_FILE"
_ntlm_lock = threading.Lock()


@dataclass(frozen=True)
class Account:
    """One account of the lab.

    ``upn`` is its ``name@suffix`` form, if it has one. ``certificate`` is the DER of the client certificate mapped to it. Basic
    and certificate sign-in work for local accounts only, as on Windows; set ``is_local`` to False for a domain account.
    """

    name: str
    password: str = field(repr=False)
    domain: str = "LAB"
    upn: str = ""
    certificate: bytes = field(default=b"", repr=False)
    is_local: bool = True

    def __post_init__(self) -> None:
        """Refuse what pyspnego's credential file cannot hold."""
        if any(
            character in part for part in (self.name, self.password, self.domain, self.upn) for character in ":\r\n"
        ):
            raise ValueError("a lab account's name, domain and password may hold no colon and no line break")

    @property
    def full_name(self) -> str:
        r"""``DOMAIN\name``: how the service names the account however it signed in."""
        return f"{self.domain}\\{self.name}"

    def answers_to(self, login: str) -> bool:
        r"""Tell whether ``login`` names this account: ``name``, ``DOMAIN\name``, ``COMPUTER\name`` or the UPN."""
        domain, _, name = login.rpartition("\\")
        domains = {"", ".", self.domain.casefold(), socket.gethostname().casefold()}
        by_name = name.casefold() == self.name.casefold() and domain.casefold() in domains
        return by_name or (bool(self.upn) and login.casefold() == self.upn.casefold())


class Accounts:
    """The accounts of one simulated computer. Immutable once made, so safe to share."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = tuple(accounts)

    def named(self, login: str) -> Account | None:
        """Return the account a login name stands for, or None."""
        return next((account for account in self._accounts if account.answers_to(login)), None)

    def with_password(self, login: str, password: str) -> Account | None:
        """Return the local account of this name and password, or None."""
        account = self.named(login)
        if account is None or not account.is_local:
            return None
        return account if hmac.compare_digest(account.password.encode(), password.encode()) else None

    def with_certificate(self, certificate: bytes | None) -> Account | None:
        """Return the local account the certificate (DER) is mapped to, or None."""
        mapped = (account for account in self._accounts if account.is_local and account.certificate)
        return next((account for account in mapped if account.certificate == certificate), None)

    @contextmanager
    def visible_to_ntlm(self) -> Iterator[None]:
        """Let pyspnego's NTLM acceptor see these accounts, and only these, for the duration.

        The acceptor has no parameter for accounts: it reads the file named by the environment variable NTLM_USER_FILE, which
        belongs to the whole process. So one thread at a time has it set, for the few milliseconds of one step; several labs in one
        process then never see each other's accounts. A client that signs in with an explicit password does not read it.
        """
        with _ntlm_lock, tempfile.TemporaryDirectory(prefix="lab-ntlm-") as directory:
            file = Path(directory, "accounts")
            file.write_text("\n".join(self._ntlm_lines()), encoding="utf-8")
            before = os.environ.get(_NTLM_USER_FILE)
            os.environ[_NTLM_USER_FILE] = str(file)
            try:
                yield
            finally:
                if before is None:
                    del os.environ[_NTLM_USER_FILE]
                else:
                    os.environ[_NTLM_USER_FILE] = before

    def _ntlm_lines(self) -> Iterator[str]:
        # The domain must be the one the client puts in its answer: its own, none, or (Go's client) the acceptor's computer name.
        for account in self._accounts:
            for domain in (account.domain, "", ".", socket.gethostname().upper()):
                yield f"{domain}:{account.name}:{account.password}"
            if account.upn:
                yield f":{account.upn}:{account.password}"
