"""The Application log of a simulated server. Event ids and names are Microsoft's (troubleshoot-sspr-writeback)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from runbook_lib.texts import Text

WRITEBACK = "PasswordResetService"
HASH_SYNC = "Directory Synchronization"
ENGINE = "ADSync"

ONBOARDING_STARTED = 31004
ONBOARDED = 31005
OFFBOARDING_STARTED = 31012
OFFBOARDED = 31013
SERVICE_STARTED = 31015
SERVICE_STOPPED = 31016
TOKEN_OBTAINED = 31017
KEY_CREATED = 31018
HEARTBEAT = 31019
LISTENER_ERROR = 31034
ONBOARDING_ERROR = 32011
RESET_STARTED = 31009
RESET_DONE = 31010
RESET_FAILED = 31011
USER_NOT_FOUND = 33002
NO_PERMISSION = 33004
ACCOUNT_DISABLED = 33005
POLICY_ERROR = 33008
EXPORT_REFUSED = 6329
HASH_REQUEST = 656
HASH_RESULT = 657

# Our wording around Microsoft's names: the full text of these events is documented for few of them.
_TEXTS = {
    ONBOARDING_STARTED: Text(en="OnboardingEventStart", fr="OnboardingEventStart\u00a0: début de l'intégration"),
    ONBOARDED: Text(en="OnboardingEventSuccess", fr="OnboardingEventSuccess\u00a0: intégration réussie"),
    OFFBOARDING_STARTED: Text(en="OffboardingEventStart", fr="OffboardingEventStart\u00a0: début du retrait"),
    OFFBOARDED: Text(en="OffboardingEventSuccess", fr="OffboardingEventSuccess\u00a0: retrait réussi"),
    SERVICE_STARTED: Text(en="WriteBackServiceStarted", fr="WriteBackServiceStarted\u00a0: service démarré"),
    SERVICE_STOPPED: Text(en="WriteBackServiceStopped", fr="WriteBackServiceStopped\u00a0: service arrêté"),
    TOKEN_OBTAINED: Text(en="AuthTokenSuccess", fr="AuthTokenSuccess\u00a0: jeton obtenu"),
    KEY_CREATED: Text(en="KeyPairCreationSuccess", fr="KeyPairCreationSuccess\u00a0: clés créées"),
    HEARTBEAT: Text(en="HeartBeat for Namespace: {subject}", fr="Pulsation pour l'espace de noms\u00a0: {subject}"),
    LISTENER_ERROR: Text(
        en="ServiceBusListenerError. HeartBeat for Namespace: {subject}",
        fr="ServiceBusListenerError. Pulsation pour l'espace de noms\u00a0: {subject}",
    ),
    ONBOARDING_ERROR: Text(en="OnBoardingServiceError", fr="OnBoardingServiceError\u00a0: échec de l'intégration"),
    RESET_STARTED: Text(
        en="ResetUserPasswordByAdminStart. User: {subject}",
        fr="ResetUserPasswordByAdminStart\u00a0: début. Utilisateur\u00a0: {subject}",
    ),
    RESET_DONE: Text(
        en="ResetUserPasswordByAdminSuccess. User: {subject}",
        fr="ResetUserPasswordByAdminSuccess\u00a0: réussite. Utilisateur\u00a0: {subject}",
    ),
    RESET_FAILED: Text(
        en="ResetUserPasswordByAdminFail. User: {subject}",
        fr="ResetUserPasswordByAdminFail\u00a0: échec. Utilisateur\u00a0: {subject}",
    ),
    USER_NOT_FOUND: Text(
        en="ADUserNotFoundError. User: {subject}",
        fr="ADUserNotFoundError\u00a0: utilisateur introuvable\u00a0: {subject}",
    ),
    NO_PERMISSION: Text(
        en="ADPermissionsError. Access is denied. User: {subject}",
        fr="ADPermissionsError\u00a0: accès refusé. Utilisateur\u00a0: {subject}",
    ),
    ACCOUNT_DISABLED: Text(
        en="ADUserAccountDisabled. User: {subject}",
        fr="ADUserAccountDisabled\u00a0: compte désactivé\u00a0: {subject}",
    ),
    POLICY_ERROR: Text(
        en="ADPasswordPolicyError. User: {subject}",
        fr="ADPasswordPolicyError\u00a0: mot de passe refusé par la stratégie. Utilisateur\u00a0: {subject}",
    ),
    EXPORT_REFUSED: Text(
        en="BAIL: MMS(4924): 0x80230619: A restriction prevents the password from being changed to the current one "
        "specified.",
        fr="BAIL: MMS(4924): 0x80230619: une restriction empêche de donner ce mot de passe.",
    ),
    HASH_REQUEST: Text(en="Password Change Request", fr="Demande de changement de mot de passe"),
    HASH_RESULT: Text(en="Password Change Result", fr="Résultat du changement de mot de passe"),
}
_SOURCES = {HASH_REQUEST: HASH_SYNC, HASH_RESULT: HASH_SYNC, EXPORT_REFUSED: ENGINE}


def name_of(event_id: int) -> str:
    """Return Microsoft's name of an event, the same in every language."""
    return _TEXTS[event_id].en.partition(".")[0]


@dataclass(frozen=True)
class LoggedEvent:
    """One event. `subject` is what it is about, such as a namespace of the service bus."""

    record: int
    id: int
    at: datetime
    subject: str = ""

    @property
    def source(self) -> str:
        """The provider."""
        return _SOURCES.get(self.id, WRITEBACK)

    @property
    def text(self) -> Text:
        """The message in both languages, with its subject in place."""
        wording = _TEXTS[self.id]
        return Text(en=wording.say("en", subject=self.subject), fr=wording.say("fr", subject=self.subject))


class EventLog:
    """Events in the order they were logged; record numbers grow by one, from wherever the log's older part ended."""

    def __init__(self, first_record: int) -> None:
        self._next = first_record
        self._events: list[LoggedEvent] = []

    def append(self, event_id: int, at: datetime, subject: str = "") -> None:
        """Log an event."""
        self._events.append(LoggedEvent(self._next, event_id, at, subject))
        self._next += 1

    def __iter__(self) -> Iterator[LoggedEvent]:
        return iter(tuple(self._events))

    def fall_silent(self, since: datetime) -> None:
        """Let the heartbeats have ended at that time: the next ones become listener errors, later ones never came."""
        lost = [event for event in self._events if event.id == HEARTBEAT and event.at > since]
        failed = set({event.subject: event.record for event in reversed(lost)}.values())
        gone = {event.record for event in lost} - failed
        self._events = [
            replace(event, id=LISTENER_ERROR) if event.record in failed else event
            for event in self._events
            if event.record not in gone
        ]
