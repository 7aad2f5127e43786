"""A tenant's file and a notebook's values become parameters, or every problem is said with its place."""

from collections.abc import Callable
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from runbook_lib.errors import ParameterError
from runbook_lib.parameters import (
    InvalidParametersError,
    Problem,
    SecretReference,
    check_parameters,
    for_plan,
    parameter_names,
    read_parameters,
    unknown_names,
    wanted,
)
from runbook_lib.parameters.check import check
from runbook_lib.parameters.document import Document
from runbook_lib.texts import LANGUAGES

Change = Callable[..., dict[str, Any]]
Write = Callable[[Any], Path]

CHANGE = {
    "system": "servicenow",
    "number": "CHG1",
    "address": "https://example.service-now.com",
    "username": "svc-runbook",
    "credential": "env:CHANGE",
}


def problems_of(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return field and message key of every problem; none when there is none."""
    try:
        check_parameters(values)
    except InvalidParametersError as error:
        return [(each.field, each.message.key) for each in error.problems]
    return []


def lines_of(path: Path) -> list[tuple[int | None, str, str]]:
    """Return line, field and message key of every problem of a file."""
    with pytest.raises(InvalidParametersError) as caught:
        read_parameters(path)
    return [(each.line, each.field, each.message.key) for each in caught.value.problems]


def test_a_file_and_a_notebook_give_the_same_parameters(changed: Change, written: Write) -> None:
    assert read_parameters(written(changed())) == check_parameters(changed())


def test_values_are_normalised_so_that_one_tenant_has_one_spelling(changed: Change) -> None:
    read = check_parameters(changed(sync_server__endpoint="HTTPS://Sync1.Contoso.COM:5986/WSMan"))

    assert read.tenant.id == "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f"
    assert read.sync_server.endpoint == "https://sync1.contoso.com:5986/wsman"


def test_what_is_left_out_changes_nothing_by_itself(changed: Change) -> None:
    """The defaults plan only, by the supported way, without restarts, cycles or rights."""
    read = check_parameters(changed())

    assert (read.mode, read.sspr.provider, read.grant_permissions) == ("plan", "guided", False)
    assert (read.connect.restart_service, read.connect.start_delta_cycle) == (False, False)


def test_a_key_without_a_value_is_as_if_left_out(changed: Change) -> None:
    empty = changed(
        sspr=None, connect=None, change=None, pilot_user="", run_id=None, approved_plan=None, attestation=None
    )
    empty["sync_server"] |= {"ca_file": None, "key_file": "", "other_endpoints": None}

    assert check_parameters(empty) == check_parameters(changed())


def test_every_problem_of_a_file_is_said_at_once_with_its_line(written: Write) -> None:
    path = written(
        "profil: lab\n"
        "language: de\n"
        "tenant:\n"
        "  id: 123\n"
        "  name: ../../x\n"
        "sync_server:\n"
        "  endpoint: sync1\n"
        "  transport: ntlm\n"
        "  username: 'A\\b'\n"
        "  deadline_seconds: 5\n"
        "  other_endpoints: [https://a:1/wsman, b]\n"
        "sign_in:\n"
        "  method: secret\n"
        "  client_id: no\n"
        "  secret: env:A\n"
        "  secret: env:B\n"
        "sspr: !!python/object:os.system {}\n"
        "change: {number: 12345}\n"
        "run_id: &id x\n"
        "mode: 2026-11-22\n"
    )

    assert lines_of(path) == [
        (1, "profile", "parameter-missing"),
        (1, "profil", "parameter-unknown-near"),
        (2, "language", "parameter-not-a-choice"),
        (4, "tenant.id", "parameter-unquoted-number"),
        (5, "tenant.name", "parameter-not-a-folder-name"),
        (6, "sync_server.password", "parameter-needed-with"),
        (7, "sync_server.endpoint", "parameter-not-an-endpoint"),
        (10, "sync_server.deadline_seconds", "parameter-too-small"),
        (11, "sync_server.other_endpoints[2]", "parameter-not-an-endpoint"),
        (14, "sign_in.client_id", "parameter-unquoted-yes-or-no"),
        (16, "sign_in.secret", "yaml-twice"),
        (17, "sspr", "yaml-tag"),
        (18, "change.number", "parameter-unquoted-number"),
        (18, "change.system", "parameter-needed-with"),
        (19, "run_id", "yaml-anchor"),
        (20, "mode", "parameter-not-a-choice"),
    ]


def test_the_text_of_the_error_has_one_line_a_problem_in_either_language(written: Write) -> None:
    path = written("profil: lab\nlanguage: de\n")
    with pytest.raises(ParameterError) as caught:
        read_parameters(path)

    for language in LANGUAGES:
        lines = caught.value.say(language).splitlines()
        assert len(lines) == len(lines_of(path))
        assert all(line.startswith(f"{path}:") for line in lines)
    assert str(caught.value) == caught.value.say("en")
    assert caught.value.exit_code == 2


def test_thousands_of_problems_are_counted_not_listed() -> None:
    with pytest.raises(InvalidParametersError) as caught:
        check_parameters({f"key{number}": 1 for number in range(3000)})

    lines = caught.value.say("en").splitlines()
    assert len(lines) == 41
    assert lines[-1] == f"… and {len(caught.value.problems) - 40} more."


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        (b"", None, "file-empty"),
        (b"# nothing\n", None, "file-empty"),
        (b"---\n...\n", None, "file-empty"),
        (b"PK\x03\x04\x00\x00", None, "file-binary"),
        ("profile: lab\n".encode("utf-16"), None, "file-utf16"),
        (b"a: 1\nb: caf\xe9\n", 2, "file-not-utf8"),
        (b"a: 1\nb: \x07\n", 2, "file-control-character"),
        (b"#" * (256 * 1024 + 1), None, "file-too-large"),
        (b"just words\n", 1, "yaml-not-a-mapping"),
        (b"- a\n- b\n", 1, "yaml-not-a-mapping"),
        (b"a: 1\n\tb: 2\n", 2, "yaml-tab"),
        (b"a:\n  - x\n\t- y\n", 3, "yaml-tab"),
        (b'a: 1\nb: "LAB\\svc"\n', 2, "yaml-escape"),
        (b'a: "\\xZZ"\n', 1, "yaml-escape"),
        (b"a: 1\nb: c: d\n", 2, "yaml-colon"),
        (b"a: 'x\n", 2, "yaml-syntax"),
        (b'a: "\\UFFFFFFFF"\n', None, "yaml-syntax"),
        (b"[" * 5000, 1, "yaml-too-deep"),
        (b"a: [" + b"1," * 5000 + b"]\n", 1, "yaml-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_understood_has_one_problem_that_says_why(
    written: Write, content: bytes, line: int | None, key: str
) -> None:
    found = lines_of(written(content))

    assert [(at, what) for at, _, what in found] == [(line, key)]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("---\na: 1\n---\nb: 1\n", "yaml-several-documents"),
        ("a: &x [*x]\n", "yaml-anchor"),
        ("<<: {a: 1}\n", "parameter-unknown"),
        ("? [a, b]\n: 1\n", "yaml-key"),
        ("!!binary YQ==: 1\n", "yaml-key"),
        ("tenant: {id: !!binary YQ==}\n", "yaml-tag"),
        ("tenant: {id: 2026-13-45}\n", "parameter-unquoted-date"),
        ("tenant: {id: 0x1F}\n", "parameter-unquoted-number"),
        ("tenant: {id: 12:30:45}\n", "parameter-unquoted-number"),
    ],
)
def test_what_yaml_can_do_beyond_plain_values_is_refused(written: Write, content: str, key: str) -> None:
    assert key in {what for _, _, what in lines_of(written(content))}


@pytest.mark.parametrize("name", ["", "missing.yml", "\0", "\ud800"])
def test_a_file_that_cannot_be_opened_is_a_problem_of_the_file(tmp_path: Path, name: str) -> None:
    assert lines_of(tmp_path / name)[0][2] in {"file-not-a-file", "file-unreadable"}


def test_a_byte_order_mark_is_no_problem(changed: Change, written: Write) -> None:
    path = written(changed())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read_parameters(path) == check_parameters(changed())


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("profile", "prod", "parameter-not-a-choice"),
        ("mode", "aply", "parameter-not-a-choice-near"),
        ("mode", True, "parameter-not-a-choice"),
        ("tenant", "contoso", "parameter-not-a-section"),
        ("tenant", ["contoso"], "parameter-not-a-section"),
        ("tenant__name", "Contoso", "parameter-not-a-folder-name"),
        ("tenant__name", "a..b", "parameter-not-a-folder-name"),
        ("tenant__name", "con.x", "parameter-not-a-folder-name"),
        ("tenant__name", "a.", "parameter-not-a-folder-name"),
        ("tenant__id", "1a2b3c4d", "parameter-not-a-guid"),
        ("tenant__id", None, "parameter-not-text"),
        ("sync_server__endpoint", "https://sync1.contoso.com/wsman", "parameter-not-an-endpoint"),
        ("sync_server__endpoint", "https://sync1:70000/wsman", "parameter-not-an-endpoint"),
        ("sync_server__endpoint", "https://10.0.0.300:5986/wsman", "parameter-not-an-endpoint"),
        ("sync_server__endpoint", "https://user:pw@sync1:5986/wsman", "parameter-not-an-endpoint"),
        ("sync_server__endpoint", "https://sync1:5986/wsman?a", "parameter-not-an-endpoint"),
        ("sync_server__username", "svc\nrunbook", "parameter-hidden-character"),
        ("sync_server__username", "A\\b\\c", "parameter-not-a-user"),
        ("sync_server__username", "CONTOSO\\ ", "parameter-not-a-user"),
        ("sync_server__username", "a@", "parameter-not-a-upn"),
        ("sync_server__deadline_seconds", "60", "parameter-not-a-number"),
        ("sync_server__deadline_seconds", True, "parameter-not-a-number"),
        ("sync_server__deadline_seconds", 3601, "parameter-too-large"),
        ("sync_server__other_endpoints", "https://a:1/wsman", "parameter-not-a-list"),
        ("sync_server__use_environment_proxy", "false", "parameter-not-yes-or-no"),
        ("sync_server__ca_file", "\u202egnp.exe", "parameter-hidden-character"),
        ("sync_server__ca_file", "x" * 1025, "parameter-too-long"),
        ("sync_server__password", "keyvault:v/name", "secret-malformed"),
        ("sync_server__password", "env:", "secret-malformed"),
        ("sync_server__password", "keyring:service", "secret-malformed"),
        ("sync_server__password", "lab:x", "secret-lab-in-live"),
        ("sync_server__password", 123456, "secret-literal"),
        ("connect__wait_seconds", -1, "parameter-too-small"),
        ("pilot_user", "pilot", "parameter-not-a-upn"),
        ("change__number", "CHG 1", "parameter-not-a-change-number"),
        ("approved_plan", "abc", "parameter-not-a-digest"),
        ("run_id", "../x", "parameter-not-a-run-id"),
        ("attestation", " ", "parameter-not-a-file"),
        ("grant_permission", True, "parameter-unknown-near"),
        ("colour", "red", "parameter-unknown"),
    ],
)
def test_a_wrong_value_is_named_with_the_reason(changed: Change, field: str, value: Any, key: str) -> None:
    assert (field.replace("__", "."), key) in problems_of(changed(**{field: value}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sync_server__transport": "basic", "sync_server__password": ...}, ["sync_server.password"]),
        ({"sync_server__transport": "basic", "sync_server__endpoint": "http://s:5985/wsman"}, ["sync_server.endpoint"]),
        (
            {"sync_server__transport": "certificate"},
            ["sync_server." + name for name in ("certificate_file", "key_file", "password", "username")],
        ),
        ({"sync_server__certificate_file": "c.pem"}, ["sync_server.certificate_file"]),
        ({"sync_server__kerberos_delegation": True}, ["sync_server.kerberos_delegation"]),
        ({"sync_server__transport": "kerberos"}, ["sync_server.password", "sync_server.username"]),
        ({"sync_server__kerberos_hostname": "sync1.contoso.com"}, ["sync_server.kerberos_hostname"]),
        (
            {"sync_server__other_endpoints": ["https://SYNC1.contoso.com:5986/wsman"]},
            ["sync_server.other_endpoints[1]"],
        ),
        ({"sign_in__client_id": ...}, ["sign_in.client_id"]),
        ({"sign_in__secret": "env:A"}, ["sign_in.secret"]),
        ({"sign_in__method": "secret"}, ["sign_in.secret"]),
        ({"sign_in__method": "certificate"}, ["sign_in.certificate_file"]),
        (
            {"sign_in__method": "secret", "sign_in__secret": "env:A", "sspr__provider": "portal-api"},
            ["sspr.provider"],
        ),
        ({"change__system": "jira-cloud"}, ["change.number"]),
        ({"change__number": "OPS-1"}, ["change.system"]),
        ({"change__address": "https://jira.contoso.com"}, ["change.address"]),
        ({"change": {"system": "none", "gate": True, "attach": True}}, ["change.attach", "change.gate"]),
        (
            {"change": {"system": "servicenow", "number": "CHG1", "attach": True}},
            ["change.address", "change.credential"],
        ),
        ({"change": CHANGE | {"gate": True, "credential": None}}, ["change.credential"]),
        ({"change": CHANGE | {"client_id": "abc"}}, ["change.client_id"]),
        ({"change": CHANGE | {"system": "jira-cloud", "username": None}}, ["change.username"]),
        ({"change": CHANGE | {"system": "jira-data-center", "client_id": "abc"}}, ["change.client_id"]),
        ({"change": CHANGE | {"credential": "lab:x"}}, ["change.credential"]),
        (
            {
                "profile": "lab",
                "sync_server__endpoint": "https://localhost:15986/wsman",
                "change": CHANGE | {"address": "https://example.service-now.com"},
            },
            ["change.address"],
        ),
        ({"profile": "lab"}, ["sync_server.endpoint"]),
        ({"sync_server": {"transport": "kerberos"}}, ["sync_server.endpoint"]),
        ({"sync_server": {}}, ["sync_server.endpoint", "sync_server.transport"]),
        ({"sync_server": {"method": "winrm"}}, ["sync_server.method"]),
        (
            {"sync_server__method": "guided"},
            ["sync_server." + name for name in ("endpoint", "password", "transport", "username")],
        ),
        (
            {
                "sync_server": {"method": "guided", "other_endpoints": ["https://s2:5986/wsman"]},
                "grant_permissions": True,
            },
            ["grant_permissions", "sync_server.other_endpoints"],
        ),
        (
            {
                "sync_server": {"method": "guided"},
                "connect": {"restart_service": True, "start_delta_cycle": True},
            },
            ["connect.restart_service", "connect.start_delta_cycle"],
        ),
    ],
    ids=str,
)
def test_what_one_choice_needs_or_cannot_use_is_said(
    changed: Change, changes: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(field for field, _ in problems_of(changed(**changes))) == sorted(expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"sync_server__transport": "kerberos", "sync_server__username": ..., "sync_server__password": ...},
        {"sync_server__endpoint": "http://10.0.0.3:5985/wsman"},
        {"sync_server__endpoint": "https://[fe80::1]:5986/wsman"},
        {"sync_server__username": "O'Brien$é`;|&"[:8]},
        {"sync_server__username": "svc@contoso.com"},
        {"sign_in": {"method": "managed-identity"}},
        {"profile": "lab", "sync_server__endpoint": "https://localhost:15986/wsman", "sync_server__password": "lab:x"},
        {"sync_server__ca_file": "C:\\Certificats\\Autorité interne.pem"},
        {"change": {"system": "jira-cloud", "number": "OPS-1234"}},
        {"change": CHANGE | {"attach": True, "gate": True}},
        {"change": CHANGE | {"username": None, "client_id": "0a1b"}},
        {"change": CHANGE | {"system": "jira-data-center", "username": None}},
        {"change": CHANGE | {"system": "jira-cloud", "username": "svc@contoso.com"}},
        {"sync_server": {"method": "guided"}},
        {"sync_server": {"method": "guided", "deadline_seconds": 60, "endpoint": None, "other_endpoints": []}},
    ],
    ids=str,
)
def test_what_operators_really_have_is_accepted(changed: Change, changes: dict[str, Any]) -> None:
    assert problems_of(changed(**changes)) == []


@pytest.mark.parametrize("value", [float("nan"), object(), {1: 2}, {"a": {"b": object()}}, b"bytes", 10**400, {1, 2}])
def test_a_notebook_may_hold_anything(changed: Change, value: Any) -> None:
    """A value that no YAML file could hold is refused like any other wrong value."""
    for name in (*parameter_names(), "sync_server__password", "sync_server__other_endpoints", "unheard_of"):
        assert problems_of(changed(**{name: value})) != []


def test_a_notebook_may_hold_what_other_libraries_make_of_texts_and_numbers(changed: Change) -> None:
    class Word(StrEnum):
        FRENCH = "fr"

    class Count(IntEnum):
        SIXTY = 60

    read = check_parameters(changed(language=Word.FRENCH, connect__wait_seconds=Count.SIXTY))

    assert type(read.language) is str
    assert (read.language, read.connect.wait_seconds) == ("fr", 60)


def test_a_complaint_that_has_no_words_of_its_own_is_still_a_problem_with_a_place() -> None:
    class Unforeseen(BaseModel):
        code: Annotated[str, Field(min_length=9)]

    read, problems = check(Unforeseen, Document("x.yml", {"code": "hunter2"}, {("code",): 3}), lambda _: iter(()))

    assert read is None
    assert [(each.place, each.field, each.message.key) for each in problems] == [
        ("x.yml:3", "code", "parameter-not-right")
    ]


def test_the_names_are_those_of_the_design() -> None:
    assert parameter_names() == (
        "profile",
        "language",
        "tenant",
        "sync_server",
        "sign_in",
        "sspr",
        "connect",
        "grant_permissions",
        "pilot_user",
        "change",
        "evidence",
        "mode",
        "approved_plan",
        "approvals",
        "attestation",
        "rollback_of",
        "run_id",
    )


def test_a_misspelt_name_in_a_notebook_is_found_with_the_name_that_was_meant() -> None:
    found = unknown_names(["mode", "mdoe", "x" * 5000])

    assert [each.message.key for each in found] == ["parameter-unknown-near", "parameter-unknown"]
    assert found[0] == Problem("notebook", None, "mdoe", found[0].message)
    assert "mode" in found[0].fix("fr")
    assert len(found[1].say("en")) < 500


@pytest.mark.parametrize("kept", ["encrypted", "plain-file"])
def test_tokens_are_kept_for_people_only(changed: Change, kept: str) -> None:
    """An application that is asked to keep its tokens is an error; that they are in memory is true of it as well."""
    secret = {"sign_in__method": "secret", "sign_in__secret": "env:A"}

    for method in ("device-code", "interactive"):
        assert problems_of(changed(sign_in__method=method, sign_in__token_cache=kept)) == []
    assert problems_of(changed(**secret, sign_in__token_cache=kept)) == [
        ("sign_in.token_cache", "parameter-unused-with")
    ]
    assert problems_of(changed(**secret, sign_in__token_cache="memory")) == []


def test_where_tokens_are_kept_is_part_of_the_plan(changed: Change) -> None:
    """Who approves a plan with tokens in memory did not approve that they stay on the machine."""
    kept = check_parameters(changed(sign_in__token_cache="plain-file"))

    assert for_plan(kept) != for_plan(check_parameters(changed()))
    assert wanted(kept).tokens_kept == "plain-file"
    assert wanted(check_parameters(changed())).tokens_kept == "memory"


def test_the_plan_holds_references_and_nothing_that_may_differ_when_it_is_applied(changed: Change) -> None:
    planned = for_plan(check_parameters(changed()))
    applied = for_plan(
        check_parameters(changed(mode="apply", approved_plan="A" * 64, language="fr", run_id="r", attestation="a.yml"))
    )

    assert planned == applied
    assert planned["sync_server"]["password"] == "env:SYNC_PASSWORD"
    assert planned["sync_server"]["other_endpoints"] == []
    theirs = {"language", "evidence", "mode", "approved_plan", "approvals", "attestation", "run_id"}
    assert planned.keys() == set(parameter_names()) - theirs


def test_of_the_change_record_only_what_decides_who_may_approve_is_part_of_a_plan(changed: Change) -> None:
    def planned(**of_the_change: Any) -> Any:
        return for_plan(check_parameters(changed(change=CHANGE | of_the_change)))

    for_nothing = {"username": "other", "credential": "env:OTHER", "ca_file": "ca.pem", "attach": True}
    assert all(planned(**{name: value}) == planned() for name, value in for_nothing.items())
    decisive = {"number": "CHG2", "address": "https://other.service-now.com", "gate": True}
    assert all(planned(**{name: value}) != planned() for name, value in decisive.items())
    assert planned()["change"].keys() == {"system", "number", "address", "gate"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Example.Service-Now.com/", "https://example.service-now.com"),
        ("https://jira.contoso.com:8443/jira/", "https://jira.contoso.com:8443/jira"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_address_of_a_change_system_is_kept_without_its_last_slash(changed: Change, given: str, kept: str) -> None:
    assert check_parameters(changed(change=CHANGE | {"address": given})).change.address == kept


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("http://jira.contoso.com", "parameter-site-not-https"),
        ("https://user:pw@jira.contoso.com", "parameter-not-a-site"),
        ("https://jira.contoso.com/browse?x=1", "parameter-not-a-site"),
        ("https://jira.contoso.com/a/../b", "parameter-not-a-site"),
        ("https://jira.contoso.com:99999", "parameter-not-a-site"),
        ("jira.contoso.com", "parameter-not-a-site"),
        ("ftp://jira.contoso.com", "parameter-not-a-site"),
    ],
)
def test_an_address_that_would_show_the_credential_or_is_none_is_refused(changed: Change, given: str, key: str) -> None:
    assert problems_of(changed(change=CHANGE | {"address": given})) == [("change.address", key)]


def test_what_is_wanted_is_what_the_parameters_say(changed: Change) -> None:
    asked = wanted(
        check_parameters(
            changed(
                sspr={"provider": "portal-api", "unlock": False},
                connect={"restart_service": True, "wait_seconds": 7},
                grant_permissions=True,
                sync_server__other_endpoints=["https://s2:5986/wsman"],
            )
        )
    )

    assert (asked.tenant_id, asked.tenant_name) == ("1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f", "contoso")
    assert (asked.provider, asked.write_back, asked.unlock) == ("portal-api", True, False)
    assert (asked.restart_service, asked.start_delta_cycle, asked.wait_seconds) == (True, False, 7)
    assert (asked.grant_permissions, asked.other_servers) == (True, ("https://s2:5986/wsman",))


def test_a_server_left_to_a_person_is_wanted_by_hand(changed: Change) -> None:
    read = check_parameters(changed(sync_server={"method": "guided"}))

    assert wanted(read).server_by_hand
    assert (read.sync_server.endpoint, read.sync_server.transport) == (None, None)
    assert not wanted(check_parameters(changed())).server_by_hand
    assert check_parameters(read.model_dump(mode="json")) == read


def test_a_reference_is_kept_not_resolved(changed: Change) -> None:
    assert check_parameters(changed()).sync_server.password == SecretReference("env", "SYNC_PASSWORD")


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ({"evidence": {"approvals_needed": 2}}, "approvals_needed"),
        ({"evidence": {"attestations_signed": True}}, "attestations_signed"),
        ({"approvals": ["a.dsse.json"]}, "approvals"),
    ],
)
def test_signatures_cannot_be_asked_for_without_a_roster(changed: Change, given: dict[str, Any], choice: str) -> None:
    with pytest.raises(InvalidParametersError) as refused:
        check_parameters({**changed(), **given})

    (problem,) = refused.value.problems
    assert (problem.field, problem.message.arguments) == ("evidence.roster", {"choice": choice})
    assert check_parameters({**changed(), **given, "evidence": {"roster": "r.json", **given.get("evidence", {})}})


@pytest.mark.parametrize(
    "given", [{"signing_key": "file:keys/sealer.pem"}, {"time_stamp": "http://stamp.example.com/tsa"}]
)
def test_who_names_a_key_or_an_authority_for_the_seal_wants_one(changed: Change, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidParametersError) as refused:
        check_parameters({**changed(), "evidence": given})

    (problem,) = refused.value.problems
    assert (problem.field, problem.message.arguments) == ("evidence.seal", {"choice": next(iter(given))})
    assert check_parameters({**changed(), "evidence": {"seal": True, **given}})


@pytest.mark.parametrize(
    "address",
    ["stamp.example.com", "ftp://stamp.example.com", "http://ana@stamp.example.com", "http://x/../y", "http://x/?a=b"],
)
def test_what_is_no_address_of_a_time_stamp_authority_is_refused(changed: Change, address: str) -> None:
    with pytest.raises(InvalidParametersError) as refused:
        check_parameters({**changed(), "evidence": {"seal": True, "time_stamp": address}})

    assert [problem.message.key for problem in refused.value.problems] == ["parameter-not-an-authority"]
