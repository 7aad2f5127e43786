"""Looking up advice by whatever a person has at hand."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runbook_lib.errors import UsageProblem
from runbook_lib.texts import LANGUAGES
from runbook_lib.texts.advice import ADVICE
from runbook_lib.wiring.advising import as_data, find, fixes, lines, names

CERTIFICATE, LISTENER = "event-31034-certificate", "event-31034"


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        ("31034", [CERTIFICATE, LISTENER]),
        ("Event 31034", [CERTIFICATE, LISTENER]),
        ("event-31034", [CERTIFICATE, LISTENER]),
        (CERTIFICATE, [CERTIFICATE]),
        ("6329", ["event-6329-policy", "event-6329-policy-hints", "event-6329-new-forest"]),
        ("0x8023061F", ["event-6329-new-forest"]),
        ("hr=80230402", ["hr-80230402"]),
        ("8023042", ["hr-80230402"]),
        ("AADSTS50076", ["sign-in-mfa"]),
        ("aadsts 50076", ["sign-in-mfa"]),
        ("50076", ["sign-in-mfa"]),
        ("sspr-0029", ["sspr-0029"]),
        ("SSPR_0029", ["sspr-0029"]),
        ("e_fail", ["writeback-invalid-state"]),
        ("winrm-deadline", ["winrm-timeout"]),
        ("2150859173", ["winrm-quota"]),
    ],
)
def test_a_code_is_found_however_it_is_written(code: str, ids: list[str]) -> None:
    assert [advice.id for advice in find(code)] == ids


@pytest.mark.parametrize(("code", "nearest"), [("31043", "31044"), ("winrm-acess-denied", "winrm-access-denied")])
def test_an_unknown_code_is_refused_with_the_nearest_known(code: str, nearest: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        find(code)

    assert refused.value.exit_code == 2
    for language in LANGUAGES:
        assert code in refused.value.say(language)
        assert nearest in refused.value.say(language)


@given(st.text())
@example("")
@example("0x")
def test_anything_typed_is_found_or_refused(code: str) -> None:
    with suppress(UsageProblem):
        assert find(code)


@pytest.mark.parametrize("name", ADVICE)
def test_every_entry_is_found_by_each_of_its_names(name: str) -> None:
    advice = ADVICE[name]

    for known in (name, *names(advice), *advice.messages):
        assert advice in find(known)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ADVICE)
def test_every_entry_is_shown_whole_and_without_holes(name: str, language: str) -> None:
    advice = ADVICE[name]
    shown = dict(lines(advice, language))  # type: ignore[arg-type]
    data = as_data(advice, language)  # type: ignore[arg-type]

    assert data["cause"] in shown.values()
    assert data["fix"] == fixes(advice, language)  # type: ignore[arg-type]
    assert data["source"] in shown.values()
    assert f"docs/advice.md#{name}" in shown.values()
    assert not any("{" in text for text in (*shown.values(), *data["fix"]))
