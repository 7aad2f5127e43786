"""C1 to C8: which state of a server, tenant or directory stops, warns or passes, and what is said about it."""

from collections.abc import Callable

import pytest

from runbook_lib.facts.access import RIGHTS
from runbook_lib.model import Status
from runbook_lib.runbooks.writeback_steps import _differences
from runbook_lib.texts.facts import setting_name
from tests.rehearsal import CONNECT, Rehearsal, fact, message_of, said

Edit = Callable[[dict], object]


def looked_at(step: str, *faults: str, tenant: str = "contoso", edits: dict[str, Edit] | None = None, **asked):
    here = Rehearsal(tenant, *faults)
    for name, edit in (edits or {}).items():
        for target in here.targets.values():
            target.edits[name] = edit
    return here.planned(CONNECT, **asked).results[step]


def sets(*path: str, **values) -> Edit:
    """Change values at a place of an answer."""

    def edit(body) -> None:
        for part in path:
            body = body[part]
        body.update(values)

    return edit


BLOCKED = [
    ("c1", "wizard_open", "wizard-open"),
    ("c1", "not_sync_admin", "not-sync-administrator"),
    ("c1", "old_connect", "connect-too-old"),
    ("c1", "version_mismatch", "upgrade-unfinished"),
    ("c2", "staging_mode", "staging-mode"),
    ("c2", "scheduler_suspended", "scheduler-suspended"),
    ("c2", "cycle_running", "sync-running"),
    ("c3", "two_cloud_connectors", "cloud-connector-not-one"),
    ("c4", "wrong_tenant", "other-tenant"),
    ("c4", "no_role", "no-administrator-role"),
    ("c4", "no_licence", "no-premium-licence"),
    ("c4", "federated_admin", "federated-account"),
    ("c5", "missing_right", "missing-rights"),
]


@pytest.mark.parametrize(("step", "fault", "key"), BLOCKED)
def test_a_fault_that_the_procedure_must_not_go_past_blocks_its_step_and_says_why(step, fault, key):
    result = looked_at(step, fault, wait_seconds=0)

    assert result.status is Status.BLOCKED
    assert key in said(result)


BLOCKING_STATES = [
    ("c1", "connect_installation", sets(file_version=None), "connect-not-installed"),
    ("c1", "connect_installation", sets(module_available=False), "connect-not-installed"),
    ("c1", "connect_installation", sets(service_status="Stopped"), "sync-service-not-running"),
    ("c1", "connect_installation", sets(service_status=None), "sync-service-not-running"),
    ("c1", "connect_installation", sets(file_version="2.x"), "version-not-understood"),
    ("c3", "connectors", lambda body: body["connectors"].pop(0), "cloud-connector-not-one"),
    (
        "c4",
        "organization",
        lambda body: body["value"][0].update(onPremisesSyncEnabled=None),
        "tenant-does-not-synchronize",
    ),
    ("c4", "organization", lambda body: body["value"].clear(), "other-tenant"),
    ("c4", "connectors", sets("connectors", 0, "parameters", UserName="x@stranger.example"), "server-of-other-tenant"),
    ("c4", "connectors", sets("connectors", 0, name="stranger.example - AAD", parameters={}), "server-of-other-tenant"),
    ("c5", "connectors", lambda body: body["connectors"].pop(1), "no-directory-connector"),
    ("c5", "connectors", sets("connectors", 1, "partitions", 0, selected=False), "no-domain-in-scope"),
    ("c5", "directory_rights", lambda body: body["domains"].clear(), "rights-not-judged"),
    ("c7", "password_writeback", sets(enabled=True, service_status="Stopped"), "writeback-not-running"),
    ("c7", "password_writeback", sets(enabled=True, onboarding_status="Required"), "writeback-not-running"),
]


@pytest.mark.parametrize(("step", "reading", "edit", "key"), BLOCKING_STATES)
def test_a_state_that_the_procedure_must_not_go_past_blocks_its_step_and_says_why(step, reading, edit, key):
    result = looked_at(step, edits={reading: edit})

    assert result.status is Status.BLOCKED
    assert key in said(result)


WARNED = [
    ("c1", "host", sets(is_administrator=False), "not-local-administrator"),
    ("c1", "host", sets(os_version="10.0.26100", os_caption="Windows Server 2025"), "windows-not-supported"),
    ("c1", "host", sets(os_version="6.3.9600"), "windows-not-supported"),
    ("c1", "host", sets(os_version=""), "windows-not-supported"),
    ("c1", "host", sets("registry", installation_type="Client"), "windows-not-supported"),
    ("c1", "host", sets("registry", installation_type="Server Core"), "server-core"),
    ("c1", "host", sets("registry", dotnet_release="461808"), "dotnet-too-old"),
    ("c1", "host", sets("registry", dotnet_release=None), "dotnet-too-old"),
    ("c1", "host", sets("registry", tls12_client_enabled="0"), "tls12-off"),
    ("c1", "host", sets("registry", tls12_client_disabled_by_default="1"), "tls12-off"),
    ("c2", "scheduler", sets(sync_cycle_enabled=False), "sync-cycle-disabled"),
    ("c2", "scheduler", sets(maintenance_enabled=False), "maintenance-disabled"),
    (
        "c5",
        "domain_policies",
        lambda body: body["policies"][0].update(minimum_age_seconds=7200),
        "minimum-password-age",
    ),
    ("c5", "inheritance_breaks", sets(units=["OU=A"]), "inheritance-breaks"),
]


@pytest.mark.parametrize(("step", "reading", "edit", "key"), WARNED)
def test_a_state_that_does_not_stop_the_procedure_is_a_warning_only(step, reading, edit, key):
    result = looked_at(step, edits={reading: edit})

    assert result.status is Status.COMPLIANT
    assert said(result) == [key]


@pytest.mark.parametrize("build", ["14393", "17763", "20348"])
def test_windows_server_2016_2019_and_2022_are_supported_whatever_the_caption_says(build):
    assert said(looked_at("c1", edits={"host": sets(os_version=f"10.0.{build}", os_caption="Serveur")})) == []


def test_an_unset_tls_value_is_the_default_of_the_system_and_no_warning():
    assert said(looked_at("c1", tenant="fabrikam")) == []


@pytest.mark.parametrize(
    ("installed", "today", "warned"),
    [
        ("2.5.78.9", "2026-09-30", True),
        ("2.5.78.9", "2026-09-29", False),
        ("2.5.79.0", "2026-10-01", False),
        ("2.10.0.0", "2026-10-01", False),  # as numbers: 2.10 is newer than 2.5
        ("2.5.79", "2026-10-01", False),  # parts that are left out are zero
        ("2.5.78", "2026-10-01", True),
    ],
)
def test_a_version_below_the_required_one_is_warned_about_from_that_day_on(installed, today, warned):
    edits = {
        "host": sets(now_utc=f"{today}T08:00:00.0000000Z"),
        "connect_installation": sets(file_version=installed),
        "global_settings": sets("parameters", 0, value=installed),
    }

    assert said(looked_at("c1", edits=edits)) == (["connect-out-of-support"] if warned else [])


@pytest.mark.parametrize(
    ("installed", "configured", "keys"),
    [
        ("2.6.84", "2.6.84.0", []),
        ("2.6.84.0", "2.6.84", []),
        ("2.6.84", "2.6.84.1", ["upgrade-unfinished"]),
        ("2.6.84.0.0", "2.6.84.0", ["version-not-understood"]),
        ("9" * 5000, "2.6.84.0", ["version-not-understood"]),
    ],
)
def test_versions_are_the_same_when_their_four_numbers_are(installed, configured, keys):
    edits = {
        "connect_installation": sets(file_version=installed),
        "global_settings": sets("parameters", 0, value=configured),
    }

    assert said(looked_at("c1", edits=edits)) == keys


def test_a_server_that_does_not_tell_its_configured_version_is_not_called_unfinished():
    result = looked_at("c1", edits={"global_settings": lambda body: body["parameters"].pop(0)})

    assert fact(result, "configured-version").value is None
    assert result.status is Status.COMPLIANT


def test_which_other_servers_are_active_is_unknown_when_none_is_named():
    known = fact(looked_at("c2", "second_server_active"), "other-active-servers")

    assert (known.provenance, known.value) == ("unknown", None)


def test_a_second_active_server_blocks_when_it_is_named():
    endpoint = "https://sync02.contoso.example:5986/wsman"
    result = looked_at("c2", "second_server_active", other_servers=(endpoint,))

    assert result.status is Status.BLOCKED
    assert message_of(result, "second-active-server").arguments["servers"] == (endpoint,)


def test_a_named_server_in_staging_mode_is_as_it_should_be():
    result = looked_at("c2", other_servers=("https://sync02.contoso.example:5986/wsman",))

    assert result.status is Status.COMPLIANT
    assert fact(result, "other-active-servers").value == []


def test_a_named_server_that_cannot_be_asked_blocks():
    result = looked_at("c2", other_servers=("https://a/wsman", "https://b/wsman"))

    assert result.status is Status.BLOCKED
    assert message_of(result, "no-such-target").arguments["target"] == "other-server-2"


def test_an_application_without_a_role_is_warned_about_because_the_server_uses_its_own_identity():
    result = looked_at("c4", "no_role", edits={"signed_in_account": sets(kind="application", name="Kit")})

    assert result.status is Status.COMPLIANT
    assert said(result) == ["no-administrator-role"]


def test_a_connector_that_signs_in_as_an_application_is_known_by_its_name():
    assert looked_at("c4", edits={"connectors": sets("connectors", 0, parameters={})}).status is Status.COMPLIANT


def test_the_last_synchronization_is_told_and_does_not_make_a_plan_outdated():
    known = fact(looked_at("c4"), "last-sync")

    assert known.value
    assert not known.decisive


def test_a_missing_right_is_named_with_its_domain_and_account():
    result = looked_at("c5", tenant="tailspin")

    told = message_of(result, "missing-rights").arguments
    assert told == {
        "account": "tailspin.example\\MSOL_b71e08c35fd4",
        "dn": "DC=tailspin,DC=example",
        "rights": ("Write lockoutTime",),
    }


def test_rights_that_come_through_a_group_are_rights():
    assert looked_at("c5", tenant="fabrikam").status is Status.COMPLIANT


def test_one_grant_an_account_is_planned_with_what_it_holds_and_what_it_will_hold():
    result = looked_at("c5", "missing_right", tenant="tailspin", grant_permissions=True)

    (change,) = result.changes
    assert result.status is Status.PLANNED
    assert change.arguments == {"account_name": "MSOL_b71e08c35fd4", "account_domain": "tailspin.example"}
    assert change.before == {
        "DC=tailspin,DC=example": ["Reset Password", "Write pwdLastSet", "Unexpire Password"],
        "DC=emea,DC=tailspin,DC=example": list(RIGHTS),
    }
    assert change.after == {dn: list(RIGHTS) for dn in change.before}


def test_a_grant_says_that_it_reaches_every_domain_of_the_forest():
    (change,) = looked_at("c5", tenant="tailspin", grant_permissions=True).changes

    account = "tailspin.example\\MSOL_b71e08c35fd4"
    assert setting_name(change.setting, "en") == f"rights of {account} (all domains of the forest)"
    assert setting_name(change.setting, "fr") == f"droits de {account} (tous les domaines de la forêt)"


def test_a_grant_also_shows_the_domains_of_the_forest_that_are_out_of_scope_as_unknown():
    edits = {
        "connectors": sets("connectors", 1, "partitions", 1, selected=False),
        "directory_rights": lambda body: body["domains"].pop(1),
    }

    (change,) = looked_at("c5", tenant="tailspin", grant_permissions=True, edits=edits).changes

    assert change.before["DC=emea,DC=tailspin,DC=example"] is None
    assert change.after == {dn: list(RIGHTS) for dn in ("DC=tailspin,DC=example", "DC=emea,DC=tailspin,DC=example")}


def another_forest(body) -> None:
    """The server also synchronizes a second forest."""
    (forest,) = (known for known in body["connectors"] if known["type_name"] == "AD")
    partition = {**forest["partitions"][0], "dn": "DC=other,DC=example"}
    body["connectors"].append({**forest, "name": "other.example", "identifier": "o", "partitions": [partition]})


def its_rights(body) -> None:
    """The account of the second forest lacks the same right as that of the first."""
    of_other = {"dn": "DC=other,DC=example", "account_name": "MSOL_a", "account_domain": "other.example"}
    body["domains"].append({**body["domains"][0], **of_other})


SECOND_FOREST = {"connectors": another_forest, "directory_rights": its_rights}


def test_a_grant_shows_no_domain_of_another_forest():
    changes = looked_at("c5", tenant="tailspin", grant_permissions=True, edits=SECOND_FOREST).changes

    assert [(change.arguments["account_domain"], sorted(change.before)) for change in changes] == [
        ("other.example", ["DC=other,DC=example"]),
        ("tailspin.example", ["DC=emea,DC=tailspin,DC=example", "DC=tailspin,DC=example"]),
    ]


def test_an_account_that_lacks_nothing_is_granted_nothing():
    def complete(body) -> None:
        its_rights(body)
        body["domains"][-1]["rules"] = body["domains"][1]["rules"]

    edits = {**SECOND_FOREST, "directory_rights": complete}

    (change,) = looked_at("c5", tenant="tailspin", grant_permissions=True, edits=edits).changes
    assert change.arguments["account_domain"] == "tailspin.example"


def turned_round(value) -> None:
    """Turn every list in an answer round."""
    for below in value.values() if isinstance(value, dict) else value:
        if isinstance(below, dict | list):
            turned_round(below)
    if isinstance(value, list):
        value.reverse()


TURNED = ("connectors", "global_settings", "directory_rights", "domain_policies", "inheritance_breaks")


def turn_round(here: Rehearsal) -> None:
    """From now on the server answers the same in another order."""
    for name in TURNED:
        edit = SECOND_FOREST.get(name, lambda body: None)
        here.server.edits[name] = lambda body, edit=edit: (edit(body), turned_round(body))


def with_two_forests() -> Rehearsal:
    here = Rehearsal("tailspin")
    here.server.edits.update(SECOND_FOREST)
    return here


def test_the_order_in_which_the_server_answers_does_not_change_the_plan():
    here = with_two_forests()
    plan = here.planned(CONNECT, grant_permissions=True).plan

    turn_round(here)

    assert here.planned(CONNECT, grant_permissions=True).plan.digest == plan.digest


def test_another_order_after_the_change_is_no_difference():
    here = Rehearsal("contoso")
    here.server.after = lambda change: here.server.edits.update(dict.fromkeys(TURNED, turned_round))

    result = here.applied(CONNECT).results["c8"]

    assert (result.status, fact(result, "differences").value) == (Status.VERIFIED, [])


def test_the_filtering_is_noted_by_naming_context_and_only_where_selected():
    filtering = fact(looked_at("c5", tenant="tailspin"), "filtering").value

    assert set(filtering) == {"DC=tailspin,DC=example", "DC=emea,DC=tailspin,DC=example"}
    assert filtering["DC=tailspin,DC=example"]["excluded"] == ["OU=Lab,DC=tailspin,DC=example"]


def event(number: int, record: int, text: str = "Something\r\n happened"):
    def add(body) -> None:
        last = body["events"][-1]["record"] if body["events"] else 0
        source, at = "PasswordResetService", body["now_utc"]
        body["events"].append({"id": number, "source": source, "record": last + record, "at_utc": at, "message": text})

    return add


@pytest.mark.parametrize(
    ("number", "key", "status"),
    [
        (31044, "service-bus-disturbed", Status.FAILED),
        (32002, "service-bus-disturbed", Status.FAILED),
        (32009, "onboarding-failed", Status.FAILED),
        (31034, "listener-error", Status.VERIFIED),
    ],
)
def test_an_event_after_the_change_is_told_with_its_text_on_one_line(number, key, status):
    here = Rehearsal()
    here.server.after = lambda change: here.server.edits.update(writeback_events=event(number, 1))

    result = here.applied(CONNECT).results["c7"]

    assert result.status is status
    assert message_of(result, key).arguments == {"event": number, "text": "Something happened"}


def test_an_event_from_before_the_change_says_nothing_about_it():
    here = Rehearsal()
    here.server.edits["writeback_events"] = lambda body: body["events"].insert(
        0, {"id": 32011, "source": "PasswordResetService", "record": 1, "at_utc": body["now_utc"], "message": "old"}
    )

    assert here.applied(CONNECT).results["c7"].status is Status.VERIFIED


def test_the_events_since_the_change_are_kept_as_a_fact():
    events = fact(Rehearsal().applied(CONNECT).results["c7"], "events").value

    assert any(line.endswith("PasswordResetService 31005") for line in events)


def test_differences_are_named_by_their_path():
    before = {"a": 1, "list": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "plain": [1], "gone": None}
    after = {"a": 2, "list": [{"name": "x", "v": 1}, {"name": "z", "v": 2}], "plain": [2], "new": True}

    assert _differences(before, after) == ["/a", "/list/y", "/list/z", "/new", "/plain"]
