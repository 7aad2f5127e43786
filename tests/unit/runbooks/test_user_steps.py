"""What a preflight says of the pilot and of the users it samples: by name, once, and never a word about what was not seen."""

from collections.abc import Callable
from typing import Any

import pytest

from runbook_lib.model import Level, Status, StepResult
from tests.rehearsal import PREFLIGHT, Rehearsal, fact, message_of, said

Edit = Callable[[Any], object]
ADELE = "adele@fabrikam.example"


def looked(
    edits: dict[str, Edit] | None = None, tenant: str = "fabrikam", faults: tuple[str, ...] = (), pilot: str = ""
):
    here = Rehearsal(tenant, *faults)
    for name, edit in (edits or {}).items():
        for target in here.targets.values():
            target.edits[name] = edit
    return here.planned(PREFLIGHT, pilot_user=pilot).results


def first(**values: Any) -> Edit:
    """Change the first user of the first domain."""
    return lambda body: body["domains"][0]["users"][0].update(values)


def told(result: StepResult, key: str) -> tuple[Level, dict[str, Any]]:
    (finding,) = [finding for finding in result.findings if finding.message.key == key]
    return finding.level, dict(finding.message.arguments)


def test_users_that_a_reset_would_reach_are_listed_and_nothing_is_said_against_them():
    result = looked()["f6"]

    assert ADELE in fact(result, "users").value
    assert fact(result, "rights-missing-on-users").value == {}
    assert [key for key in said(result) if "user" in key] == []


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("lynne", []),
        ("nestor", ["pilot-disabled"]),
        ("patti", ["pilot-locked-out"]),
        ("pradeep", ["users-protected"]),
        ("megan", ["rights-missing-on-users"]),
        ("nobody", ["pilot-not-in-directory"]),
    ],
)
def test_a_pilot_is_looked_at_in_the_directory(name, keys):
    pilot = f"{name}@fabrikam.example"
    result = looked(pilot=pilot)["f6"]

    about = [finding for finding in result.findings if pilot in str(finding.message.arguments)]
    assert [finding.message.key for finding in about if finding.level is Level.WARNING] == keys
    assert result.status is Status.COMPLIANT


def test_a_right_that_does_not_reach_a_user_is_named_with_the_user_and_the_account():
    level, arguments = told(looked({"directory_users": first(rules=[])})["f6"], "rights-missing-on-users")

    assert level is Level.WARNING
    assert arguments["users"] == (ADELE,)
    assert arguments["rights"] == ("Reset Password", "Write lockoutTime", "Write pwdLastSet")
    assert "\\" in arguments["account"]


def test_what_the_root_lacks_is_told_with_the_root_and_not_again_for_every_user():
    result = looked(faults=("missing_right",))["f6"]

    assert "missing-rights" in said(result)
    assert "rights-missing-on-users" not in said(result)


def test_rights_are_asked_of_users_of_a_domain_whose_root_was_not_told():
    def move(body: Any) -> None:
        body["domains"][0]["dn"] = "DC=elsewhere"
        body["domains"][0]["users"][0]["rules"] = []

    result = looked({"directory_users": move})["f6"]

    assert told(result, "rights-missing-on-users")[1]["users"] == (ADELE,)


def test_a_user_without_inheritance_is_named_by_its_place_when_it_has_no_other_name():
    edit = first(inherits=False, user_principal_name=None)
    _, arguments = told(looked({"directory_users": edit})["f6"], "users-without-inheritance")

    assert arguments["users"][0].startswith("CN=Adele Vance,")


def test_a_protected_user_is_told_to_be_protected_and_nothing_that_follows_from_it():
    result = looked({"directory_users": first(admin_count=1, inherits=False, rules=[])})["f6"]

    assert told(result, "users-protected")[1] == {"users": (ADELE,)}
    assert not {"users-without-inheritance", "rights-missing-on-users"} & set(said(result))


def test_rights_for_users_only_are_a_note_about_the_other_class():
    level, arguments = told(looked()["f6"], "inetorgperson-not-covered")

    assert (level, arguments) == (Level.NOTE, {"dn": "DC=fabrikam,DC=example"})


def test_users_that_cannot_be_looked_at_are_said_and_what_else_was_found_stays():
    results = looked({"directory_users": lambda body: body.pop("domains")})

    told_why = said(results["f6"])
    assert told_why[told_why.index("users-not-readable") + 1] == "unexpected-shape"
    assert fact(results["f6"], "users").provenance == "unknown"
    assert fact(results["f6"], "missing-rights").value
    assert not any(key.startswith("users-") for key in said(results["f7"]))


def test_without_a_second_hop_nothing_is_said_of_users():
    assert [key for key in said(looked(faults=("double_hop",))["f6"]) if "users" in key] == []


def row(**values: Any) -> Edit:
    """The report tells of Alex, in another spelling of the name."""
    told_of = {"userPrincipalName": "ALEX@fabrikam.example", "isSsprEnabled": True, "isSsprRegistered": True} | values
    return lambda body: body["value"].append(told_of)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, None),
        ({"isSsprRegistered": False}, "users-not-registered"),
        ({"isSsprEnabled": False, "isSsprRegistered": False}, "users-not-covered"),
    ],
)
def test_sampled_users_are_looked_up_in_the_report(values, key):
    result = looked({"sspr_registrations": row(**values)})["f7"]

    if key:
        assert told(result, key) == (Level.WARNING, {"users": ("alex@fabrikam.example",), "total": 5})
    assert [one for one in said(result) if one in ("users-not-registered", "users-not-covered")] == [key] * bool(key)


def test_a_report_without_a_user_is_a_note_because_it_lags():
    level, arguments = told(looked()["f7"], "users-not-in-report")

    assert level is Level.NOTE
    assert arguments == {"users": ("alex@fabrikam.example", "lidia@fabrikam.example"), "total": 5}


def test_a_report_that_has_everybody_leaves_nothing_to_say():
    def everybody(body: Any) -> None:
        for name in ("alex", "lidia"):
            row(userPrincipalName=f"{name}@fabrikam.example")(body)

    assert "users-not-in-report" not in said(looked({"sspr_registrations": everybody})["f7"])


def test_the_pilot_and_who_cannot_sign_in_are_not_part_of_the_sample():
    result = looked({"directory_users": first(enabled=False)}, pilot="alex@fabrikam.example")["f7"]

    assert message_of(result, "users-not-in-report").arguments["users"] == tuple(
        f"{name}@fabrikam.example" for name in ("lidia", "megan")
    )
