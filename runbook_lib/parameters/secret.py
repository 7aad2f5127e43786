"""Secrets by reference: what a reference looks like, and how its value is fetched when it is needed and not before."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, LiteralString, NoReturn, Protocol

from keyring.errors import KeyringError

from runbook_lib.errors import ParameterError

MOST_BYTES = 8192

_SHAPES: Mapping[str, re.Pattern[str]] = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}"),
    "keyring": re.compile(r"[^\s/].{0,254}/[^/]{1,255}"),
    "file": re.compile(r"(?=.*\S).{1,1024}"),
    "prompt": re.compile(r".{0,80}"),
    "lab": re.compile(r"[a-z0-9][a-z0-9.-]{0,62}"),
    # Microsoft, "Naming rules and restrictions for Azure resources"; the version is 32 hexadecimal digits.
    "keyvault": re.compile(r"(?=[^/]{3,24}/)[A-Za-z](-?[A-Za-z0-9])*/[A-Za-z0-9-]{1,127}(/[0-9a-f]{32})?"),
}

Kind = Literal["env", "keyring", "file", "prompt", "lab", "keyvault"]
KINDS: tuple[Kind, ...] = ("env", "keyring", "file", "prompt", "lab", "keyvault")

LITERAL: Final = "secret-literal"
MALFORMED: Final = "secret-malformed"


@dataclass(frozen=True)
class SecretReference:
    """Where a secret is kept, such as `env:NAME`. Holds no secret, so it may be shown, hashed and recorded."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class Secret:
    """A secret in memory. It shows itself to nobody by accident: not in a repr, a log, a traceback or a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret. The caller passes it on to who checks it, and keeps it nowhere."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not travel: send its reference, and resolve it there")


class Keyring(Protocol):
    """What is needed of a keyring backend; every backend of the `keyring` library has it."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the password kept for a user of a service, or None."""
        ...


def parse_reference(text: str) -> SecretReference | LiteralString:
    """Return the reference that a text is, or the key of the message that says why it is none."""
    kind, colon, name = text.partition(":")
    if not colon or kind not in KINDS:
        return LITERAL
    if not _SHAPES[kind].fullmatch(name):
        return MALFORMED
    return SecretReference(KINDS[KINDS.index(kind)], name)


def resolve(
    reference: SecretReference,
    *,
    environ: Mapping[str, str],
    lab_secrets: Mapping[str, str] | None = None,
    prompt: Callable[[str], str] | None = None,
    keyring: Keyring | None = None,
    vault: Callable[[str], str] | None = None,
) -> Secret:
    """Fetch a secret from where its reference says.

    Args:
        reference: Where the secret is kept.
        environ: Environment variables.
        lab_secrets: The secrets of the running lab by name; None when no lab is meant.
        prompt: Asks a person without echo, given a label; None when nobody is there to answer.
        keyring: The keyring of the machine; None when it has none.
        vault: Asks Azure Key Vault, given `vault/name` or `vault/name/version`; None when it may not be asked, as in the lab.

    Raises:
        ParameterError: there is no such secret, or it may not be used. The message names the reference, never a value.
    """
    if reference.kind == "env":
        value = environ.get(reference.name)
    elif reference.kind == "file":
        value = _from_file(reference)
    elif reference.kind == "keyring":
        value = _from_keyring(reference, keyring)
    elif reference.kind == "prompt":
        value = _from_person(reference, prompt)
    elif reference.kind == "keyvault":
        value = vault(reference.name) if vault else None
    else:
        value = (lab_secrets or {}).get(reference.name)
    if value is None:
        raise _refusal("secret-missing", reference)
    return Secret(_usable(value, reference))


def _usable(value: str, reference: SecretReference) -> str:
    if not value:
        raise _refusal("secret-empty", reference)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refusal("secret-not-text", reference) from None
    return value


def _refusal(key: str, reference: SecretReference) -> ParameterError:
    return ParameterError(key, reference=str(reference))


def _from_person(reference: SecretReference, prompt: Callable[[str], str] | None) -> str:
    if prompt is None:
        raise _refusal("secret-nobody-there", reference)
    return prompt(reference.name)


def _from_keyring(reference: SecretReference, keyring: Keyring | None) -> str | None:
    if keyring is None:
        raise _refusal("secret-no-keyring", reference)
    service, _, user = reference.name.rpartition("/")
    try:
        return keyring.get_password(service, user)
    except KeyringError:  # locked, or no backend: its text may name the service's items, so it is not repeated
        raise _refusal("secret-no-keyring", reference) from None


def _from_file(reference: SecretReference) -> str:
    try:
        # Not blocking: the name may be a pipe that nobody writes to.
        descriptor = os.open(reference.name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        raise _refusal("secret-file-unreadable", reference) from None
    try:
        # Asked of the open file, so that nobody can swap it between the question and the reading.
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refusal("secret-file-unreadable", reference)
        if os.name == "posix" and status.st_mode & 0o077:
            raise _refusal("secret-file-exposed", reference)
        if status.st_size > MOST_BYTES:
            raise ParameterError("secret-file-too-large", reference=str(reference), most=MOST_BYTES)
        return _without_newline(os.read(descriptor, MOST_BYTES), reference)
    except OSError:
        raise _refusal("secret-file-unreadable", reference) from None
    finally:
        os.close(descriptor)


def _without_newline(read: bytes, reference: SecretReference) -> str:
    """Return the text of a secret file. Editors end it with a newline, and Windows tools may start it with a mark."""
    try:
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal("secret-not-text", reference) from None
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
