"""What Entra's refusals of a sign-in mean: from OAuth error dictionaries and AADSTS codes to typed errors with advice."""

from __future__ import annotations

import re
from collections.abc import Mapping

from runbook_lib.errors import NotPermitted, SignInFailed, TargetError, Throttled

SIGN_IN = "sign-in"

# Source of every code: Microsoft, "Microsoft Entra authentication and authorization error codes". Codes that it does not list
# are not here. It warns that codes may become finer: a code we do not know is reported as it is, never guessed at.
BY_CODE: dict[int, str] = {
    7000215: "sign-in-secret-wrong",
    70002: "sign-in-secret-wrong",
    7000222: "sign-in-secret-expired",
    700027: "sign-in-certificate-refused",
    700030: "sign-in-certificate-refused",
    50012: "sign-in-certificate-refused",
    700016: "sign-in-application-unknown",
    700011: "sign-in-application-unknown",
    70001: "sign-in-application-disabled",
    7000112: "sign-in-application-disabled",
    7000218: "sign-in-application-confidential",
    700025: "sign-in-application-public",
    90002: "sign-in-tenant-unknown",
    50059: "sign-in-tenant-unknown",
    90019: "sign-in-tenant-unknown",
    90038: "sign-in-wrong-cloud",
    900382: "sign-in-wrong-cloud",
    900432: "sign-in-wrong-cloud",
    50034: "sign-in-account-unknown",
    50020: "sign-in-account-unknown",
    51004: "sign-in-account-unknown",
    90072: "sign-in-account-unknown",
    50053: "sign-in-account-locked",
    50057: "sign-in-account-disabled",
    50072: "sign-in-mfa",
    50074: "sign-in-mfa",
    50076: "sign-in-mfa",
    50078: "sign-in-mfa",
    50079: "sign-in-mfa",
    50132: "sign-in-again",
    50133: "sign-in-again",
    50173: "sign-in-again",
    70008: "sign-in-again",
    700082: "sign-in-again",
    70043: "sign-in-again",
    50105: "sign-in-not-assigned",
    53000: "sign-in-conditional-access",
    53001: "sign-in-conditional-access",
    53002: "sign-in-conditional-access",
    53003: "sign-in-conditional-access",
    50131: "sign-in-conditional-access",
    530032: "sign-in-conditional-access",
    65001: "sign-in-consent",
    65004: "sign-in-consent",
    90008: "sign-in-consent",
    90094: "sign-in-consent",
    650056: "sign-in-consent",
    65002: "sign-in-resource-refused",
    650057: "sign-in-resource-refused",
    500011: "sign-in-resource-refused",
    70016: "sign-in-device-code-unused",
    70018: "sign-in-device-code-wrong",
    70019: "sign-in-device-code-unused",
    50055: "sign-in-password-expired",
    50144: "sign-in-password-expired",
    50135: "sign-in-password-expired",
    50126: "sign-in-password-wrong",
    50056: "sign-in-password-wrong",
    50064: "sign-in-password-wrong",
    50005: "sign-in-conditional-access",
    50097: "sign-in-conditional-access",
    50129: "sign-in-conditional-access",
    50155: "sign-in-conditional-access",
    50187: "sign-in-conditional-access",
    530034: "sign-in-conditional-access",
    530035: "sign-in-conditional-access",
    53011: "sign-in-conditional-access",
    50125: "sign-in-mfa",
    50158: "sign-in-mfa",
    53004: "sign-in-mfa",
    53010: "sign-in-mfa",
    50001: "sign-in-resource-refused",
    650052: "sign-in-resource-refused",
    650054: "sign-in-resource-refused",
    65005: "sign-in-resource-refused",
    70011: "sign-in-resource-refused",
    700022: "sign-in-resource-refused",
    700023: "sign-in-resource-refused",
    90095: "sign-in-consent",
    90099: "sign-in-application-unknown",
    16000: "sign-in-account-unknown",
    16003: "sign-in-account-unknown",
    50014: "sign-in-account-unknown",
    500208: "sign-in-account-unknown",
    50002: "sign-in-tenant-restricted",
    500021: "sign-in-tenant-restricted",
    500022: "sign-in-tenant-restricted",
    500212: "sign-in-tenant-restricted",
    500213: "sign-in-tenant-restricted",
    50085: "sign-in-again",
    50089: "sign-in-again",
    70000: "sign-in-again",
    50128: "sign-in-tenant-unknown",
    90051: "sign-in-wrong-cloud",
    50033: "sign-in-unavailable",
    50087: "sign-in-unavailable",
    90006: "sign-in-unavailable",
    90012: "sign-in-unavailable",
    90024: "sign-in-unavailable",
    90033: "sign-in-unavailable",
    90055: "sign-in-unavailable",
    90090: "sign-in-unavailable",
    80001: "sign-in-agent",
    80002: "sign-in-agent",
    80005: "sign-in-agent",
    80007: "sign-in-agent",
    80010: "sign-in-agent",
    80013: "sign-in-agent",
    80014: "sign-in-agent",
}

# Source: Microsoft, "OAuth 2.0 device authorization grant flow", expected errors; RFC 8628 section 3.5; RFC 6749 section 4.1.2.1.
_BY_ERROR: dict[str, str] = {
    "authorization_pending": "sign-in-device-code-unused",
    "slow_down": "sign-in-device-code-unused",
    "expired_token": "sign-in-device-code-unused",
    "bad_verification_code": "sign-in-device-code-wrong",
    "authorization_declined": "sign-in-declined",
    "access_denied": "sign-in-declined",
}

# How a device sign-in ended is said by the OAuth error; Entra's code beside it is about something else (Microsoft: codes may change).
_SAYS_ENOUGH = frozenset({"authorization_declined", "expired_token", "bad_verification_code"})

# Entra knows who it is and says no to what is asked; everything else is about who it is.
_NOT_PERMITTED = frozenset(
    {
        "sign-in-conditional-access",
        "sign-in-consent",
        "sign-in-not-assigned",
        "sign-in-resource-refused",
        "sign-in-tenant-restricted",
    }
)


def refusal(result: Mapping[str, object]) -> TargetError:
    """Return the error for an OAuth error dictionary, as msal gives it.

    Only the code, the OAuth error and the correlation id are kept: the description may repeat what was sent.
    """
    code, error = _code(result), _word(result.get("error"))
    found = (
        (_BY_ERROR.get(error), BY_CODE.get(code))
        if error in _SAYS_ENOUGH
        else (BY_CODE.get(code), _BY_ERROR.get(error))
    )
    key = found[0] or found[1] or "sign-in-refused"
    kind: type[TargetError] = NotPermitted if key in _NOT_PERMITTED else SignInFailed
    if key == "sign-in-unavailable":
        kind = Throttled
    correlation = _word(result.get("correlation_id"))
    return kind(
        key,
        target=SIGN_IN,
        request_id=correlation,
        code=f"AADSTS{code}" if code else error,
        correlation=correlation,
        **({"time": _time(result)} if key == "sign-in-refused" else {}),
    )


def _code(result: Mapping[str, object]) -> int:
    """Return the first AADSTS code: of the list that Entra sends for machines, else of the text; 0 when there is none."""
    codes = result.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = re.search(r"AADSTS(\d{4,8})", str(result.get("error_description", "")))
    return int(found.group(1)) if found else 0


def _time(result: Mapping[str, object]) -> str:
    """Return when Entra refused, in its own words: support asks for it with the correlation id. A dash when it is not said."""
    said = f"{result.get('timestamp', '')} {result.get('error_description', '')}"
    found = re.search(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ", said, re.ASCII)
    return found[0] if found else "–"


def _word(value: object) -> str:
    """Return an identifier of a foreign answer, or a dash when it is not one."""
    return value if isinstance(value, str) and re.fullmatch(r"[\w.-]{1,80}", value) else "–"
