"""The lab's portal endpoint: what public tools know of it, and nothing more generous."""

from typing import Any

import pytest
import requests

Client = Any  # see conftest.py


def test_the_page_shows_what_tools_read(client: Client) -> None:
    assert client.portal().json() == {
        "objectId": "default",
        "passwordWritebackSupported": False,
        "accountUnlockSupported": True,
        "accountUnlockEnabled": False,
        "enablementForTenant": True,
        "cloudProvisioningEnablementForTenant": False,
    }


def test_two_settings_are_saved_by_two_requests(client: Client) -> None:
    statuses = [
        client.portal(body).status_code
        for body in ({"passwordWriteBackSupported": True}, {"accountUnlockEnabled": True})
    ]

    shown = client.portal().json()
    assert statuses == [204, 204]
    assert (shown["passwordWritebackSupported"], shown["accountUnlockEnabled"]) == (True, True)


def test_both_settings_at_once_leave_the_unlock_flag(client: Client) -> None:
    client.portal({"passwordWriteBackSupported": True, "accountUnlockEnabled": True})

    shown = client.portal().json()
    assert (shown["passwordWritebackSupported"], shown["accountUnlockEnabled"]) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"passwordWritebackSupported": True},
        {"accountUnlockEnabled": "yes"},
        {"accountUnlockEnabled": True, "x": True},
    ],
)
def test_a_body_that_no_tool_sends_is_refused(client: Client, body: object) -> None:
    assert client.portal(body).status_code == 400
    assert not client.tenant.policy.passwordWritebackSupported
    assert not client.tenant.policy.accountUnlockEnabled


@pytest.mark.parametrize(("content_type", "status"), [("text/plain", 415), ("application/json", 400)])
def test_a_body_that_is_not_json_is_refused(client: Client, content_type: str, status: int) -> None:
    headers = {**client.portal().request.headers, "Content-Type": content_type}

    page = client.url("/api/PasswordReset/OnPremisesPasswordResetPolicies")

    refused = client.session.put(page, b"{", headers=headers)

    assert refused.status_code == status


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Authorization", "", 401),
        ("Authorization", "Bearer x.y.z", 401),
        ("X-Requested-With", "", 400),
        ("x-ms-client-request-id", "not-a-guid", 400),
        ("x-ms-correlation-id", "", 400),
    ],
)
def test_the_headers_that_tools_send_are_needed(client: Client, name: str, value: str, status: int) -> None:
    assert client.portal(headers={name: value}).status_code == status


def test_a_token_for_graph_does_not_open_the_portal(client: Client) -> None:
    client.tokens["portal"] = client.token("user")

    assert client.portal().status_code == 401


@pytest.mark.parametrize("fault", ["no_role", "portal_refuses"])
def test_only_an_administrator_may_look_or_save(client: Client, fault: str) -> None:
    client.portal()
    client.tenant.faults = {fault}

    assert [client.portal().status_code, client.portal({"accountUnlockEnabled": True}).status_code] == [403, 403]
    assert not client.tenant.policy.accountUnlockEnabled


def test_the_page_is_empty_until_the_sync_server_is_configured(client: Client) -> None:
    is_configured: list[bool] = []
    client.tenant.page_available = lambda: bool(is_configured)
    before, refused = client.portal().json(), client.portal({"passwordWriteBackSupported": True})
    is_configured.append(True)

    assert (before["objectId"], before["enablementForTenant"]) == (None, False)
    assert (refused.status_code, client.portal().json()["passwordWritebackSupported"]) == (400, False)
    assert client.portal().json()["objectId"] == "default"


def test_the_fields_disagree_on_demand(client: Client) -> None:
    client.tenant.faults = {"portal_disagrees"}
    client.portal({"passwordWriteBackSupported": True})

    shown = client.portal().json()
    assert (shown["passwordWritebackSupported"], shown["enablementForTenant"]) == (True, False)


def test_the_shape_changes_on_demand(client: Client) -> None:
    client.tenant.faults = {"portal_changed_shape"}

    assert "passwordWritebackSupported" not in client.portal().json()


def test_a_reply_is_lost_once_after_the_change_was_made(client: Client) -> None:
    client.portal()
    client.tenant.faults = {"lost_reply"}

    with pytest.raises(requests.ConnectionError):
        client.portal({"accountUnlockEnabled": True})

    assert client.tenant.policy.accountUnlockEnabled
    assert client.portal({"passwordWriteBackSupported": True}).status_code == 204
