"""The shapes of parameter values: what a host, a user, a GUID or a file name may look like. Nothing else passes as data.

Each check returns the normalised value, or raises with the key of the message that says what is wrong. No message repeats
the value: an operator may have put a password into the wrong field.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, LiteralString, NoReturn

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from runbook_lib.parameters.secret import SecretReference, parse_reference

# Control characters, line separators, what turns the direction of text around, and halves of characters: they make what is
# shown differ from what is sent.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_FOLDER = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
# Windows cannot make a folder of these names, whatever follows the first dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_TAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ENDPOINT = re.compile(r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}):([0-9]{1,5})/wsman", re.IGNORECASE)
# An address may have a path, as a Jira behind a common front has; nothing else, and no user.
_SITE = re.compile(
    r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?((?:/[A-Za-z0-9._~-]{1,64}){0,4})/?",
    re.IGNORECASE,
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_LOGIN = re.compile(r"[^\s:]{1,255}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_UPN = re.compile(r"[A-Za-z0-9'._!#^~-]{1,64}@([A-Za-z0-9._-]{1,253})")
# Microsoft: a sAMAccountName holds none of these.
_ACCOUNT = re.compile(r'(?:[A-Za-z0-9._-]{1,253}\\)?[^"/\\\[\]:;|=,+*?<>@]{1,104}')
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/-]{0,63}")
_RUN_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_RUN = re.compile(rf"({_FOLDER.pattern})/({_RUN_ID.pattern})")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _refuse(key: LiteralString, **arguments: int) -> NoReturn:
    raise PydanticCustomError(key, key, dict(arguments))


def _visible(value: str, most: int) -> str:
    if HIDDEN.search(value):
        _refuse("parameter-hidden-character")
    if len(value) > most:
        _refuse("parameter-too-long", most=most)
    return value


def _matching(value: str, pattern: re.Pattern[str], key: LiteralString, most: int = 320) -> str:
    if not pattern.fullmatch(_visible(value, most)):
        _refuse(key)
    return value


def _guid(value: str) -> str:
    return _matching(value.lower(), _GUID, "parameter-not-a-guid")


def _folder(value: str) -> str:
    _matching(value, _FOLDER, "parameter-not-a-folder-name")
    if ".." in value or value.endswith(".") or _DEVICES.fullmatch(value):
        _refuse("parameter-not-a-folder-name")
    return value


def _tag(value: str) -> str:
    return _matching(value, _TAG, "parameter-not-a-tag")


def is_host(name: str) -> bool:
    """Tell whether a lower-case name or number can be a host: an IP address, or labels joined by dots."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        labels = name.split(".")
        # All digits and dots, and yet no address: a mistyped one.
        return len(name) <= 253 and not labels[-1].isdecimal() and all(_LABEL.fullmatch(label) for label in labels)
    return True


def _endpoint(value: str) -> str:
    match = _ENDPOINT.fullmatch(_visible(value, 320))
    if not match:
        _refuse("parameter-not-an-endpoint")
    scheme, host, port = match[1].lower(), match[2].lower(), int(match[3])
    if not is_host(host) or not 1 <= port <= 65535:
        _refuse("parameter-not-an-endpoint")
    return f"{scheme}://{host}:{port}/wsman"


def _site(value: str) -> str:
    """Plain HTTP would show the credential to anybody on the way, so it is for this machine only."""
    match = _SITE.fullmatch(_visible(value, 320))
    if not match:
        _refuse("parameter-not-a-site")
    scheme, host, port, path = match[1].lower(), match[2].lower(), match[3], match[4]
    if not is_host(host) or (port is not None and not 1 <= int(port) <= 65535) or "/.." in path:
        _refuse("parameter-not-a-site")
    if scheme == "http" and host not in LOOPBACK:
        _refuse("parameter-site-not-https")
    return f"{scheme}://{host}{f':{int(port)}' if port else ''}{path}"


def is_of_this_machine(site: str) -> bool:
    """Tell whether the address of a change system, as somebody wrote it, is of this machine; what is no address is refused elsewhere."""
    match = _SITE.fullmatch(site)
    return not match or match[2].lower() in LOOPBACK


def _authority(value: str) -> str:
    """Plain HTTP will do: what a time stamp authority answers is signed, and it is sent nothing but a hash."""
    match = _SITE.fullmatch(_visible(value, 320))
    if not match or not is_host(match[2].lower()) or "/.." in match[4]:
        _refuse("parameter-not-an-authority")
    return value


def _login(value: str) -> str:
    """A colon ends the name in HTTP's basic authentication (RFC 7617)."""
    return _matching(value, _LOGIN, "parameter-not-a-login")


def _client_id(value: str) -> str:
    return _matching(value, _CLIENT_ID, "parameter-not-a-client-id")


def _host(value: str) -> str:
    """A service principal holds a name: an address has none, so there a ticket cannot be had."""
    name = _visible(value, 253).lower()
    if not is_host(name) or ":" in name or name.rpartition(".")[2].isdecimal():
        _refuse("parameter-not-a-host")
    return name


def _upn(value: str) -> str:
    match = _UPN.fullmatch(_visible(value, 320))
    if not match or not is_host(match[1].lower()):
        _refuse("parameter-not-a-upn")
    return value


def _user(value: str) -> str:
    if "@" in value:
        return _upn(value)
    _matching(value, _ACCOUNT, "parameter-not-a-user")
    if not value.rpartition("\\")[2].strip(" ."):
        _refuse("parameter-not-a-user")
    return value


def _file(value: str) -> str:
    if not _visible(value, 1024).strip():
        _refuse("parameter-not-a-file")
    return value


def _person(value: str) -> str:
    if not _visible(value, 120).strip():
        _refuse("attestation-nobody")
    return value.strip()


def _number(value: str) -> str:
    return _matching(value, _NUMBER, "parameter-not-a-change-number")


def _run_id(value: str) -> str:
    return value and _matching(value, _RUN_ID, "parameter-not-a-run-id")


def _run(value: str) -> str:
    if not value:
        return value
    tenant, _, _ = _matching(value, _RUN, "parameter-not-a-run").partition("/")
    return _folder(tenant) and value


def _digest(value: str) -> str:
    return value and _matching(value.lower(), _DIGEST, "parameter-not-a-digest")


def _plan_digest(value: str) -> str:
    return _matching(value.lower(), _DIGEST, "parameter-not-a-digest")


def _file_or_nothing(value: str) -> str:
    return value and _file(value)


def _reference(value: object) -> SecretReference:
    if not isinstance(value, str):
        _refuse("secret-literal")
    if HIDDEN.search(value):
        _refuse("parameter-hidden-character")
    parsed = parse_reference(value)
    if isinstance(parsed, SecretReference):
        return parsed
    _refuse(parsed)


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


def _nothing(value: Any) -> Any:
    """An empty text stands for a value that is not given."""
    return None if value == "" else value


def _empty(value: Any) -> Any:
    """A key without a value stands for an empty text."""
    return "" if value is None else value


def _section(value: Any) -> Any:
    """A section of which every line is commented out is an empty section."""
    return {} if value is None else value


def _items(value: Any) -> Any:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else value


NOTHING = BeforeValidator(_nothing)
EMPTY = BeforeValidator(_empty)
SECTION = BeforeValidator(_section)
ITEMS = BeforeValidator(_items)

Guid = Annotated[
    str, AfterValidator(_guid), _text("^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$")
]
FolderName = Annotated[str, AfterValidator(_folder), _text("^[a-z0-9][a-z0-9.-]{0,62}$")]
Endpoint = Annotated[
    str, AfterValidator(_endpoint), _text("^[Hh][Tt][Tt][Pp][Ss]?://[^/@\\s]+:[0-9]{1,5}/[Ww][Ss][Mm][Aa][Nn]$")
]
Authority = Annotated[str, AfterValidator(_authority), _text("^[Hh][Tt][Tt][Pp][Ss]?://[^@?#\\s]{1,300}$")]
Host = Annotated[str, AfterValidator(_host), _text("^[A-Za-z0-9._-]{1,253}$")]
Upn = Annotated[str, AfterValidator(_upn), _text("^[^@\\s]{1,64}@[A-Za-z0-9._-]{1,253}$")]
User = Annotated[str, AfterValidator(_user), _text("^.{1,320}$")]
File = Annotated[str, AfterValidator(_file), _text("^.{1,1024}$")]
FileOrNothing = Annotated[str, EMPTY, AfterValidator(_file_or_nothing), _text("^.{0,1024}$")]
Person = Annotated[str, AfterValidator(_person), _text("^.{1,120}$")]
Tag = Annotated[str, AfterValidator(_tag), _text("^[a-z0-9][a-z0-9_-]{0,31}$")]
ChangeNumber = Annotated[str, AfterValidator(_number), _text("^[A-Za-z0-9][A-Za-z0-9._#/-]{0,63}$")]
Site = Annotated[str, AfterValidator(_site), _text("^[Hh][Tt][Tt][Pp][Ss]?://[^/@\\s]+(?:/[^\\s?#]*)?$")]
Login = Annotated[str, AfterValidator(_login), _text("^[^\\s:]{1,255}$")]
ClientId = Annotated[str, AfterValidator(_client_id), _text("^[A-Za-z0-9._-]{1,128}$")]
RunId = Annotated[str, EMPTY, AfterValidator(_run_id), _text("^[A-Za-z0-9-]{0,64}$")]
RunOrNothing = Annotated[str, EMPTY, AfterValidator(_run), _text("^(?:[a-z0-9][a-z0-9.-]{0,62}/[A-Za-z0-9-]{1,64})?$")]
Digest = Annotated[str, AfterValidator(_plan_digest), _text("^[0-9A-Fa-f]{64}$")]
DigestOrNothing = Annotated[str, EMPTY, AfterValidator(_digest), _text("^(?:[0-9A-Fa-f]{64})?$")]
SecretField = Annotated[
    SecretReference,
    PlainValidator(_reference),
    PlainSerializer(str),
    _text("^(?:env|keyring|keyvault|file|prompt|lab):"),
]
