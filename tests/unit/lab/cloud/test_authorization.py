"""The lab's page to sign in with a browser: the authorization code flow with PKCE, and every way in which it says no."""

import base64
import hashlib
import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwk, jwt

Client = Any

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "http://localhost:50123"
GRAPH = "https://graph.microsoft.com/.default"


def question(client: Client, **changed: str | None) -> dict[str, str]:
    asked = {
        "client_id": client.people.client_id,
        "response_type": "code",
        "response_mode": "form_post",
        "redirect_uri": BACK,
        "scope": f"{GRAPH} openid offline_access",
        "state": "state-1",
        "nonce": "nonce-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (asked | changed).items() if value is not None}


def page(client: Client, **changed: str | None) -> requests.Response:
    asked = question(client, **changed)
    return client.session.get(client.url(f"{client.tenant.id}/oauth2/v2.0/authorize"), params=asked)


def decided(client: Client, upn: str = "", decision: str = "approve", **changed: str | None) -> requests.Response:
    asked = question(client, **changed)
    address = client.url(f"{client.tenant.id}/oauth2/v2.0/authorize")
    form = {"upn": upn or client.admin.upn, "decision": decision}
    return client.session.post(address, params=asked, data=form, allow_redirects=False)


def fields(answered: requests.Response) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', answered.text)}


def redeemed(client: Client, code: str, **changed: str) -> requests.Response:
    form = {
        "client_id": client.people.client_id,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "scope": GRAPH,
    }
    return client.token_request(**(form | changed))


def code_of(refused: requests.Response) -> int:
    (code,) = refused.json()["error_codes"]
    return code


def test_the_page_says_lab_and_asks_for_an_account_and_no_password(client: Client) -> None:
    shown = page(client, login_hint='"><script>alert(1)</script>')

    assert shown.status_code == 200
    assert "<h1>LAB</h1>" in shown.text
    assert "password" not in re.findall(r'(?:name|type)="(\w+)"', shown.text)
    assert "<script>" not in shown.text
    assert "&quot;&gt;&lt;script&gt;" in shown.text
    assert f'<option value="{client.admin.upn}">' in shown.text  # who rehearses cannot know the invented names
    assert shown.headers["Cache-Control"].startswith("no-store")


def test_who_signs_in_gets_a_code_for_tokens_that_repeat_the_nonce(client: Client) -> None:
    answered = decided(client)
    assert f'action="{BACK}"' in answered.text
    answer = fields(answered)

    assert answer["state"] == "state-1"
    tokens = redeemed(client, answer["code"]).json()
    keys = client.session.get(client.url(f"{client.tenant.id}/discovery/v2.0/keys")).json()
    claims = jwt.decode(tokens["id_token"], jwk.KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    assert (claims["preferred_username"], claims["nonce"]) == (client.admin.upn, "nonce-1")
    assert tokens["access_token"]


def test_the_refresh_token_of_a_browser_sign_in_is_good_for_what_was_asked(client: Client) -> None:
    tokens = redeemed(client, fields(decided(client))["code"]).json()

    again = client.token_request(
        client_id=client.people.client_id, grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    )

    assert again.json()["access_token"]
    assert "nonce" not in again.json()["id_token"]


def test_an_answer_may_also_go_into_the_address(client: Client) -> None:
    answered = decided(client, response_mode=None)

    assert answered.status_code == 302
    sent = parse_qs(urlsplit(answered.headers["Location"]).query)
    assert sent["state"] == ["state-1"]
    assert redeemed(client, sent["code"][0]).json()["access_token"]


def test_a_code_works_once(client: Client) -> None:
    code = fields(decided(client))["code"]

    assert redeemed(client, code).status_code == 200
    assert code_of(redeemed(client, code)) == 54005


def test_a_code_of_ten_minutes_ago_is_refused(client: Client) -> None:
    code = fields(decided(client))["code"]
    client.clock.advance(600)

    assert code_of(redeemed(client, code)) == 70008


@pytest.mark.parametrize("verifier", ["w" * 64, "", "too short"])
def test_who_intercepts_a_code_cannot_use_it(client: Client, verifier: str) -> None:
    code = fields(decided(client))["code"]

    assert code_of(redeemed(client, code, code_verifier=verifier)) == 501481
    assert redeemed(client, code).status_code == 200


def test_a_code_is_good_for_its_client_and_its_address_only(client: Client) -> None:
    code = fields(decided(client))["code"]

    assert code_of(redeemed(client, code, redirect_uri="http://localhost:50124")) == 70000
    assert code_of(redeemed(client, "guessed")) == 70000
    assert code_of(redeemed(client, code, client_id=client.kit.client_id, client_secret="right")) in {9002313, 70000}


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost:50123",
        "http://127.0.0.1:50123",
        "http://localhost.evil.example:50123",
        "http://evil.example",
        "http://localhost:50123/elsewhere",
        "http://localhost:50123?x=1",
        "http://localhost:50123#x",
        "http://someone@localhost:50123",
        "http://localhost:0",
        "http://localhost:99999999",
        "javascript:alert(1)",
    ],
)
def test_an_answer_goes_to_this_machine_only_and_the_refusal_goes_nowhere(client: Client, address: str) -> None:
    for refused in (page(client, redirect_uri=address), decided(client, redirect_uri=address)):
        assert refused.status_code == 400
        assert "AADSTS50011" in refused.text
        assert "Location" not in refused.headers
        assert "<form" not in refused.text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"client_id": str(uuid.uuid4())}, 700016),
        ({"client_id": None}, 900144),
        ({"response_type": None}, 900144),
        ({"code_challenge": None}, 900144),
        ({"redirect_uri": None}, 900144),
        ({"scope": None}, 900144),
        ({"code_challenge_method": "plain"}, 9002313),
        ({"code_challenge_method": None}, 9002313),
        ({"response_type": "token"}, 9002313),
        ({"response_mode": "fragment"}, 9002313),
        ({"scope": "https://elsewhere.example/.default"}, 500011),
    ],
)
def test_what_is_asked_wrongly_is_refused_on_a_page(client: Client, changed: dict[str, str], code: int) -> None:
    refused = page(client, **changed)

    assert refused.status_code == 400
    assert f"AADSTS{code}:" in refused.text


def test_an_application_with_a_secret_has_no_address_on_this_machine(client: Client) -> None:
    assert "AADSTS50011" in page(client, client_id=client.kit.client_id).text


def test_who_is_unknown_or_disabled_cannot_sign_in(client: Client) -> None:
    client.tenant.accounts[1].is_enabled = False

    assert "AADSTS50034" in decided(client, upn="<b>nobody</b>@contoso.example").text
    assert "<b>" not in decided(client, upn="<b>nobody</b>@contoso.example").text
    assert "AADSTS50057" in decided(client, upn=client.tenant.accounts[1].upn).text


@pytest.mark.parametrize(("fault", "decision", "code"), [("", "decline", 65004), ("consent_missing", "approve", 90094)])
def test_a_no_is_passed_on_to_the_application(client: Client, fault: str, decision: str, code: int) -> None:
    client.tenant.faults = {fault}

    answer = fields(decided(client, decision=decision))

    assert (answer["error"], answer["state"]) == ("access_denied", "state-1")
    assert answer["error_description"].startswith(f"AADSTS{code}: ")


def test_the_documents_name_the_page_and_how_it_answers(client: Client) -> None:
    found = client.session.get(client.url(f"{client.tenant.id}/v2.0/.well-known/openid-configuration")).json()

    assert found["authorization_endpoint"].endswith(f"/{client.tenant.id}/oauth2/v2.0/authorize")
    assert set(found["response_modes_supported"]) == {"query", "form_post"}
