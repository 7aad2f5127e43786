"""What one piece of advice is, and the names of its sources."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.texts.text import Text

# Microsoft's pages by their file name, so that they are found wherever they move.
TROUBLESHOOTING = "Microsoft, troubleshoot-sspr-writeback"
STAGING = "Microsoft, how-to-connect-sync-staging-server"
SCHEDULER = "Microsoft, how-to-connect-sync-feature-scheduler"
PREREQUISITES = "Microsoft, how-to-connect-install-prerequisites"
PERMISSIONS = "Microsoft, how-to-connect-configure-ad-ds-connector-account"
TUTORIAL = "Microsoft, tutorial-enable-sspr-writeback"
ENTRA_CODES = "Microsoft, Microsoft Entra authentication and authorization error codes"
GRAPH = "Microsoft, Microsoft Graph error responses and throttling"
WINRM = "Microsoft, MS-WSMV and Installation and configuration for Windows Remote Management"

# The runbooks that advice leads to.
PREFLIGHT = "preflight"
CONNECT = "enable-connect-writeback"
PORTAL = "enable-sspr-writeback"
VERIFY = "verify-writeback"
# Microsoft's cure for most troubles of onboarding begins with turning the feature off.
OFF_AND_ON = "disable-writeback"

# Events after which earlier trouble is over.
ONBOARDED, OFFBOARDED, SERVICE_STARTED, HEARTBEAT = 31005, 31013, 31015, 31019


@dataclass(frozen=True, slots=True)
class Advice:
    """Why something goes wrong, and where to go on.

    Attributes:
        id: Its name in records, and its anchor in docs/advice.md.
        title: The product's own name or number for it, the same in every language.
        cause: Why it happens.
        source: Where that is known from.
        fix: What to do. None when every message it belongs to says that itself.
        next_runbook: The runbook to open next; empty when none of them helps.
        events: Ids of events of the Application log that show it.
        markers: Texts in lower case, one of which must be in the event or message; without events and messages these alone decide.
        messages: Keys of messages that show it.
        codes: What else people look it up by.
        ended_by: Ids of events that show, when they are newer, that it is over.
        is_everyday: Users cause it on a healthy server, so in a log it is worth a note and no warning.
    """

    id: str
    title: str
    cause: Text
    source: str
    fix: Text | None = None
    next_runbook: str = ""
    events: tuple[int, ...] = ()
    markers: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    ended_by: tuple[int, ...] = ()
    is_everyday: bool = False
