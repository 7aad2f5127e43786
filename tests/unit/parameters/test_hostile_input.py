"""Whatever stands in a file or a notebook: parameters or a refusal, no other exception, and no secret in any message."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_lib.errors import AttestationError
from runbook_lib.parameters import (
    InvalidParametersError,
    Parameters,
    check_parameters,
    read_attestation,
    read_parameters,
)
from runbook_lib.parameters.shapes import HIDDEN
from runbook_lib.texts import LANGUAGES

FIELDS = [
    "profile",
    "language",
    "tenant.id",
    "tenant.name",
    "tenant.cloud",
    "sync_server.endpoint",
    "sync_server.transport",
    "sync_server.ca_file",
    "sync_server.username",
    "sync_server.password",
    "sync_server.certificate_file",
    "sync_server.key_file",
    "sign_in.method",
    "sign_in.client_id",
    "sign_in.secret",
    "sign_in.certificate_file",
    "sign_in.key_file",
    "sign_in.key_password",
    "sspr.provider",
    "pilot_user",
    "change.system",
    "change.number",
    "mode",
    "approved_plan",
    "attestation",
    "run_id",
]
HOSTILE = [
    "$(Remove-Item C:\\ -Recurse)",
    "'; Stop-Service ADSync; '",
    '"; & calc.exe #',
    "`$env:PATH`",
    "a\nb",
    "a\r\nSet-Cookie: x",
    "<script>alert(1)</script>",
    "../../x",
    "..\\..\\x",
    "{0}{name}{__class__}",
    "%00%0a",
    "😀",
    "\u202egnp.exe",
    "\u2066שלום\u2069",
    "\ud800",
    "\x00",
    "\x1b[31m",
    "x" * 100_000,
    "",
    " ",
]
# Where any name that can be seen is right: it is opened or sent as data.
FREE = {name for name in FIELDS if name.endswith("_file")} | {"attestation", "sync_server.username"}

KEYS = st.sampled_from(sorted({part for name in FIELDS for part in name.split(".")} | {"connect", "<<", "? ", "&a"}))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=12,
)
# Pieces that YAML gives a meaning to, so that the parser is reached and not only its first complaint.
PIECES = st.sampled_from(
    [
        "tenant",
        "mode",
        ": ",
        ":",
        "\n",
        "\n  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "? ",
        "|\n",
        ">-\n",
        "'",
        '"',
        "\\",
        "\t",
        "# ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "<<",
        "=",
        "~",
        "0o7",
        "1_0",
        "0b_",
        ".inf",
        "2026-11-22",
        "12:30",
        "no",
        "é",
        "\ufeff",
        "\x85",
        "\u2028",
        '"\\ud800"',
        '"\\U00110000"',
        "!<%FF> ",
        "@",
        "`",
    ]
)


def complete() -> dict[str, Any]:
    return {
        "profile": "live",
        "tenant": {"id": "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f", "name": "contoso"},
        "sync_server": {"endpoint": "https://sync1:5986/wsman", "transport": "kerberos"},
        "sign_in": {"method": "device-code", "client_id": "5e6f7a8b-0000-4000-8000-5e6f7a8b9c0d"},
    }


def with_field(name: str, value: Any) -> dict[str, Any]:
    values = complete()
    section, _, key = name.rpartition(".")
    (values.setdefault(section, {}) if section else values)[key] = value
    return values


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "tenant.yml"


def checked(values: dict[str, Any]) -> Parameters | InvalidParametersError:
    try:
        return check_parameters(values)
    except InvalidParametersError as error:
        return error


def outcome(file: Path, content: bytes) -> Parameters | InvalidParametersError:
    file.write_bytes(content)
    try:
        return read_parameters(file)
    except InvalidParametersError as error:
        return error


def is_well_said(found: Parameters | InvalidParametersError) -> bool:
    """Parameters, or at least one problem, each one line in both languages."""
    if isinstance(found, Parameters):
        return True
    lines = [each.say(language) for each in found.problems for language in LANGUAGES]
    return lines != [] and not any("\n" in line for line in lines)


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_parameters_or_a_refusal(file: Path, content: bytes) -> None:
    assert is_well_said(outcome(file, content))


@settings(max_examples=400)
@given(pieces=st.lists(PIECES, max_size=25))
def test_any_arrangement_of_yaml_gives_parameters_or_a_refusal(file: Path, pieces: list[str]) -> None:
    """The same holds for attestations."""
    assert is_well_said(outcome(file, "".join(pieces).encode()))
    with pytest.raises(AttestationError):
        read_attestation(file)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=6))
def test_any_values_of_a_notebook_give_parameters_or_a_refusal(values: dict[str, Any]) -> None:
    assert is_well_said(checked(values))
    assert is_well_said(checked(complete() | values))


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
@pytest.mark.parametrize("name", FIELDS)
def test_a_hostile_text_is_data_of_the_right_shape_or_refused_by_the_name_of_its_field(name: str, value: str) -> None:
    found = checked(with_field(name, value))

    if isinstance(found, Parameters):
        assert value.strip() == "" or name in FREE
        assert not HIDDEN.search(str(found.model_dump()))
    else:
        assert name in {each.field for each in found.problems}
        assert len(found.say("en")) < 3000


@given(
    secret=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=6, max_size=40).map(
        "pw-7 ".__add__
    ),
    name=st.sampled_from(FIELDS),
    quoted=st.booleans(),
)
def test_no_value_is_repeated_in_a_message(file: Path, secret: str, name: str, quoted: bool) -> None:
    """A password may stand in any field, with or without quotes, in a file that is YAML or is not."""
    if quoted:
        content = yaml.safe_dump(with_field(name, secret), allow_unicode=True)
    else:
        content = f"profile: live\n{name.rpartition('.')[2]}: {secret}\nbroken: [\n"
    found = outcome(file, content.encode())

    if isinstance(found, InvalidParametersError):
        for said in (str(found), repr(found), found.say("fr"), repr(found.__cause__), repr(found.problems)):
            assert secret not in said
            assert "pw-7" not in said
