"""The table of advice is whole: every known event and every trouble of the lab has its entry, and the page is made from it."""

import re
from pathlib import Path

import pytest

from runbook_lib.adapters.refusals import BY_CODE
from runbook_lib.adapters.sync_server import faults as winrm
from runbook_lib.lab.faults import FAULTS
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import LANGUAGES, MESSAGES, words
from runbook_lib.texts.advice import ADVICE, PARTS, advice_for_event, advice_of
from runbook_lib.wiring.advising import find, fixes, page
from tests.rehearsal import CONNECT, PORTAL, PREFLIGHT, Rehearsal, as_application

# Every event of Microsoft's article on troubleshooting writeback that says that something went wrong, with its own name.
ERROR_EVENTS = {
    31003: "PasswordResetFail",
    31008: "ChangePasswordFail",
    31011: "ResetUserPasswordByAdminFail",
    31014: "OffboardingEventFail",
    31034: "ServiceBusListenerError",
    31044: "PasswordResetService",
    32000: "UnknownError",
    32001: "ServiceError",
    32002: "ServiceBusError",
    32003: "InPutValidationError",
    32004: "DecryptionError",
    32005: "ConfigurationError",
    32007: "OnBoardingConfigUpdateError",
    32008: "ValidationError",
    32009: "AuthTokenError",
    32010: "CryptoError",
    32011: "OnBoardingServiceError",
    32013: "OffBoardingError",
    32014: "ServiceBusWarning",
    32015: "ReportServiceHealthError",
    33001: "ADUnKnownError",
    33002: "ADUserNotFoundError",
    33003: "ADMutliMatchError",
    33004: "ADPermissionsError",
    33005: "ADUserAccountDisabled",
    33006: "ADUserAccountLockedOut",
    33007: "ADUserIncorrectPassword",
    33008: "ADPasswordPolicyError",
    33009: "ADConfigurationError",
    6800: "The writeback endpoint did not start",
}
# What that article tells apart by the text of an event, or by a code without an event.
VARIANTS = {
    "BAIL: MMS(4924) 0x80230619": "event-6329-policy",
    "MMS(3040): admaexport.cpp(2837): The server doesn't contain the LDAP password policy control.": "event-6329-policy-hints",
    "0x8023061f (The operation failed because password synchronization is not enabled on this Management Agent)": (
        "event-6329-new-forest"
    ),
    "Synchronization Engine returned an error hr=80230402, message=An attempt to get an object failed": "hr-80230402",
    "Synchronization Engine returned an error hr=800700CE, message=The filename or extension is too long": "hr-800700ce",
}
LOOKED_UP = (
    "SSPR_0029",
    "E_FAIL",
    "AADSTS50076",
    "AADSTS65001",
    "0x803381A5",
    "KRB_AP_ERR_SKEW",
    "8023042",
    "event 31034",
)

# Troubles of the lab that leave nothing to advise on.
NEEDS_NONE = {
    "french_windows": "the language of the server changes nothing",
    "invalid_state": "the plan holds its cure, and carries it out",
    "connection_drops": "the reading is asked again",
    "shell_expired": "the reading is asked again in a new shell",
    "lost_reply": "the change is seen to have been made after all",
    "lost_reply_not_done": "the change is seen not to have been made, and the message says to plan again",
    "replication_delay": "the kit asks the domain controller that has every change first",
    "reset_never_ends": "met only where a password is reset",
    "reset_refused_by_policy": "met only where a password is reset",
    "reset_slow": "met only where a password is reset",
    "slow_onboarding": "the kit waits; where it may not, the step says that 31005 is still to come",
    "slow_server": "the kit waits",
    "throttled": "the kit waits as long as it is told",
    "token_expired": "the kit signs in once more",
    "short_tokens": "tokens are renewed without asking",
    "sign_in_revoked": "the person is asked to sign in again, and the run goes on",
    "claims_challenge": "it is answered once, and the run goes on",
}


@pytest.mark.parametrize("number", ERROR_EVENTS)
def test_every_documented_error_event_has_its_advice_by_its_own_name(number: int) -> None:
    advice = advice_for_event(number)

    assert advice
    assert advice.title == ERROR_EVENTS[number]
    assert advice.fix


def test_no_advice_is_for_an_event_that_is_not_documented() -> None:
    assert {event for advice in ADVICE.values() for event in advice.events} == {*ERROR_EVENTS, 6329}


@pytest.mark.parametrize("text", VARIANTS)
def test_what_the_text_of_an_event_tells_apart_has_its_own_advice(text: str) -> None:
    advice = advice_for_event(6329, text)

    assert advice
    assert advice.id == VARIANTS[text]


@pytest.mark.parametrize("code", LOOKED_UP)
def test_what_people_have_at_hand_leads_to_advice(code: str) -> None:
    assert find(code)


@pytest.mark.parametrize("name", ADVICE)
def test_every_entry_says_why_and_what_to_do_and_leads_to_a_runbook_that_exists_or_to_none(name: str) -> None:
    advice = ADVICE[name]

    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert advice.source
    assert advice.next_runbook in {"", *RUNBOOKS}
    assert advice.events or advice.markers or advice.messages or advice.codes
    assert all(marker == marker.lower() for marker in advice.markers)
    assert set(advice.messages) <= set(MESSAGES)
    for language in LANGUAGES:
        assert advice.cause.say(language)
        assert all(fixes(advice, language))
        assert fixes(advice, language)


@pytest.mark.parametrize("name", [name for name, advice in ADVICE.items() if advice.messages and not advice.markers])
def test_what_its_messages_say_already_is_not_said_again(name: str) -> None:
    """Advice has a fix of its own only where a message lacks one, or where people come by a code and see no message."""
    advice = ADVICE[name]
    lacking = [key for key in advice.messages if not MESSAGES[key].fix]

    assert bool(advice.fix) == bool(lacking or (advice.codes and advice.fix))


def test_a_message_has_one_piece_of_advice_unless_its_text_decides() -> None:
    plain = [key for advice in ADVICE.values() if not advice.markers for key in advice.messages]

    assert sorted(plain) == sorted(set(plain))


def test_every_refusal_of_entra_has_advice_and_its_codes_stand_nowhere_else() -> None:
    known = {key for advice in ADVICE.values() for key in advice.messages}

    assert set(BY_CODE.values()) <= known
    assert [code for advice in ADVICE.values() for code in advice.codes if code.upper().startswith("AADSTS")] == []


def test_every_number_of_winrm_that_the_kit_understands_can_be_looked_up() -> None:
    numbers = [value for name, value in vars(winrm).items() if name.isupper() and isinstance(value, int) and value > 99]

    assert numbers
    for number in numbers:
        assert find(str(number)) == find(hex(number))


OTHERS = {"other_servers": ("https://standby.contoso.example:5986/wsman",)}


def advised(fault: str) -> set[str]:
    """The ids of all advice that any run tells of while the fault is on."""
    told: set[str] = set()
    runs = [
        ("contoso", PREFLIGHT, OTHERS),
        ("fabrikam", PREFLIGHT, {}),
        ("contoso", CONNECT, OTHERS),
        ("fabrikam", PORTAL, {}),
        ("fabrikam", PORTAL, {"provider": "portal-api", "unlock": False}),
    ]
    for tenant, slug, asked in runs:
        results = Rehearsal(tenant, fault).applied(slug, **asked).results.values()
        found = [advice_of(finding.message) for result in results for finding in result.findings]
        told |= {advice.id for advice in found if advice}
    by_application = as_application(Rehearsal("contoso", fault)).planned(PREFLIGHT).results["f5"]
    told |= {advice.id for finding in by_application.findings if (advice := advice_of(finding.message))}
    return told


@pytest.fixture(scope="module")
def usual() -> set[str]:
    """The advice that the same runs tell of without any trouble."""
    return advised("french_windows")


@pytest.mark.parametrize("fault", [name for name, fault in FAULTS.items() if fault.side != "change"])
def test_every_trouble_of_the_lab_leads_to_advice_or_needs_none(fault: str, usual: set[str]) -> None:
    assert bool(advised(fault) - usual) == (fault not in NEEDS_NONE)


def test_the_page_is_made_from_the_table_to_the_byte(root: Path) -> None:
    assert (root / "docs/advice.md").read_bytes() == page().encode()


def test_every_entry_has_its_anchor_on_the_page_once() -> None:
    anchors = re.findall(r'<a id="([^"]+)"></a>', page())

    assert anchors == list(ADVICE)
    assert PARTS.keys() == words.ADVICE_PARTS.keys()
