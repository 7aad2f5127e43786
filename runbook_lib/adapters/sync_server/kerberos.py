"""Why Kerberos could not sign us in, by the numbers of its errors: the texts beside them may be in any language.

pywinrm's Kerberos module cannot be imported without its optional package, so its errors are known by name.
"""

from __future__ import annotations

from collections.abc import Iterator

# The library refused before anything was sent: no ticket for this server could be had.
NOT_SENT = "KerberosExchangeError"
# The server answered, and did not prove who it is.
NOT_PROVEN = "MutualAuthenticationError"

# Protocol errors are RFC 4120 7.5.9 counted from MIT's base of the table `krb5`; the others are MIT's krb5_err.et.
_BASE = -1765328384
_KEYS = {
    _BASE + 6: "kerberos-no-ticket",  # the client is not in the database
    _BASE + 7: "kerberos-unknown-service",
    _BASE + 31: "kerberos-no-ticket",  # a decrypt error: keytab or password is not that of the account
    _BASE + 32: "kerberos-ticket-expired",
    _BASE + 33: "kerberos-clock-skew",  # the ticket is not valid yet
    _BASE + 37: "kerberos-clock-skew",
    _BASE + 24: "kerberos-no-ticket",  # pre-authentication failed
    -1765328243: "kerberos-no-ticket",  # KRB5_CC_NOTFOUND
    -1765328189: "kerberos-no-ticket",  # KRB5_FCC_NOFILE
    -1765328230: "kerberos-realm-unknown",  # KRB5_REALM_UNKNOWN
    -1765328164: "kerberos-realm-unknown",  # KRB5_REALM_CANT_RESOLVE
    -1765328228: "kerberos-kdc-unreachable",  # KRB5_KDC_UNREACH
}
KDC_TROUBLE = frozenset({"kerberos-realm-unknown", "kerberos-kdc-unreachable"})


def is_kerberos(error: BaseException) -> bool:
    """Tell whether an error is one of pywinrm's Kerberos module."""
    return type(error).__name__ in {NOT_SENT, NOT_PROVEN}


def was_not_sent(error: BaseException | None) -> bool:
    """Tell whether Kerberos failed on this computer, so that nothing has left it."""
    return type(error).__name__ == NOT_SENT


def key_of(error: BaseException) -> str:
    """Return the message key for a Kerberos failure."""
    if type(error).__name__ == NOT_PROVEN:
        return "kerberos-server-not-proven"
    known = (_KEYS[number] for number in _numbers(error) if number in _KEYS)
    return next(known, "kerberos-failed")


def said(error: BaseException) -> str:
    """Return the most telling of the library's own words: those of the mechanism, not of the interface around it."""
    texts = [text for text, _ in _statuses(error) if text]
    return texts[-1] if texts else str(error)


def _numbers(error: BaseException) -> Iterator[int]:
    return (number for _, number in _statuses(error))


def _statuses(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield text and number of the interface's status and of the mechanism's, from the error that was being handled."""
    for each in error.__context__.args if error.__context__ else ():
        match each:
            case (str(text), int(number)):
                yield text, number
