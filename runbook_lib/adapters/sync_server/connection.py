"""How to reach one sync server, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from runbook_lib.errors import ParameterError, UsageProblem

TransportName = Literal["basic", "certificate", "ntlm", "kerberos", "credssp"]
TRANSPORTS: tuple[TransportName, ...] = get_args(TransportName)

PATH = "/wsman"

# These show the server a password, or a certificate in place of one, so only TLS will do. NTLM and Kerberos seal messages themselves.
_NEED_TLS = frozenset({"basic", "certificate", "credssp"})
_NEED_PASSWORD = frozenset({"basic", "ntlm", "credssp"})


@dataclass(frozen=True)
class Connection:
    r"""Where the server is, and as whom we sign in. Its text form never shows the password.

    Attributes:
        endpoint: The full URL, `https://host:5986/wsman`. pywinrm guesses ports and paths, wrongly, so nothing is left out.
        username: `DOMAIN\name` or `name@domain`. For Kerberos `name@REALM`, to choose among tickets, or empty: the ticket decides.
        ca_file: Certification authorities to trust, PEM. None: those that the operating system trusts.
        kerberos_hostname: Host name of the service ticket, when the endpoint names an alias or an address.
        kerberos_delegation: Hand our ticket over, so that the server can ask a domain controller in our name.
        deadline_seconds: How long one call may take altogether.
        operation_timeout_seconds: How long the server may hold back one answer. At least 1.
        use_environment_proxy: Go through the proxy of the environment variables; otherwise none is used.
    """

    endpoint: str
    transport: TransportName
    username: str = ""
    password: SecretStr = field(default_factory=lambda: SecretStr(""))
    certificate_file: Path | None = None
    key_file: Path | None = None
    ca_file: Path | None = None
    kerberos_hostname: str = ""
    kerberos_delegation: bool = False
    deadline_seconds: float = 120
    operation_timeout_seconds: int = 20
    use_environment_proxy: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not work, or not safely. Raises `ParameterError`."""
        if not _is_full(self.endpoint):
            raise ParameterError("winrm-endpoint-wrong")
        if self.transport not in TRANSPORTS:
            raise ParameterError("winrm-transport-unknown", transport=self.transport, known=TRANSPORTS)
        if self.transport in _NEED_TLS and not self.uses_tls:
            raise ParameterError("winrm-transport-needs-tls", transport=self.transport)
        if missing := self._missing():
            raise ParameterError("winrm-transport-incomplete", transport=self.transport, missing=missing)
        if self.deadline_seconds <= 0 or self.operation_timeout_seconds < 1:
            raise ParameterError("winrm-timeouts-wrong")
        for file in (self.certificate_file, self.key_file, self.ca_file):
            if file is not None and not file.is_file():
                raise ParameterError("winrm-file-missing", file=str(file))

    def _missing(self) -> tuple[str, ...]:
        wanted: dict[str, object] = {}
        if self.transport in _NEED_PASSWORD:
            wanted = {"username": self.username, "password": self.password.get_secret_value()}
        elif self.transport == "certificate":
            wanted = {"certificate_file": self.certificate_file, "key_file": self.key_file}
        return tuple(name for name, value in wanted.items() if not value)

    @property
    def uses_tls(self) -> bool:
        """Tell whether the connection itself is encrypted."""
        return self.endpoint.lower().startswith("https:")

    @property
    def service(self) -> str:
        """Return the service principal that Kerberos asks a ticket for."""
        return f"HTTP/{self.kerberos_hostname or urlsplit(self.endpoint).hostname}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown."""
        return tuple(filter(None, (self.password.get_secret_value(),)))


def require_extra(transport: str, available: Mapping[str, bool]) -> None:
    """Refuse a transport whose optional packages are not installed: pywinrm would say so at the first exchange only.

    `available` says which of the optional transports are there. Raises `UsageProblem`, which names what to install.
    """
    if not available.get(transport, True):
        raise UsageProblem("winrm-extra-missing", transport=transport, package=f"runbook-kit[{transport}]")


def _is_full(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        has_port = parts.port is not None and parts.port > 0
    except ValueError:
        return False
    printable = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    return printable and has_port and bool(parts.hostname) and _is_plain(parts)


def _is_plain(parts: SplitResult) -> bool:
    """Tell whether there is nothing in the URL but scheme, host, port and the one path."""
    extras = (parts.username, parts.password, parts.query, parts.fragment)
    return parts.scheme in {"http", "https"} and parts.path == PATH and not any(extras)
