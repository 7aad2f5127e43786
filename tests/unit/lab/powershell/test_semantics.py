"""The interpreter agrees with the documentation, case by case; tests/data/powershell/semantics.yaml cites each."""

import base64
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[4]
CASES = yaml.safe_load((ROOT / "tests" / "data" / "powershell" / "semantics.yaml").read_text(encoding="utf-8"))
STRICT = "Set-StrictMode -Version 2.0\n$ErrorActionPreference = 'Stop'\n"
# The way of the kit's own bootstrap: arguments as base64 JSON on standard input, the answer as base64 JSON on a line.
ECHO = STRICT + (
    "$encoded = ''\nforeach ($line in $input) { $encoded = $encoded + $line }\n"
    "$request = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($encoded)) | ConvertFrom-Json\n"
    "$json = ConvertTo-Json -InputObject @{ value = $request.value } -Compress\n"
    "[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))\n"
)


def error_id(err):
    """The FullyQualifiedErrorId in the view of an error, which wraps like a console."""
    return re.search(r"FullyQualifiedErrorId : (.*) $", clixml_text(err))[1]


def clixml_text(err):
    """The text of the error stream, unwrapped."""
    return "".join(re.findall(r'<S S="Error">(.*?)_x000D__x000A_</S>', err))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_documented_behaviour(case, shell):
    """Each case of the table gives the documented output, or ends with the documented error."""
    culture = case.get("culture", "en-US")
    outcome = shell((STRICT if case.get("strict", True) else "") + case["script"], culture=culture)
    if "error" in case:
        assert (outcome.code, error_id(outcome.err)) == (1, case["error"])
    else:
        assert "LabUnsupported" not in outcome.err
        assert outcome.out == "".join(f"{line}\r\n" for line in case["out"])


def test_every_case_names_its_source():
    """A case without a source is an opinion."""
    assert all(case["source"] for case in CASES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.recursive(st.text() | st.booleans() | st.none() | st.integers(-(2**63), 2**63 - 1), st.lists, max_leaves=4)
)
def test_data_comes_back_as_it_was_sent(value, shell):
    """Any JSON value sent as an argument comes back identical, whatever signs its text holds."""
    # A list of one comes back as a list only while it stays an argument: property access would unroll it.
    request = base64.b64encode(json.dumps({"value": {"kept": value}}).encode())
    outcome = shell(ECHO.replace("-Compress", "-Depth 99 -Compress"), stdin=request)
    assert outcome.code == 0
    assert json.loads(base64.b64decode(outcome.out)) == {"value": {"kept": value}}
