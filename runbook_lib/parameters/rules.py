"""The rules between parameters: what one choice needs, and what it leaves without use.

They look at the values as they were given, not at the typed model, so that they also speak when another key is wrong: an
operator sees all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from runbook_lib.model import Json
from runbook_lib.parameters.document import Location
from runbook_lib.texts import Argument

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Breach:
    """A broken rule: where, and the message."""

    at: Location
    key: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


Rule = Callable[[Mapping[str, Json]], Iterator[Breach]]


@dataclass(frozen=True)
class Credentials:
    """Which keys a way of signing in needs, and which others it can use."""

    needed: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()


_TRANSPORTS = {
    "basic": Credentials(("username", "password")),
    "certificate": Credentials(("certificate_file", "key_file")),
    "ntlm": Credentials(("username", "password")),
    "credssp": Credentials(("username", "password")),
    # A ticket is there already, or comes from a keytab: no password is ever used.
    "kerberos": Credentials((), ("username", "kerberos_hostname", "kerberos_delegation")),
}
# These send what they know in clear, or rest on TLS altogether; the others encrypt the messages themselves.
_NEED_TLS = ("basic", "certificate", "credssp")

_METHODS = {
    "device-code": Credentials(("client_id",)),
    "interactive": Credentials(("client_id",)),
    "certificate": Credentials(("client_id", "certificate_file"), ("key_file", "key_password")),
    "secret": Credentials(("client_id", "secret")),
    "managed-identity": Credentials((), ("client_id",)),
}
_PEOPLE = ("device-code", "interactive")


def broken_rules(given: Mapping[str, Json]) -> Iterator[Breach]:
    """Yield every rule between parameters that the given values break."""
    for rule in (_credentials, _tls, _kerberos, _other_endpoints, _lab, _portal, _token_cache, _change_record):
        yield from rule(given)


def _section(given: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _text(given: Mapping[str, Json], section: str, name: str) -> str:
    """Return a text of a section as given; empty when it is not there, or no text."""
    found = _section(given, section).get(name)
    return found if isinstance(found, str) else ""


def _is_given(section: Mapping[str, Json], name: str) -> bool:
    return section.get(name) not in (None, "", False)


def _credentials(given: Mapping[str, Json]) -> Iterator[Breach]:
    for name, choice, ways in (("sync_server", "transport", _TRANSPORTS), ("sign_in", "method", _METHODS)):
        section, chosen = _section(given, name), _text(given, name, choice)
        if chosen not in ways:
            continue
        way = ways[chosen]
        told: dict[str, Argument] = {"choice": f"{choice}: {chosen}"}
        known = {key for each in ways.values() for key in (*each.needed, *each.usable)}
        for key in way.needed:
            if not _is_given(section, key):
                yield Breach((name, key), "parameter-needed-with", told)
        for key in sorted(known - {*way.needed, *way.usable}):
            if _is_given(section, key):
                yield Breach((name, key), "parameter-unused-with", told)


def _tls(given: Mapping[str, Json]) -> Iterator[Breach]:
    transport = _text(given, "sync_server", "transport")
    if transport in _NEED_TLS and _text(given, "sync_server", "endpoint").lower().startswith("http:"):
        yield Breach(("sync_server", "endpoint"), "parameter-needs-https", {"choice": f"transport: {transport}"})


def _kerberos(given: Mapping[str, Json]) -> Iterator[Breach]:
    user = _text(given, "sync_server", "username")
    if _text(given, "sync_server", "transport") == "kerberos" and user and "@" not in user:
        yield Breach(("sync_server", "username"), "parameter-not-a-principal")


def _endpoints(given: Mapping[str, Json]) -> Iterator[tuple[Location, str]]:
    """Yield every endpoint that is a text, and where it stands."""
    if first := _text(given, "sync_server", "endpoint"):
        yield ("sync_server", "endpoint"), first.lower()
    others = _section(given, "sync_server").get("other_endpoints")
    for index, other in enumerate(others if isinstance(others, list | tuple) else ()):
        if isinstance(other, str):
            yield ("sync_server", "other_endpoints", index), other.lower()


def _other_endpoints(given: Mapping[str, Json]) -> Iterator[Breach]:
    seen: set[str] = set()
    for at, endpoint in _endpoints(given):
        if endpoint in seen:
            yield Breach(at, "parameter-endpoint-twice")
        seen.add(endpoint)


def _lab(given: Mapping[str, Json]) -> Iterator[Breach]:
    """What belongs to the lab stays with the lab, and the lab's profile reaches nothing else."""
    if given.get("profile") == "lab":
        for at, endpoint in _endpoints(given):
            host = endpoint.partition("://")[2].rpartition(":")[0]
            if host and host not in LOOPBACK:
                yield Breach(at, "parameter-lab-is-here")
    elif given.get("profile") == "live":
        for section, key in (("sync_server", "password"), ("sign_in", "secret"), ("sign_in", "key_password")):
            if _text(given, section, key).startswith("lab:"):
                yield Breach((section, key), "secret-lab-in-live")


def _portal(given: Mapping[str, Json]) -> Iterator[Breach]:
    """The portal's own interface is known to answer a signed-in administrator; nothing is known for applications."""
    method = _text(given, "sign_in", "method")
    if _text(given, "sspr", "provider") == "portal-api" and method in _METHODS and method not in _PEOPLE:
        yield Breach(("sspr", "provider"), "parameter-portal-needs-a-person", {"choice": f"method: {method}"})


def _token_cache(given: Mapping[str, Json]) -> Iterator[Breach]:
    """An application needs nobody to sign in, so it has nothing to keep."""
    method = _text(given, "sign_in", "method")
    kept = _text(given, "sign_in", "token_cache") not in ("", "memory")
    if kept and method in _METHODS and method not in _PEOPLE:
        yield Breach(("sign_in", "token_cache"), "parameter-unused-with", {"choice": f"method: {method}"})


def _change_record(given: Mapping[str, Json]) -> Iterator[Breach]:
    change = _section(given, "change")
    system = change.get("system") or "none"
    if system != "none" and isinstance(system, str) and not _is_given(change, "number"):
        yield Breach(("change", "number"), "parameter-needed-with", {"choice": "system"})
    if system == "none" and _is_given(change, "number"):
        yield Breach(("change", "system"), "parameter-needed-with", {"choice": "number"})
