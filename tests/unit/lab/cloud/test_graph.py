"""The lab's Microsoft Graph: who may ask what, how a query is taken, how long lists come, and how it says no."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runbook_lib.lab.cloud.state import WRITEBACK_DISABLED, WRITEBACK_ENABLED, AuditRecord

Client = Any  # see conftest.py

ROLES = "memberOf/microsoft.graph.directoryRole"
REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"
AUDITS = "auditLogs/directoryAudits"
OURS = "loggedByService eq 'Self-service Password Management'"


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_an_error_has_the_form_of_graph(client: Client) -> None:
    refused = client.get("groups", **{"client-request-id": "our-own-id"})

    body = refused.json()["error"]
    assert error_of(refused) == (404, "ResourceNotFound")
    assert body["innerError"]["request-id"] == refused.headers["request-id"]
    assert body["innerError"]["client-request-id"] == refused.headers["client-request-id"] == "our-own-id"
    assert body["message"]


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("", "Access token is empty."),
        ("a.b.c", "Access token validation failure."),
    ],
)
def test_what_is_no_token_is_refused(client: Client, token: str, message: str) -> None:
    refused = client.session.get(client.url("v1.0/organization"), headers={"Authorization": f"Bearer {token}"})

    assert error_of(refused) == (401, "InvalidAuthenticationToken")
    assert refused.json()["error"]["message"] == message


def test_a_changed_token_is_refused(client: Client) -> None:
    head, payload, signature = client.token("application").split(".")
    client.tokens["forged"] = f"{head}.{payload}.{'A' * 8}{signature[8:]}"

    assert error_of(client.get("organization", "forged")) == (401, "InvalidAuthenticationToken")


def test_a_token_ends_when_its_hour_is_over(client: Client) -> None:
    client.get("organization")
    client.clock.advance(3600)

    refused = client.get("organization")

    assert error_of(refused) == (401, "InvalidAuthenticationToken")
    assert "expired" in refused.json()["error"]["message"]


def test_a_token_for_the_portal_does_not_open_graph(client: Client) -> None:
    client.portal()

    refused = client.get("organization", "portal")

    assert refused.status_code == 401
    assert "audience" in refused.json()["error"]["message"]


@pytest.mark.parametrize("path", ["organization", "subscribedSkus", "me", REGISTRATIONS, AUDITS])
def test_a_user_needs_the_permission_of_each_path(client: Client, path: str) -> None:
    client.people.delegated_scopes = ("Calendars.Read",)

    assert error_of(client.get(path)) == (403, "Authorization_RequestDenied")


@pytest.mark.parametrize("path", ["organization", "subscribedSkus", REGISTRATIONS, AUDITS])
def test_an_application_needs_the_permission_of_each_path(client: Client, path: str) -> None:
    client.kit.app_roles = ("Calendars.Read",)

    assert error_of(client.get(path, "application")) == (403, "Authorization_RequestDenied")


def test_an_application_is_nobody(client: Client) -> None:
    assert error_of(client.get("me", "application")) == (400, "BadRequest")


def test_a_user_sees_itself_and_its_roles(client: Client) -> None:
    shown = client.get("me?$select=id,userPrincipalName").json()
    roles = client.get(f"me/{ROLES}?$count=true&$select=displayName", ConsistencyLevel="eventual").json()

    assert (shown["id"], shown["userPrincipalName"]) == (client.admin.id, client.admin.upn)
    assert (roles["@odata.count"], roles["value"]) == (1, [{"displayName": "Hybrid Identity Administrator"}])


def test_an_application_sees_itself_by_its_client_id(client: Client) -> None:
    path = f"servicePrincipals(appId='{client.kit.client_id}')"

    assert client.get(path, "application").json()["displayName"] == "Kit"
    assert client.get(f"{path}/{ROLES}", "application").json()["value"] == []
    assert error_of(client.get("servicePrincipals(appId='nobody')", "application"))[0] == 404


def test_roles_are_named_only_to_who_may_read_the_directory(client: Client) -> None:
    client.people.delegated_scopes = ("User.Read",)

    (role,) = client.get(f"me/{ROLES}").json()["value"]

    assert role["id"]
    assert (role["displayName"], role["roleTemplateId"]) == (None, None)


def test_without_a_role_reports_are_closed_to_a_user(client: Client) -> None:
    client.tenant.faults = {"no_role"}

    assert client.get(f"me/{ROLES}").json()["value"] == []
    assert error_of(client.get(AUDITS)) == (403, "Authorization_RequestDenied")
    assert client.get(AUDITS, "application").status_code == 200


def test_without_a_licence_there_is_no_premium_plan_and_no_report(client: Client) -> None:
    client.tenant.faults = {"no_licence"}

    assert client.get("subscribedSkus").json()["value"] == []
    assert error_of(client.get(REGISTRATIONS)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


def test_the_administrators_domain_is_federated_on_demand(client: Client) -> None:
    client.tenant.faults = {"federated_admin"}

    domains = client.get("organization").json()["value"][0]["verifiedDomains"]

    assert {domain["name"]: domain["type"] for domain in domains} == {
        "contoso.example": "Federated",
        "contoso.onmicrosoft.com": "Managed",
    }


def test_throttling_passes_after_some_tries(client: Client) -> None:
    client.tenant.faults = {"throttled"}
    answers = [client.get("organization") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "1"
    assert error_of(answers[0])[1] == "TooManyRequests"


def test_an_outage_lasts_as_long_as_its_fault(client: Client) -> None:
    client.tenant.faults = {"unavailable"}
    during = [client.get("organization") for _ in range(4)]
    client.tenant.faults = set()

    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in during] == [(503, "1")] * 4
    assert client.get("organization").status_code == 200


def test_a_token_is_refused_once_and_again_after_the_fault_was_off(client: Client) -> None:
    statuses = []
    for faults in ({"token_expired"}, {"token_expired"}, set(), {"token_expired"}):
        client.tenant.faults = faults
        statuses.append(client.get("organization").status_code)

    assert statuses == [401, 200, 200, 401]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("organization?$expand=extensions", 400),
        ("organization?$select=id,passwordWriteback", 400),
        ("organization?colour=red", 400),
        ("subscribedSkus?$filter=capabilityStatus eq 'Enabled'", 400),
        (f"{REGISTRATIONS}?$top=5", 400),
        (f"{REGISTRATIONS}?$select=id", 400),
        (f"{AUDITS}?$top=0", 400),
        (f"{AUDITS}?$top=1000", 400),
        (f"{AUDITS}?$top=1&$top=2", 400),
        (f"{AUDITS}?$skiptoken=abc", 400),
        (f"me/{ROLES}?$count=true", 400),
        ("organization/x", 404),
        ("me/memberOf", 404),
        ("directory/onPremisesSynchronization", 404),
    ],
)
def test_what_is_not_modelled_is_refused(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_change_is_refused(client: Client) -> None:
    client.get("organization")
    headers = {"Authorization": f"Bearer {client.tokens['user']}"}

    assert client.session.patch(client.url("v1.0/organization"), headers=headers, json={}).status_code in (404, 405)


def test_the_metadata_context_names_what_was_selected(client: Client) -> None:
    body = client.get("organization?$select=id,displayName").json()

    assert body["@odata.context"].endswith("/v1.0/$metadata#organization(id,displayName)")
    assert body["value"] == [{"id": client.tenant.id, "displayName": "Contoso"}]


def pages(client: Client, path: str) -> list[list[dict[str, Any]]]:
    """Follow the links to the end."""
    found, link = [], client.url(f"v1.0/{path}")
    while link:
        body = client.get(link.partition("/v1.0/")[2]).json()
        found.append(body["value"])
        link = body.get("@odata.nextLink", "")
        assert link.startswith(client.cloud.address) or not link
    return found


def test_a_long_list_comes_in_pages(client: Client) -> None:
    client.tenant.page_size = 2

    found = pages(client, REGISTRATIONS)

    assert [len(page) for page in found] == [2, 2, 1]
    assert [row["userPrincipalName"] for page in found for row in page] == [r.upn for r in client.tenant.registrations]


def test_the_next_page_keeps_the_question(client: Client) -> None:
    """Else a filter would hold for the first page only."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for hour in range(5):
        client.tenant.record_audit(WRITEBACK_ENABLED, start + timedelta(hours=hour))
        client.tenant.audits.append(AuditRecord("Update device", start + timedelta(hours=hour), "Core Directory"))

    wanted = f"{OURS} and activityDateTime ge 2026-11-01T01:00:00Z"
    found = pages(client, f"{AUDITS}?$filter={wanted}&$orderby=activityDateTime desc&$top=3&$select=activityDateTime")

    assert [row["activityDateTime"] for page in found for row in page] == [
        f"2026-11-01T0{h}:00:00Z" for h in (4, 3, 2, 1)
    ]
    assert [len(page) for page in found] == [3, 1]


def test_the_audit_log_contradicts_on_demand(client: Client) -> None:
    client.tenant.record_audit(WRITEBACK_ENABLED, client.clock.now() - timedelta(minutes=1))
    client.tenant.faults = {"audit_contradicts"}

    newest = client.get(f"{AUDITS}?$filter={OURS}&$top=1").json()["value"][0]

    assert newest["activityDisplayName"] == WRITEBACK_DISABLED
