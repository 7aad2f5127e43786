"""What can go wrong in the lab, by name. A fault stands for something documented or seen in the field."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from runbook_lib.errors import UsageProblem

Side = Literal["server", "transport", "cloud", "change"]


@dataclass(frozen=True)
class Fault:
    """A named fault: which part of the lab shows it, what it stands for, and where that is known from."""

    name: str
    side: Side
    stands_for: str
    source: str


_SCHEDULER = "Microsoft, how-to-connect-sync-feature-scheduler"
_STAGING = "Microsoft, how-to-connect-sync-staging-server"
_TROUBLE = "Microsoft, troubleshoot-sspr-writeback"
_FIELD = "field reports"
_WINDOWS = "general Windows behaviour"
_WINRM = "Microsoft, MS-WSMV"
_ENTRA = "Microsoft, Entra authentication error codes"
_GRAPH = "Microsoft, Graph errors and throttling"
_PORTAL = "public tools; the endpoint is undocumented"

_SERVER = (
    ("staging_mode", "The server is in staging mode: the setting can be made, the service does not run.", _STAGING),
    ("wizard_open", "Somebody has the wizard open, which suspends the scheduler.", _SCHEDULER),
    ("cycle_running", "A connector runs, so the configuration cannot be changed.", _SCHEDULER),
    (
        "cycle_starts_during_apply",
        "A cycle starts just before the change, which is refused; it ends by itself.",
        _SCHEDULER,
    ),
    ("scheduler_suspended", "The scheduler is suspended.", _SCHEDULER),
    (
        "missing_right",
        "The connector account lacks Write lockoutTime on the first domain; granting cures it.",
        _TROUBLE,
    ),
    ("second_server_active", "The standby server is not in staging mode: two servers are active.", _STAGING),
    ("slow_onboarding", "Onboarding takes a while: 31005 comes long after 31004.", _FIELD),
    ("onboarding_fails", "The setting is on, and onboarding ends in 32011 OnBoardingServiceError.", _TROUBLE),
    ("invalid_state", "Turning on fails with E_FAIL until the feature was turned off.", f"{_FIELD}, Connect 2.4.129.0"),
    (
        "credential_prompt",
        "This build's cmdlet wants a credential, which no remote script can give.",
        "Microsoft, 2017 article",
    ),
    ("stale_heartbeat", "No heartbeat for three hours, after a 31034; a restart of the service cures it.", _TROUBLE),
    ("french_windows", "Windows, its messages, events, numbers and dates are in French; error ids are not.", _WINDOWS),
    (
        "no_rsat",
        "The ActiveDirectory module is missing.",
        "Microsoft, how-to-connect-configure-ad-ds-connector-account",
    ),
    ("double_hop", "A network logon cannot go on to a domain controller.", _WINDOWS),
    (
        "not_sync_admin",
        "Our account is not in ADSyncAdmins: changes are refused.",
        "Microsoft, how-to-connect-post-installation",
    ),
    ("old_connect", "Connect 1.6.16.0 is installed, out of support since 2023.", "Microsoft, version history"),
    ("version_mismatch", "The configuration is of an older version than the files: a partial upgrade.", _FIELD),
    ("two_cloud_connectors", "Two connectors to the tenant: an unsupported configuration.", _FIELD),
    ("hash_resync", "Turning on makes all password hashes synchronize again: 656 and 657.", "Microsoft, tutorial"),
    (
        "relays_blocked",
        "A firewall lets no direct connection through to the service bus relays.",
        "Microsoft, troubleshoot-sspr-writeback",
    ),
    ("proxy_login", "The only way out is a proxy that wants a sign-in: HTTP 407.", _WINDOWS),
    (
        "tls_inspected",
        "Something on the way opens TLS to the relays; Windows trusts its certificates.",
        "Microsoft, prerequisites of Connect: inspection is not supported",
    ),
    (
        "relay_not_trusted",
        "Windows does not trust the certificate that comes for the relays: inspection, or a missing root.",
        "Microsoft, troubleshoot-sspr-writeback, 31034",
    ),
    (
        "reset_refused_by_policy",
        "A password filter on the domain controllers takes no new password: 6329 and 33008.",
        _TROUBLE,
    ),
    (
        "replication_delay",
        "Other domain controllers lag an hour behind the PDC emulator, which is where Connect writes.",
        "general Active Directory behaviour",
    ),
    (
        "wrong_shape",
        "The server does not tell its name, so an answer is not of the known shape.",
        "stands for any product change",
    ),
)
_TRANSPORT = (
    ("lost_reply", "The change is made, and the connection closes before the answer.", _FIELD),
    ("lost_reply_not_done", "The connection closes, and the change was never made.", _FIELD),
    ("noisy_reply", "Something else writes to standard output before the answer.", _FIELD),
    ("truncated_reply", "Only the first half of the answer arrives.", _FIELD),
    ("hanging_script", "The script never ends.", _FIELD),
    ("slow_server", "Every request takes a while.", _FIELD),
    ("access_denied", "The server refuses the account: HTTP 401.", _WINRM),
    (
        "shell_expired",
        "The remote shell is gone at the next command, as after its idle limit or a restart of WinRM; a new one works.",
        _WINRM,
    ),
    ("connection_drops", "The connection breaks off in the middle of the next answer, once.", _FIELD),
    ("shell_quota", "All shells of our account are taken.", _WINRM),
)
_CLOUD = (
    ("expired_secret", "The application's secret or certificate is out of date.", _ENTRA),
    ("wrong_tenant", "The account belongs to another tenant.", _ENTRA),
    ("conditional_access", "A policy wants more than was given at sign-in.", _ENTRA),
    ("federated_admin", "The administrator's domain is federated.", "Microsoft, troubleshoot-sspr-writeback, 32009"),
    ("consent_missing", "Nobody consented to a permission the kit needs.", _ENTRA),
    ("token_expired", "A token is refused once: HTTP 401.", _GRAPH),
    (
        "short_tokens",
        "Access tokens live two seconds, so they end in mid-run; real ones live about an hour.",
        "Microsoft, access tokens: lifetime",
    ),
    (
        "sign_in_revoked",
        "The sign-in is revoked once, as by a password change: the refresh token is refused.",
        _ENTRA,
    ),
    (
        "claims_challenge",
        "Graph wants the sign-in judged again: HTTP 401 with a claims challenge.",
        "Microsoft, continuous access evaluation",
    ),
    ("throttled", "Come back later: HTTP 429.", _GRAPH),
    ("unavailable", "Not available just now: HTTP 503.", _GRAPH),
    ("reset_slow", "A password reset takes five minutes to reach the directory.", _FIELD),
    ("reset_never_ends", "A password reset goes on for ever, and never reaches the directory.", _FIELD),
    ("no_role", "The account holds no role that may do this procedure.", "Microsoft, Entra built-in roles"),
    ("no_licence", "No premium service plan.", "Microsoft, concept-sspr-licensing"),
    (
        "audit_contradicts",
        "The audit log says the feature was turned off last.",
        "Microsoft, reference-audit-activities",
    ),
    ("portal_changed_shape", "The portal answers in another shape.", _PORTAL),
    ("portal_refuses", "The portal refuses the account.", _PORTAL),
    (
        "portal_disagrees",
        "The fields of the portal's answer contradict each other, so what the first toggle is cannot be told.",
        _PORTAL,
    ),
)

_SNOW = "ServiceNow, Attachment API"
_SNOW_RATE = "ServiceNow, Inbound REST API rate limiting"
_SNOW_CHANGE = "ServiceNow, Change Management API"
_JIRA = "Atlassian, Jira REST API: issue attachments"
_RFC = "RFC 9110"

_CHANGE = (
    ("change_lost_reply", "An attachment is stored, and the connection closes before the answer, once.", _FIELD),
    ("change_lost_reply_not_done", "The connection closes, and the attachment was never stored, once.", _FIELD),
    ("change_bad_gateway", "An attachment is stored, and something in between answers HTTP 502, once.", _FIELD),
    ("change_never_stored", "Every attachment is answered with HTTP 500, and none is stored.", _SNOW),
    ("change_throttled", "Come back in a second: HTTP 429 with the headers of a rate limit, once.", _SNOW_RATE),
    ("change_throttled_long", "Come back in an hour, said as a date: HTTP 429.", f"{_SNOW_RATE}; {_RFC}"),
    ("change_unavailable", "Not available just now: HTTP 503, once for each reading.", _RFC),
    ("change_sign_in_refused", "The password or token is refused: HTTP 401.", f"{_SNOW}; {_JIRA}"),
    ("change_not_permitted", "The account may read the record, and attach nothing: HTTP 403.", f"{_SNOW}; {_JIRA}"),
    ("change_not_noted", "The account may attach, and add no comment: HTTP 403.", _FIELD),
    ("change_no_record", "There is no record of that number, or the account may not see it.", f"{_SNOW}; {_JIRA}"),
    ("change_extension_refused", "Files ending in .zip are not on the list of those allowed.", _SNOW),
    ("change_too_large", "Attachments may have 1000 bytes at most.", f"{_SNOW}; {_JIRA}"),
    ("change_attachments_off", "Attachments are turned off altogether (Jira).", _JIRA),
    ("change_no_attributes", "An older release: attachments have no attributes (ServiceNow).", _SNOW),
    ("change_listing_lags", "A new attachment is not listed at the first look.", _FIELD),
    ("change_truncated", "Only the first half of an attachment is stored, once.", _FIELD),
    ("change_not_approved", "Approval of the record was asked for, and not given.", _SNOW_CHANGE),
    ("change_on_hold", "The record was put on hold.", _SNOW_CHANGE),
    ("change_window_over", "The planned window of the record ended an hour ago.", _SNOW_CHANGE),
    ("change_unheard_of", "State and approval of the record are words nobody knows.", "both are made by each customer"),
)

_TABLES: tuple[tuple[Side, tuple[tuple[str, str, str], ...]], ...] = (
    ("server", _SERVER),
    ("transport", _TRANSPORT),
    ("cloud", _CLOUD),
    ("change", _CHANGE),
)

FAULTS: dict[str, Fault] = {
    name: Fault(name, side, stands_for, source) for side, rows in _TABLES for name, stands_for, source in rows
}


class Faults:
    """The faults of one tenant that are on now. Thread-safe; a name that is not in `FAULTS` is a `UsageProblem`."""

    def __init__(self, names: Iterable[str] = (), added: Callable[[str], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._on: set[str] = set()
        self._added = added
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Turn a fault on."""
        with self._lock:
            self._on.add(_known(name))
        if self._added:
            self._added(name)

    def discard(self, name: str) -> None:
        """Turn a fault off, if it is on."""
        with self._lock:
            self._on.discard(_known(name))

    def take(self, name: str) -> bool:
        """Turn a fault off and tell whether it was on: for what happens once."""
        with self._lock:
            was_on = _known(name) in self._on
            self._on.discard(name)
        return was_on

    def __contains__(self, name: str, /) -> bool:
        with self._lock:
            return _known(name) in self._on

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(sorted(self._on))


def _known(name: str) -> str:
    if name not in FAULTS:
        raise UsageProblem("lab-unknown-fault", name=name, known=tuple(sorted(FAULTS)))
    return name
