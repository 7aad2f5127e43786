"""F1 to F8: what a preflight finds, that one finding does not hide the next, and the verdict over all of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from runbook_lib.facts.connect_versions import AS_OF, RECALLED, SUPPORT_ENDS, TRUSTED_FOR
from runbook_lib.facts.surroundings import RELAY_DOMAINS, relay_addresses
from runbook_lib.lab.relays import MICROSOFT_ISSUER, PROXY_ISSUER, RELAYS
from runbook_lib.model import EXIT_CODES, Finding, Level, Status, StepResult
from runbook_lib.runbooks import find
from runbook_lib.runbooks.readiness import Readiness, readiness
from runbook_lib.texts import message
from runbook_lib.texts.advice import advice_of
from tests.rehearsal import PREFLIGHT, Rehearsal, fact, message_of, said, states

Edit = Callable[[Any], object]
STEPS = tuple(step.id for step in find(PREFLIGHT).steps)
ALL_IN_ORDER = dict.fromkeys(STEPS, "compliant")


def looked(*faults: str, tenant: str = "contoso", edits: dict[str, Edit] | None = None, **asked: Any):
    """A run of the preflight over a tenant, with the faults, and the answers changed as `edits` say."""
    here = Rehearsal(tenant, *faults)
    for name, edit in (edits or {}).items():
        for target in here.targets.values():
            target.edits[name] = edit
    return here.planned(PREFLIGHT, **asked)


def sets(*path: Any, **values: Any) -> Edit:
    """Change values at a place of an answer."""

    def edit(body: Any) -> None:
        for part in path:
            body = body[part]
        body.update(values)

    return edit


def warned(result: StepResult) -> list[str]:
    return [finding.message.key for finding in result.findings if finding.level is Level.WARNING]


@pytest.mark.parametrize(("tenant", "verdict"), [("contoso", Readiness.WARNINGS), ("fabrikam", Readiness.READY)])
def test_a_tenant_in_order_is_ready_but_for_the_relays_that_nobody_knows_before_writeback_is_on(tenant, verdict):
    run = looked(tenant=tenant)

    assert states(run) == ALL_IN_ORDER
    assert readiness(run.results.values()) is verdict
    assert run.exit_code == 0
    assert [key for result in run.results.values() for key in warned(result)] == (
        ["relays-not-known"] if verdict is Readiness.WARNINGS else []
    )


BLOCKED = [
    ("f1", "wizard_open", "wizard-open"),
    ("f1", "not_sync_admin", "not-sync-administrator"),
    ("f1", "old_connect", "connect-too-old"),
    ("f1", "version_mismatch", "upgrade-unfinished"),
    ("f3", "staging_mode", "staging-mode"),
    ("f3", "scheduler_suspended", "scheduler-suspended"),
    ("f4", "two_cloud_connectors", "cloud-connector-not-one"),
    ("f5", "wrong_tenant", "other-tenant"),
    ("f5", "no_role", "no-administrator-role"),
    ("f5", "no_licence", "no-premium-licence"),
    ("f5", "federated_admin", "federated-account"),
    ("f6", "missing_right", "missing-rights"),
]


@pytest.mark.parametrize(("step", "fault", "key"), BLOCKED)
def test_what_blocks_the_other_runbooks_blocks_and_every_other_step_is_looked_at(step, fault, key):
    run = looked(fault)

    assert run.results[step].status is Status.BLOCKED
    assert key in said(run.results[step])
    assert run.results.keys() == set(STEPS)
    assert (readiness(run.results.values()), run.exit_code) == (Readiness.BLOCKED, 1)


def test_several_faults_are_told_at_once():
    run = looked("not_sync_admin", "staging_mode", "no_licence", "missing_right")

    assert [step for step, status in states(run).items() if status == "blocked"] == ["f1", "f3", "f5", "f6"]
    assert {status for step, status in states(run).items() if step in ("f2", "f4", "f7", "f8")} == {"compliant"}


def test_a_server_that_cannot_be_reached_blocks_its_steps_and_the_tenant_is_still_read():
    run = looked("access_denied")

    assert states(run) == dict.fromkeys(STEPS, "blocked")
    assert fact(looked("two_cloud_connectors").results["f5"], "premium-plans").value


def test_what_is_wrong_with_the_platform_is_told_beside_what_blocks_and_only_once():
    edits = {"host": sets("registry", tls12_client_enabled="0")}

    assert said(looked("wizard_open", edits=edits).results["f1"]) == ["wizard-open", "tls12-off"]
    assert said(looked(edits=edits).results["f1"]) == ["tls12-off"]


@pytest.mark.parametrize("fault", ["double_hop", "no_rsat"])
def test_rights_that_cannot_be_read_leave_the_verdict_to_a_person(fault):
    run = looked(fault)

    assert run.results["f6"].status is Status.NEEDS_OPERATOR
    assert (readiness(run.results.values()), run.exit_code) == (Readiness.UNDECIDED, 5)


@pytest.mark.parametrize("fault", ["", "missing_right", "double_hop", "invalid_state"])
@pytest.mark.parametrize("tenant", ["contoso", "fabrikam", "tailspin"])
def test_nothing_is_planned_or_sent_whatever_is_asked_for(tenant, fault):
    here = Rehearsal(tenant, *filter(None, [fault]))

    run = here.applied(PREFLIGHT, grant_permissions=True, restart_service=True, start_delta_cycle=True)

    assert run.plan.changes == ()
    assert here.performed == []


def test_rights_that_are_asked_to_be_granted_are_a_warning():
    result = looked("missing_right", grant_permissions=True).results["f6"]

    assert result.status is Status.COMPLIANT
    assert warned(result) == ["rights-to-be-granted"]
    assert message_of(result, "rights-to-be-granted").arguments["rights"] == ("Write lockoutTime",)


def test_other_findings_of_the_directory_stay_as_they_are_when_granting_is_asked_for():
    edits = {"inheritance_breaks": sets(units=["OU=A"])}

    assert warned(looked(edits=edits, grant_permissions=True).results["f6"]) == ["inheritance-breaks"]


def test_a_running_cycle_is_a_warning_and_is_not_waited_for():
    here = Rehearsal("contoso", "cycle_running")
    began = here.clock.now()
    result = here.planned(PREFLIGHT).results["f3"]

    assert (result.status, warned(result)) == (Status.COMPLIANT, ["sync-running"])
    assert here.clock.now() == began


# F2: what Microsoft supports.


def supported(version: str, today: date) -> list[str]:
    edits = {
        "host": sets(now_utc=f"{today.isoformat()}T08:00:00.0000000Z"),
        "connect_installation": sets(file_version=version),
    }
    return said(looked(edits=edits).results["f2"])


ENDS = date(2027, 2, 2)  # of 2.5.190.0


@pytest.mark.parametrize(
    ("version", "today", "keys"),
    [
        ("2.6.84.0", AS_OF, []),
        ("2.5.190.0", ENDS - timedelta(days=91), []),
        ("2.5.190.0", ENDS - timedelta(days=90), ["connect-support-ends"]),
        ("2.5.190.0", ENDS, ["version-table-old", "connect-support-ends"]),
        ("2.5.190.0", ENDS + timedelta(days=1), ["version-table-old", "connect-support-ended"]),
        ("2.5.79.0", date(2026, 11, 2), ["connect-support-ended"]),
        ("2.4.131.0", AS_OF, ["connect-support-ended"]),
        ("2.3.6.0", AS_OF, ["connect-support-ended"]),
        ("2.6.79.0", AS_OF, ["connect-recalled"]),
        ("2.5.191.0", AS_OF, ["connect-not-in-table"]),
        ("2.6.84.1", AS_OF, ["connect-newer-than-table"]),
        ("2.10.0.0", AS_OF, ["connect-newer-than-table"]),  # as numbers: 2.10 is newer than 2.6
        ("2.x", AS_OF, []),  # F1 says that it is not a version
        ("2.6.84.0", AS_OF + TRUSTED_FOR, []),
        ("2.6.84.0", AS_OF + TRUSTED_FOR + timedelta(days=1), ["version-table-old"]),
    ],
)
def test_a_version_is_held_against_the_table_on_the_day_of_the_server(version, today, keys):
    assert supported(version, today) == keys


def test_no_version_at_all_says_nothing_about_support():
    result = looked(edits={"connect_installation": sets(file_version=None)}).results["f2"]

    assert said(result) == []
    assert fact(result, "support-ends").value is None


def test_a_version_newer_than_the_table_is_no_warning():
    edits = {"connect_installation": sets(file_version="2.7.0.0"), "global_settings": newest("2.7.0.0")}
    run = looked(tenant="fabrikam", edits=edits)

    assert readiness(run.results.values()) is Readiness.READY


def newest(version: str) -> Edit:
    return lambda body: body["parameters"][0].update(value=version)


def test_the_table_goes_from_old_to_new_and_ends_with_the_version_that_is_current():
    versions, ends = list(SUPPORT_ENDS), list(SUPPORT_ENDS.values())

    assert versions == sorted(versions)
    assert ends[-1] is None
    assert ends[:-1] == sorted(ends[:-1])
    assert not RECALLED & SUPPORT_ENDS.keys()


@pytest.mark.parametrize(
    ("version", "kind", "is_supported"),
    [
        ("10.0.14393", "Server", True),
        ("10.0.17763", "Server", True),
        ("10.0.20348", "Server", True),
        ("10.0.20348", None, True),
        ("10.0.26100", "Server", False),
        ("10.0.14393", "Client", False),
        ("6.3.9600", "Server", False),
    ],
)
def test_a_windows_that_is_not_server_2016_to_2022_is_told_once(version, kind, is_supported):
    def edit(body: Any) -> None:
        body["os_version"] = version
        body["registry"]["installation_type"] = kind

    results = looked(edits={"host": edit}).results
    assert said(results["f1"]) == ([] if is_supported else ["windows-not-supported"])
    assert said(results["f2"]) == []


def test_a_missing_directory_module_is_told_with_the_feature_that_has_it():
    result = looked("no_rsat").results["f2"]

    assert warned(result) == ["directory-module-missing"]
    assert fact(result, "directory-module").value is False


def test_a_policy_on_remote_sam_calls_is_told_with_its_descriptor():
    descriptor = "O:BAG:BAD:(A;;RC;;;BA)"
    result = looked(edits={"remote_sam_policy": sets(descriptor=descriptor)}).results["f2"]

    assert result.status is Status.COMPLIANT
    assert message_of(result, "remote-sam-restricted").arguments == {"descriptor": descriptor}


# F5: the account.


def application(body: Any) -> None:
    body.update(kind="application", name="Kit")


def test_an_application_leaves_the_portal_to_a_person_and_nothing_open_here():
    result = looked(edits={"signed_in_account": application}).results["f5"]

    assert result.status is Status.COMPLIANT
    assert said(result) == ["portal-sign-in-by-hand"]


def test_an_application_cannot_use_the_endpoint_of_the_portal():
    result = looked(edits={"signed_in_account": application}, provider="portal-api").results["f5"]

    assert result.status is Status.BLOCKED
    assert said(result) == ["portal-wants-a-person"]


def test_what_both_runbooks_say_of_the_account_is_said_once():
    assert said(looked("no_role").results["f5"]) == ["no-administrator-role"]


# F7: self-service reset.


@pytest.mark.parametrize("provider", ["guided", "portal-api"])
def test_before_writeback_is_on_the_page_is_unknown_and_nothing_is_wrong(provider):
    result = looked(provider=provider).results["f7"]

    assert result.status is Status.COMPLIANT
    assert said(result) == ["writeback-not-yet-on", "users-not-in-report"]
    assert fact(result, "write-back").provenance == "unknown"
    assert fact(result, "users-in-scope").value


def test_once_writeback_is_on_the_page_is_read_where_it_can_be():
    result = looked(tenant="fabrikam", provider="portal-api").results["f7"]

    assert fact(result, "write-back").provenance == "observed"
    assert fact(result, "last-heartbeat").value


def test_writeback_that_is_on_and_silent_blocks():
    result = looked(tenant="tailspin").results["f7"]

    assert result.status is Status.BLOCKED
    assert result.findings[0].message.key == "writeback-unhealthy"


def test_a_heartbeat_that_is_still_to_come_is_a_warning():
    here = Rehearsal()
    here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)
    here.clock.sleep(60)

    here.server.edits["writeback_events"] = lambda body: body.update(
        events=[event for event in body["events"] if event["id"] != 31019]
    )

    assert warned(here.planned(PREFLIGHT).results["f7"]) == ["heartbeat-to-come"]


PILOT = "pilot@contoso.example"


def report(**values: Any) -> Edit:
    """The report tells of the pilot, in another spelling of the name."""
    row = {"userPrincipalName": PILOT.upper(), "isSsprEnabled": True, "isSsprRegistered": True} | values
    return lambda body: body["value"].append(row)


@pytest.mark.parametrize("tenant", ["contoso", "fabrikam"])
@pytest.mark.parametrize(
    ("edit", "keys"),
    [
        (report(), []),
        (report(isSsprRegistered=False), ["pilot-not-registered"]),
        (report(isSsprEnabled=False, isSsprRegistered=False), ["pilot-not-covered"]),
        (lambda body: None, ["pilot-not-in-report"]),
    ],
)
def test_a_pilot_must_be_covered_and_registered(tenant, edit, keys):
    result = looked(tenant=tenant, edits={"sspr_registrations": edit}, pilot_user=PILOT).results["f7"]

    assert result.status is Status.COMPLIANT
    assert warned(result) == keys


def test_without_a_report_nothing_is_said_of_the_pilot():
    run = looked("no_role", pilot_user=PILOT)

    assert warned(run.results["f7"])[0] == "scope-not-readable"


# F8: the way out.


def test_relays_are_known_from_events_and_tried_where_the_server_listens():
    result = looked(tenant="fabrikam").results["f8"]

    assert fact(result, "relays").value == dict.fromkeys(RELAYS, True)
    assert fact(result, "relay-answers").value == dict.fromkeys(RELAYS, "401 missing-token")
    assert fact(result, "relay-certificates").value == dict.fromkeys(RELAYS, MICROSOFT_ISSUER)
    assert said(result) == []


WAYS = [
    ("relays_blocked", "relays-not-reached", "ConnectFailure"),
    ("proxy_login", "relays-other-answer", "407 other"),
    ("tls_inspected", "relays-inspected", PROXY_ISSUER),
    ("relay_not_trusted", "relays-not-trusted", PROXY_ISSUER),
]


@pytest.mark.parametrize(("fault", "key", "seen"), WAYS)
def test_a_way_out_that_is_not_open_is_told_with_the_relays_and_what_was_seen(fault, key, seen):
    run = looked(fault, tenant="fabrikam")
    result = run.results["f8"]

    assert result.status is Status.COMPLIANT
    assert (said(result), warned(result)) == ([key], [key])
    assert message_of(result, key).arguments == {"relays": tuple(sorted(RELAYS)), "seen": seen}
    assert readiness(run.results.values()) is Readiness.WARNINGS


def relay(**values: Any) -> Edit:
    """Change what the first relay showed."""
    return sets("relays", 0, **values)


@pytest.mark.parametrize(
    ("edit", "key", "level"),
    [
        (relay(connected=False), "relays-through-proxy", Level.NOTE),
        (relay(answer=None, status=None, problem="Timeout"), "relays-silent", Level.WARNING),
        (relay(answer="other", status=403), "relays-other-answer", Level.WARNING),
        (relay(answer=None, status=None, problem="TrustFailure", issuer=None), "relays-not-trusted", Level.WARNING),
        (relay(issuer='CN=x, O="DigiCert, Inc.", C=US', answer="service-list", status=200), None, None),
        (relay(issuer="CN=x, O=Not Microsoft Corporation"), "relays-inspected", Level.WARNING),
        (relay(issuer=None), None, None),
        (lambda body: body["relays"].pop(0), "relays-not-reached", Level.WARNING),
    ],
)
def test_a_relay_is_told_of_once_and_the_other_one_is_not(edit, key, level):
    result = looked(tenant="fabrikam", edits={"service_bus_egress": edit}).results["f8"]

    assert [(finding.message.key, finding.level) for finding in result.findings] == ([(key, level)] if key else [])
    assert all(finding.message.arguments["relays"] == (min(RELAYS),) for finding in result.findings)


@pytest.mark.parametrize(("cloud", "host"), [("global", "*.servicebus.windows.net"), ("china", "chinacloudapi.cn")])
def test_before_writeback_was_ever_on_no_relay_is_known_and_that_is_no_pass(cloud, host):
    here = Rehearsal()
    run = here.planned(PREFLIGHT, cloud=cloud)
    result = run.results["f8"]

    assert warned(result) == ["relays-not-known"]
    assert host in str(message_of(result, "relays-not-known").arguments["hosts"])
    assert fact(result, "relays").provenance == "unknown"
    assert readiness(run.results.values()) is Readiness.WARNINGS
    assert not any("service_bus_egress" in asked for asked in here.server.asked)


@pytest.mark.parametrize(("text", "is_late"), [("... 0x8023061F ...", True), ("BAIL: MMS(4924) 0x80230619", False)])
@pytest.mark.parametrize("tenant", ["contoso", "fabrikam"])
def test_a_forest_that_was_added_later_is_told_by_its_event(tenant, text, is_late):
    def add(body: Any) -> None:
        event = {"id": 6329, "source": "ADSync", "record": 1, "at_utc": body["now_utc"], "message": text}
        body["events"].insert(0, event)

    result = looked(tenant=tenant, edits={"writeback_events": add}).results["f8"]

    told = {advice.id for finding in result.findings if (advice := advice_of(finding.message))}
    assert ("event-6329-new-forest" in told) == is_late


@pytest.mark.parametrize("cloud", RELAY_DOMAINS)
def test_the_relays_are_found_in_any_sentence_and_completed_for_the_cloud(cloud):
    guid = "0c0b1f52-1d4e-4f3a-8a57-2f9a5f3a7c11"
    texts = [
        f"HeartBeat for Namespace: ssprdedicatedsbprodncu, Endpoint: {guid}_{guid.upper()}",
        "Pulsation pour l'espace de noms\u00a0: SSPRDEDICATEDSBPRODFRA-1.",
        "https://ssprdedicatedsbprodncu.servicebus.windows.net/abc",
        f"ssprdedicatedsbprodfra-1, ssprdedicatedsbprodncu, {guid}_{guid.replace('0', '1')}",
        f"nothing of the kind {guid}_{guid}",
    ]

    domain = RELAY_DOMAINS[cloud]
    assert relay_addresses(texts, cloud) == {
        f"ssprdedicatedsbprodfra-1.{domain}": "",
        f"ssprdedicatedsbprodncu.{domain}": f"{guid}_{guid}",
    }
    assert list(relay_addresses(texts, cloud)) == sorted(relay_addresses(texts, cloud))


# The verdict.


def result(status: Status, level: Level | None = None) -> StepResult:
    said_of_it = (Finding(level, message("wizard-open")),) if level else ()
    return StepResult("f1", status, findings=said_of_it)


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_verdict_that_fits_its_exit_code(status):
    verdict = readiness([result(Status.COMPLIANT), result(status)])

    assert (verdict is Readiness.READY) == (EXIT_CODES[status] == 0)
    assert (verdict is Readiness.BLOCKED) == (EXIT_CODES[status] in (1, 4))


@pytest.mark.parametrize(
    ("level", "verdict"),
    [(Level.WARNING, Readiness.WARNINGS), (Level.NOTE, Readiness.READY), (None, Readiness.READY)],
)
def test_a_warning_shows_in_the_verdict_and_a_note_does_not(level, verdict):
    assert readiness([result(Status.COMPLIANT, level)]) is verdict


def test_a_warning_does_not_outweigh_what_is_open_or_blocked():
    warns = result(Status.COMPLIANT, Level.WARNING)

    assert readiness([warns, result(Status.NEEDS_OPERATOR)]) is Readiness.UNDECIDED
    assert readiness([warns, result(Status.NEEDS_OPERATOR), result(Status.BLOCKED)]) is Readiness.BLOCKED
