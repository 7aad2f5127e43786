"""No known secret survives in what is written, however it is spelt there."""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from runbook_lib.evidence import JOURNAL, LEDGER, REDACTED, Redactor, RunDirectory
from runbook_lib.evidence.secret_patterns import FIELDS
from runbook_lib.ports import Answer, Clock

# Two known ones, so that one secret may begin, end or hold the other.
SECRETS = st.lists(st.text(st.characters(codec="utf-8"), min_size=4, max_size=30), min_size=1, max_size=2)
AROUND = st.text(st.characters(codec="utf-8"), max_size=7)


def basic(text: str) -> str:
    """As in an Authorization header: the secret begins anywhere in a group of base64."""
    return b64encode(text.encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": basic,
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64 of PowerShell": lambda text: b64encode(text.encode("utf-16-le")).decode(),
    "base64 in a URL": lambda text: quote(basic(text), safe=""),
    "URL": lambda text: quote(text, safe=""),
    "URL path": quote,
    "URL query": quote_plus,
    "URL in lower case": lambda text: re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quote(text, safe="")),
    "JSON": json.dumps,
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False),
    "HTML": html.escape,
}


def survives(secret: str, text: str) -> bool:
    """Tell whether a secret, or what base64 makes of it at the beginning of a group, is still there."""
    return secret in text or basic(secret).rstrip("=")[: len(secret.encode()) * 8 // 6] in text


@settings(max_examples=300)
@given(secrets=SECRETS, before=AROUND, after=AROUND, encoding=st.sampled_from(sorted(ENCODINGS)))
def test_a_secret_inside_a_text_is_replaced_in_every_encoding(
    secrets: list[str], before: str, after: str, encoding: str
) -> None:
    secret = secrets[0]
    encode = ENCODINGS[encoding]
    # The text around must not spell the secret by itself, and the mark must not be it.
    assume(not any(survives(each, part) for each in secrets for part in (encode(before), encode(after), REDACTED)))
    written = encode(before + secret + after)

    clean = Redactor(secrets).text(written)

    assert REDACTED in clean
    assert not survives(secret, clean)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_very_short_secret_is_replaced_only_where_it_is_the_whole_value(length: int) -> None:
    secret = "a1é"[:length]
    redactor = Redactor([secret])
    forms = [secret, basic(secret), quote(secret, safe=""), b64encode(secret.encode("utf-16-le")).decode()]

    assert [redactor.text(form) for form in forms] == [REDACTED] * 4
    assert redactor.text(f"a{secret}b") == f"a{secret}b"


def test_an_empty_text_is_no_secret() -> None:
    assert Redactor([""]).data({"a": "", "b": "text"}) == {"a": "", "b": "text"}


def test_data_is_cleaned_in_values_names_and_numbers() -> None:
    redactor = Redactor(["hunter2", "123456", "7"])
    data = {"hunter2": 1, "x": ["the hunter2", ("hunter2",), 123456, 0.123456], "n": 7, "y": True, "z": None}

    assert redactor.data(data) == {
        "[redacted]": 1,
        "x": ["the [redacted]", ["[redacted]"], "[redacted]", "[redacted]"],
        "n": 7,
        "y": True,
        "z": None,
    }


def test_names_that_look_alike_afterwards_keep_their_values() -> None:
    assert Redactor(["hunter1", "hunter2"]).data({"hunter1": 1, "hunter2": 2}) == {"[redacted]": 1, "[redacted] 2": 2}


def test_a_secret_learnt_later_is_replaced_from_then_on() -> None:
    redactor = Redactor(["hunter1"])
    assert redactor.text("hunter2") == "hunter2"
    redactor.learn("hunter2", "x")

    assert [redactor.text(text) for text in ("hunter2", "x", "xx")] == [REDACTED, REDACTED, "xx"]
    assert redactor.text("hunter1 hunter2") == "[redacted] [redacted]"


NAMES = st.text().filter(lambda name: name.casefold() not in FIELDS)


@given(data=st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_without_secrets_nothing_is_changed(data: Any) -> None:
    assert Redactor().data(data) == data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=20).map("#~".__add__), around=AROUND)
def test_no_file_of_a_run_holds_a_known_secret(tmp_path_factory: Any, clock: Clock, secret: str, around: str) -> None:
    outputs: Path = tmp_path_factory.mktemp("outputs")
    redactor = Redactor([secret])
    run = RunDirectory.create(outputs, "contoso", "run", redactor)
    spelt = {name: encode(around + secret + around) for name, encode in ENCODINGS.items()}
    data = {"all": spelt, secret: [secret, {"deep": f"<{secret}>"}], "json": json.dumps(spelt)}

    with run.journal(clock) as journal:
        journal.record(f"failed with {secret}", data=data, whole=secret)
    run.write_json("before.json", data)
    run.write_text("report.html", html.escape(json.dumps(data)))
    run.keep_answers("sync-server", Answer("host", data, "2026-11-22T15:11:43Z", secret))

    files = [path for path in outputs.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {JOURNAL, LEDGER, "before.json", "report.html"}
    assert len(files) == 5
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not survives(secret, text)
        assert json.dumps(secret)[1:-1] not in text
        assert quote(secret, safe="") not in text


def test_a_long_text_is_cleaned_in_reasonable_time() -> None:
    """Five megabytes with a token of 2,000 characters and a password: seconds would mean a pattern that tries too much."""
    redactor = Redactor(["e" * 2000, "p w:é/😀" * 4])

    assert len(redactor.text("everything else " * 300_000)) == 16 * 300_000
