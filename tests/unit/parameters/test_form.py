"""The form has every key that is the operator's, and what it holds becomes parameters and comes back the same."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from runbook_lib.parameters import Parameters, check_parameters, filled, form, literal_secrets, nested, uses
from runbook_lib.parameters.document import UNREADABLE, Dated
from runbook_lib.parameters.form import NOT_IN_THE_FORM
from runbook_lib.parameters.secret import KINDS
from runbook_lib.texts.panels.form import CHOICE_WORDS, FIELD_WORDS, SECRET_KINDS, SECTION_TITLES
from tests.unit.parameters.valid import OF_THE_OPERATOR

FIELDS = {field.name: field for section in form() for field in section.fields}


def keys(shape: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, field in shape.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from keys(kind, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def test_every_key_is_in_the_form_but_those_with_a_reason_and_nothing_else_is() -> None:
    assert list(FIELDS) == [name for name in keys(Parameters) if name not in NOT_IN_THE_FORM]
    assert set(NOT_IN_THE_FORM) == {"mode", "approved_plan", "approvals", "attestation", "rollback_of", "run_id"}


def test_every_section_field_choice_and_kind_of_secret_has_its_words_and_no_other_has() -> None:
    assert list(SECTION_TITLES) == [section.name for section in form()]
    assert list(FIELD_WORDS) == list(FIELDS)
    assert {name: list(words) for name, words in CHOICE_WORDS.items()} == {
        name: list(field.choices) for name, field in FIELDS.items() if field.choices
    }
    assert set(SECRET_KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("name", "kind", "is_required", "default"),
    [
        ("profile", "choice", True, None),
        ("tenant.cloud", "choice", False, "global"),
        ("sync_server.method", "choice", False, "powershell"),
        ("sync_server.endpoint", "text", False, None),
        ("sync_server.ca_file", "text", False, None),
        ("sync_server.password", "secret-reference", False, None),
        ("sync_server.deadline_seconds", "number", False, 120),
        ("sync_server.other_endpoints", "list", False, ()),
        ("sspr.write_back", "yes-no", False, True),
    ],
)
def test_a_field_says_what_the_model_says_of_its_key(name: str, kind: str, is_required: bool, default: object) -> None:
    field = FIELDS[name]

    assert (field.kind, field.is_required, field.default) == (kind, is_required, default)


def test_a_number_says_its_bounds() -> None:
    assert (FIELDS["connect.wait_seconds"].lowest, FIELDS["connect.wait_seconds"].highest) == (0, 3600)


@given(OF_THE_OPERATOR)
def test_parameters_go_through_the_form_unchanged(values: dict[str, object]) -> None:
    parameters = check_parameters(values)

    assert check_parameters(nested(filled(parameters.model_dump(mode="json")))) == parameters


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.booleans() if field.kind == "yes-no" else st.text() for name, field in FIELDS.items()}
    )
)
def test_whatever_is_typed_is_data_and_looks_the_same_when_it_is_read_again(typed: dict[str, str | bool]) -> None:
    """But for a secret typed in clear, which is not taken over, and for what means the same: empty lines, an emptied default."""
    once = filled(nested(typed))

    assert filled(nested(once)) == once
    for name, entry in typed.items():
        field = FIELDS[name]
        if entry and field.kind in ("text", "choice", "number", "yes-no"):
            assert once[name] == entry


def test_an_untouched_form_lacks_only_what_is_required() -> None:
    data = nested({})

    assert {name for name, field in FIELDS.items() if field.is_required} == {
        "profile",
        "tenant.id",
        "tenant.name",
        "sign_in.method",
    }
    assert [use.at[1] for use in uses(data) if use.kind == "needed"] == ["endpoint", "transport"]
    assert data["tenant"] == {"cloud": "global"}
    assert data["connect"] == {"restart_service": False, "start_delta_cycle": False, "wait_seconds": 300}


def test_what_a_wrong_file_holds_is_shown_as_far_as_it_can_be() -> None:
    entries = filled(
        {
            "profile": "real",
            "tenant": {"id": 7, "name": Dated("2026-11-22")},
            "sync_server": {
                "endpoint": UNREADABLE,
                "username": True,
                "other_endpoints": ["a", 1],
                "deadline_seconds": "x",
            },
            "sign_in": ["device-code"],
            "grant_permissions": "yes",
            "run_id": "x",
        }
    )

    assert entries["profile"] == "real"
    assert (entries["tenant.id"], entries["tenant.name"]) == ("7", "2026-11-22")
    assert (entries["sync_server.endpoint"], entries["sync_server.username"]) == ("", "")
    assert (entries["sync_server.other_endpoints"], entries["sync_server.deadline_seconds"]) == ("a", "x")
    assert (entries["sign_in.method"], entries["grant_permissions"]) == ("", False)


def test_a_secret_that_stands_in_a_file_is_not_shown_and_its_field_is_named() -> None:
    data = {"sync_server": {"password": "hunter2 but longer"}, "sign_in": {"secret": "env:", "key_password": 5}}

    assert "hunter2" not in repr(filled(data))
    assert filled(data)["sign_in.secret"] == "env:"
    assert literal_secrets(data) == ("sync_server.password", "sign_in.key_password")
