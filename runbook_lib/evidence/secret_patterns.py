"""What secrets look like that nobody told us of: tokens, keys, connection strings, headers. Each rule has a name for the ledger.

A rule must never hit what evidence is made of: digests, ids of runs, GUIDs, SIDs, thumbprints, signatures, sentences.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass

REDACTED = "[redacted]"


@dataclass(frozen=True, eq=False)
class Rule:
    """A pattern with a group `secret`, and lower-case texts of which one stands in everything that it finds.

    `holds` may look closer at what was found.
    """

    name: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    holds: Callable[[str], bool] = bool


def _is_credentials(text: str) -> bool:
    """Tell whether base64 holds `name:password`, as after `Basic`; a word of the same letters does not."""
    try:
        return b":" in b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (Error, ValueError):
        return False


def _has_digit(text: str) -> bool:
    return any(each.isdigit() for each in text)


_IS = r"\s*(?:=|%3[dD])\s*"  # between a name and its value, also in a URL
_VALUE = r"(?P<secret>(?!\[redacted\]|%5[bB]redacted|<|\{|\*)"
_ESCAPED_QUOTE = r"\\{0,8}[\"']"
_NAMES = "access_token|refresh_token|id_token|client_secret|client_assertion|device_code|newPassword|secretText"

RULES = (
    Rule(
        "private-key",
        re.compile(
            r"(?P<secret>-----BEGIN(?:[ +]|%20)(?:[A-Z0-9]{1,12}(?:[ +]|%20)){0,3}PRIVATE(?:[ +]|%20)KEY"
            r".*?(?:-----END(?:[ +]|%20)[A-Z0-9 +%]{0,40}KEY-----|\Z))",
            re.DOTALL,
        ),
        ("-----begin",),
    ),
    # RFC 7519, 7516: three or five parts in base64url, the first of which is a JSON object.
    Rule(
        "jwt",
        re.compile(r"(?<![A-Za-z0-9_-])(?P<secret>eyJ[A-Za-z0-9_-]{7,}(?:\.[A-Za-z0-9_-]*){1,4}(?<!\.))"),
        ("eyj",),
        lambda text: text.count(".") >= 1 and len(text) >= 24,
    ),
    Rule(
        "connection-string",
        re.compile(
            r"(?<![A-Za-z])(?:AccountKey|SharedAccessKey|SharedSecretValue|SharedSecret|Password|Passwd|Pwd|ClientSecret)"
            # With spaces around it could be a line of code: then what follows the value decides.
            r"(?:=|%3d|(?P<spaced>\s=\s|\s=|=\s))"
            + _VALUE
            + r"(?(spaced)[^\s;,&\"'<>\\()]{4,}|[^\s;,&\"'<>\\]{4,}))(?(spaced)(?=[;\s\"'\\]|\Z))",
            re.IGNORECASE,
        ),
        ("key", "secret", "pass", "pwd"),
    ),
    Rule(
        "form-field",
        re.compile(rf"(?<![A-Za-z_])(?:{_NAMES})" + _IS + _VALUE + r"[^\s&;\"'<>\\]{4,})", re.IGNORECASE),
        ("token", "secret", "assertion", "device_code", "newpassword"),
    ),
    Rule(
        "json-field",
        re.compile(
            rf"{_ESCAPED_QUOTE}(?:{_NAMES}){_ESCAPED_QUOTE}\s*:\s*{_ESCAPED_QUOTE}"
            + _VALUE
            + r"[^\s\"'\\]{4,})(?=\\{0,8}[\"'])",
            re.IGNORECASE,
        ),
        ("token", "secret", "assertion", "device_code", "newpassword"),
    ),
    # Azure Storage and Service Bus: the signature of a shared access signature.
    Rule(
        "sas-signature",
        re.compile(r"(?<![A-Za-z])sig" + _IS + _VALUE + r"[A-Za-z0-9%+/_-]{20,}(?:={0,2}))", re.IGNORECASE),
        ("sig",),
    ),
    Rule(
        "bearer-header",
        re.compile(
            r"\b(?:Bearer|Negotiate|NTLM|Kerberos|PoP|SharedKey)(?:\s|\+|%20)+(?P<secret>[A-Za-z0-9+/._~:-]{20,}={0,2})",
            re.IGNORECASE,
        ),
        ("bearer", "negotiate", "ntlm", "kerberos", "pop", "sharedkey"),
        _has_digit,
    ),
    Rule(
        "basic-header",
        re.compile(r"\bBasic(?:\s|\+|%20)+(?P<secret>[A-Za-z0-9+/]{6,}={0,2})", re.IGNORECASE),
        ("basic",),
        _is_credentials,
    ),
    Rule(
        "cookie-header",
        re.compile(r"\b(?:Set-)?Cookie[\"']?\s*:\s*[\"']?[\w.-]+=" + _VALUE + r"[^\r\n\"';]{4,})", re.IGNORECASE),
        ("cookie",),
    ),
    # Entra's client secrets: three characters, a digit, `Q~`, and the rest (Microsoft Purview, "Client secret / API key").
    Rule(
        "client-secret",
        re.compile(
            r"(?<![A-Za-z0-9_~.-])(?P<secret>[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~-])"
        ),
        ("q~",),
    ),
)

# Names of fields whose value is always a secret: what token endpoints, and requests to them, call it.
FIELDS = frozenset(
    name.casefold()
    for name in (*_NAMES.split("|"), "authorization", "proxy-authorization", "cookie", "set-cookie", "AccountKey")
)

# UTF-16 of which each byte was taken for a character.
UTF_16 = re.compile(r"(?:[\t\n\r\x20-\x7e\xa0-\xff]\x00){8,}")
