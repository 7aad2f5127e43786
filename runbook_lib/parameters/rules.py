"""The rules between parameters: what one choice needs, and what it leaves without use.

They look at the values as they were given, not at the typed model, so that they also speak when another key is wrong: an
operator sees all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from runbook_lib.model import Json
from runbook_lib.parameters.document import Location
from runbook_lib.parameters.shapes import LOOPBACK, is_of_this_machine
from runbook_lib.texts import Argument


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


@dataclass(frozen=True)
class Use:
    """What a choice, such as `transport: ntlm`, makes of a key: it is needed, usable, or without use."""

    at: tuple[str, str]
    kind: Literal["needed", "usable", "unused"]
    choice: str


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

# What only serves to reach the sync server, and what the kit would do there.
_REACHING = (
    "endpoint",
    "transport",
    "ca_file",
    "username",
    "password",
    "certificate_file",
    "key_file",
    "other_endpoints",
    "use_environment_proxy",
    "kerberos_hostname",
    "kerberos_delegation",
)
_ON_THE_SERVER = ("restart_service", "start_delta_cycle")
_BY_HAND = "method: guided"

_SECRETS = (
    ("sync_server", "password"),
    ("sign_in", "secret"),
    ("sign_in", "key_password"),
    ("change", "credential"),
)
_CHANGE_SYSTEMS = ("servicenow", "jira-cloud", "jira-data-center")
_ACCESS = ("address", "credential")
_REACHING_CHANGE = ("address", "username", "client_id", "credential", "ca_file", "attach", "gate")


def broken_rules(given: Mapping[str, Json]) -> Iterator[Breach]:
    """Yield every rule between parameters that the given values break."""
    for rule in (
        _credentials,
        _by_hand,
        _tls,
        _kerberos,
        _other_endpoints,
        _lab,
        _portal,
        _token_cache,
        _change_record,
        _seal,
        _signatures,
    ):
        yield from rule(given)


def _section(given: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _text(given: Mapping[str, Json], section: str, name: str) -> str:
    """Return a text of a section as given; empty when it is not there, or no text."""
    found = _section(given, section).get(name)
    return found if isinstance(found, str) else ""


def _is_given(section: Mapping[str, Json], name: str) -> bool:
    return section.get(name) not in (None, "", False, [], ())


def uses(given: Mapping[str, Json]) -> Iterator[Use]:
    """Yield what the chosen ways of reaching the server, of signing in and of keeping change records make of the keys about them."""
    yield from _of_the_server(given)
    yield from _of_the_change(given)
    for name, choice, ways in (("sync_server", "transport", _TRANSPORTS), ("sign_in", "method", _METHODS)):
        chosen = _text(given, name, choice)
        if chosen not in ways or (name == "sync_server" and _is_by_hand(given)):
            continue
        way, said = ways[chosen], f"{choice}: {chosen}"
        known = {key for each in ways.values() for key in (*each.needed, *each.usable)}
        yield from (Use((name, key), "needed", said) for key in way.needed)
        yield from (Use((name, key), "usable", said) for key in way.usable)
        yield from (Use((name, key), "unused", said) for key in sorted(known - {*way.needed, *way.usable}))


def _is_by_hand(given: Mapping[str, Json]) -> bool:
    return _text(given, "sync_server", "method") == "guided"


def _of_the_server(given: Mapping[str, Json]) -> Iterator[Use]:
    """A server that is reached needs an address; one that is left to a person is not reached, and nothing is done there."""
    if _is_by_hand(given):
        yield from (Use(("sync_server", key), "unused", _BY_HAND) for key in _REACHING)
        yield from (Use(("connect", key), "unused", _BY_HAND) for key in _ON_THE_SERVER)
    elif isinstance(given.get("sync_server"), dict) and _text(given, "sync_server", "method") in ("", "powershell"):
        yield from (Use(("sync_server", key), "needed", "method: powershell") for key in ("endpoint", "transport"))


def _by_hand(given: Mapping[str, Json]) -> Iterator[Breach]:
    """A person grants rights by other means than these."""
    if _is_by_hand(given) and given.get("grant_permissions") is True:
        yield Breach(("grant_permissions",), "parameter-unused-by-hand")


def _credentials(given: Mapping[str, Json]) -> Iterator[Breach]:
    for use in uses(given):
        name, key = use.at
        is_given = _is_given(_section(given, name), key)
        if use.kind == "needed" and not is_given:
            yield Breach(use.at, "parameter-needed-with", {"choice": use.choice})
        elif use.kind == "unused" and is_given and use.choice == _BY_HAND:
            yield Breach(use.at, "parameter-unused-by-hand")
        elif use.kind == "unused" and is_given:
            yield Breach(use.at, "parameter-unused-with", {"choice": use.choice})


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
        address = _text(given, "change", "address")
        if address and not is_of_this_machine(address):
            yield Breach(("change", "address"), "parameter-lab-is-here")
    elif given.get("profile") == "live":
        for section, key in _SECRETS:
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


def _of_the_change(given: Mapping[str, Json]) -> Iterator[Use]:
    """What reaches the change record is needed where it is reached, and is of no use where there is none."""
    change = _section(given, "change")
    system = _text(given, "change", "system") or "none"
    if system == "none":
        yield from (Use(("change", key), "unused", "system: none") for key in _REACHING_CHANGE)
    if system not in _CHANGE_SYSTEMS:
        return
    said = f"system: {system}"
    reached = next((key for key in ("attach", "gate") if change.get(key) is True), "")
    yield from (Use(("change", key), "needed", f"{reached}: true") for key in _ACCESS if reached)
    if system == "jira-cloud" and (reached or _is_given(change, "credential")):
        yield Use(("change", "username"), "needed", said)
    if system != "servicenow":
        yield Use(("change", "client_id"), "unused", said)
    elif _is_given(change, "username"):
        yield Use(("change", "client_id"), "unused", "username")


def _change_record(given: Mapping[str, Json]) -> Iterator[Breach]:
    change = _section(given, "change")
    system = change.get("system") or "none"
    if system in _CHANGE_SYSTEMS and not _is_given(change, "number"):
        yield Breach(("change", "number"), "parameter-needed-with", {"choice": "system"})
    if system == "none" and _is_given(change, "number"):
        yield Breach(("change", "system"), "parameter-needed-with", {"choice": "number"})


def _seal(given: Mapping[str, Json]) -> Iterator[Breach]:
    """Who names a key for the seal expects one."""
    evidence = _section(given, "evidence")
    for key in ("signing_key", "time_stamp"):
        if _is_given(evidence, key) and evidence.get("seal") is not True:
            yield Breach(("evidence", "seal"), "parameter-needed-with", {"choice": key})


def _signatures(given: Mapping[str, Json]) -> Iterator[Breach]:
    """Nobody's signature can be judged without a roster."""
    evidence = _section(given, "evidence")
    if _is_given(evidence, "roster"):
        return
    if evidence.get("approvals_needed") not in (None, 1):
        yield Breach(("evidence", "roster"), "parameter-needed-with", {"choice": "approvals_needed"})
    elif evidence.get("attestations_signed") is True:
        yield Breach(("evidence", "roster"), "parameter-needed-with", {"choice": "attestations_signed"})
    elif given.get("approvals"):
        yield Breach(("evidence", "roster"), "parameter-needed-with", {"choice": "approvals"})
