"""The lab's sign-in endpoints: what Microsoft's clients do not show, and how refusals look on the wire."""

import base64
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import requests
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from joserfc import jwk, jwt

from runbook_lib.lab.cloud.state import AutoApproval, Secret

# The client of the lab comes from conftest.py, which importlib mode does not let us import for its type.
Client = Any

MICROSOFT_FIELDS = {"error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"}


def code_of(refused: requests.Response) -> int:
    (code,) = refused.json()["error_codes"]
    return code


def test_a_token_is_signed_by_the_published_key_and_says_whose_it_is(client: Client) -> None:
    token = client.sign_in_application().json()["access_token"]
    keys = client.session.get(client.url(f"{client.tenant.id}/discovery/v2.0/keys")).json()

    claims = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=["RS256"]).claims

    assert (claims["aud"], claims["tid"]) == ("https://graph.microsoft.com", client.tenant.id)
    assert (claims["appid"], claims["roles"]) == (client.kit.client_id, list(client.kit.app_roles))
    assert all("d" not in key for key in keys["keys"])  # no private part is published


def test_the_documents_endpoints_are_those_that_are_served(client: Client) -> None:
    found = client.session.get(client.url("contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration")).json()

    assert found["token_endpoint"].endswith("/oauth2/v2.0/token")
    assert client.session.get(found["jwks_uri"]).json()["keys"]


def test_a_refusal_has_the_form_of_entra(client: Client) -> None:
    asked = str(uuid.uuid4())
    refused = client.session.post(
        client.url(f"{client.tenant.id}/oauth2/v2.0/token"),
        data={"client_id": client.kit.client_id, "client_secret": "wrong", "grant_type": "client_credentials"},
        headers={"client-request-id": asked},
    )

    body = refused.json()
    assert (refused.status_code, body["error"], body["error_codes"]) == (401, "invalid_client", [7000215])
    assert body.keys() == MICROSOFT_FIELDS
    assert re.match(r"AADSTS7000215: .* Trace ID: \S+ Correlation ID: \S+ Timestamp: ", body["error_description"])
    assert body["correlation_id"] == asked
    assert "wrong" not in refused.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": ""}, 900144),
        ({"client_secret": ""}, 7000218),
        ({"client_id": "bbbbbbbb-0000-4000-8000-000000000009"}, 700016),
        ({"grant_type": "password"}, 70003),
        ({"grant_type": ""}, 900144),
        ({"scope": ""}, 70011),
        ({"scope": "https://graph.microsoft.com/User.Read"}, 70011),
        ({"scope": "https://vault.azure.net/.default"}, 500011),
        ({"scope": "https://graph.microsoft.com/.default 74658136-14ec-4630-ad9b-26e160ff0fc6/.default"}, 700022),
        ({"scope": "74658136-14ec-4630-ad9b-26e160ff0fc6/.default"}, 650057),
        ({"client_assertion": "x", "client_assertion_type": "none"}, 900144),
        (
            {
                "client_assertion": "x",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            },
            700027,
        ),
    ],
)
def test_each_wrong_token_request_has_its_code(client: Client, changes: dict[str, str], code: int) -> None:
    form = {"client_id": client.kit.client_id, "client_secret": "right", "grant_type": "client_credentials"}

    refused = client.token_request(**(form | {"scope": "https://graph.microsoft.com/.default"} | changes))

    assert (refused.status_code in (400, 401), code_of(refused)) == (True, code)


def test_a_secret_ends_when_its_time_comes(client: Client) -> None:
    client.kit.secret = Secret("right", expires=client.clock.now() + timedelta(minutes=1))
    before = client.sign_in_application()
    client.clock.advance(60)

    assert (before.status_code, code_of(client.sign_in_application())) == (200, 7000222)


def test_the_portal_is_not_for_applications(client: Client) -> None:
    client.kit.portal = True

    assert code_of(client.sign_in_application("74658136-14ec-4630-ad9b-26e160ff0fc6/.default")) == 650057


def test_a_code_is_approved_by_itself_once_its_time_has_come(client: Client) -> None:
    client.tenant.auto_approval = AutoApproval(client.admin.upn, after_seconds=30)
    code = client.device_code()
    before = client.redeem(code)
    client.clock.advance(30)

    assert (code_of(before), client.redeem(code).status_code) == (70016, 200)


def test_a_code_ends_when_its_time_is_over(client: Client) -> None:
    code = client.device_code()
    client.clock.advance(15 * 60)

    assert (code_of(client.redeem(code)), code_of(client.decide(code["user_code"]))) == (70020, 70019)


def test_a_code_of_another_tenant_is_not_known(client: Client) -> None:
    code = client.device_code()
    client.cloud.add(
        other := type(client.tenant)(str(uuid.uuid4()), "Other", (), applications=client.tenant.applications)
    )

    form = {"client_id": client.people.client_id, "device_code": code["device_code"]}
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    refused = client.session.post(client.url(f"{other.id}/oauth2/v2.0/token"), data=form | {"grant_type": grant})

    assert code_of(refused) == 70018


@pytest.mark.parametrize(
    ("user_code", "decision", "upn", "code"),
    [
        ("", "approve", "", 90119),
        ("WRONGCODE", "approve", "", 70018),
        ("right", "maybe", "", 9002313),
        ("right", "approve", "nobody@contoso.example", 9002313),
    ],
)
def test_a_wrong_decision_is_refused(client: Client, user_code: str, decision: str, upn: str, code: int) -> None:
    right = client.device_code()["user_code"]

    assert code_of(client.decide(right if user_code == "right" else user_code, decision, upn)) == code


def test_a_decision_is_final(client: Client) -> None:
    code = client.device_code()["user_code"]
    client.decide(code, "decline")

    assert code_of(client.decide(code)) == 90120


def test_a_person_can_decide_in_a_browser(client: Client) -> None:
    code = client.device_code()
    page = client.session.get(code["verification_uri"])
    form = {"user_code": code["user_code"].lower(), "upn": "ADA@contoso.example", "decision": "approve"}

    said = client.session.post(code["verification_uri"], data=form, headers={"Accept": "text/html"})

    assert all(f'name="{name}"' in page.text for name in form)
    assert "LAB" in page.text
    assert "Vous êtes connecté" in said.text
    assert client.redeem(code).status_code == 200


@pytest.mark.parametrize("token", ["", "unknown"])
def test_a_refresh_token_that_was_never_given_is_refused(client: Client, token: str) -> None:
    refused = client.token_request(
        client_id=client.people.client_id, grant_type="refresh_token", refresh_token=token, scope="User.Read"
    )

    assert code_of(refused) == 70000


def test_a_refresh_without_a_scope_is_for_what_was_first_asked(client: Client) -> None:
    first = client.sign_in_person().json()

    again = client.token_request(
        client_id=client.people.client_id, grant_type="refresh_token", refresh_token=first["refresh_token"]
    )

    assert again.json()["scope"] == first["scope"]


@pytest.mark.parametrize(("secret", "code"), [("right", 0), ("wrong", 7000215)])
def test_a_secret_may_come_in_the_authorization_header(client: Client, secret: str, code: int) -> None:
    answer = client.session.post(
        client.url(f"{client.tenant.id}/oauth2/v2.0/token"),
        data={"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"},
        auth=(client.kit.client_id, secret),
    )

    assert answer.json().get("error_codes", [0]) == [code]


def test_a_refresh_token_belongs_to_one_client(client: Client) -> None:
    token = client.sign_in_person().json()["refresh_token"]
    other = type(client.people)(str(uuid.uuid4()), "Other", public_client=True, delegated_scopes=("User.Read",))
    client.tenant.applications.append(other)

    refused = client.token_request(client_id=other.client_id, grant_type="refresh_token", refresh_token=token)

    assert code_of(refused) == 70000


def test_without_consent_an_application_gets_a_token_that_opens_nothing(client: Client) -> None:
    client.tenant.faults = {"consent_missing"}

    assert (client.sign_in_application().status_code, client.get("organization", "application").status_code) == (
        200,
        403,
    )


def test_an_account_of_another_tenant_says_so(client: Client) -> None:
    client.tenant.faults = {"wrong_tenant"}

    shown = client.get("organization").json()["value"][0]

    assert shown["id"] != client.tenant.id
    assert shown["displayName"] == "Northwind Traders"


@pytest.fixture(scope="module")
def certificate() -> trustme.LeafCert:
    return trustme.CA().issue_cert("runbook-kit", key_type=trustme.KeyType.RSA)


def assertion(client: Client, certificate: trustme.LeafCert, changes: dict[str, Any]) -> dict[str, str]:
    """Make a client assertion by hand, right but for the changes."""
    pem = certificate.cert_chain_pems[0].bytes()
    client.kit.certificates = (pem,)
    fingerprint = x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256())
    header = {"alg": "RS256", "x5t#S256": base64.urlsafe_b64encode(fingerprint).decode()}
    claims = {
        "iss": client.kit.client_id,
        "sub": client.kit.client_id,
        "aud": client.url(f"{client.tenant.id}/oauth2/v2.0/token"),
        "exp": int(client.clock.now().timestamp()) + 60,
        **changes,
    }
    key = jwk.RSAKey.import_key(certificate.private_key_pem.bytes())
    return {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, key),
    }


def test_an_assertion_made_by_hand_is_taken(client: Client, certificate: trustme.LeafCert) -> None:
    assert client.token_request(**assertion(client, certificate, {})).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "somebody-else"}, 700027),
        ({"iss": None}, 700027),
        ({"aud": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}, 700027),
        ({"aud": None}, 700027),
        ({"exp": 1}, 700027),
        ({"exp": None}, 700027),
        ({"sub": None}, 700027),
        ({"sub": "bbbbbbbb-0000-4000-8000-000000000009"}, 700016),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    client: Client, certificate: trustme.LeafCert, changes: dict[str, Any], code: int
) -> None:
    assert code_of(client.token_request(**assertion(client, certificate, changes))) == code


def test_an_assertion_is_not_for_public_clients_nor_for_ever(client: Client, certificate: trustme.LeafCert) -> None:
    form = assertion(client, certificate, {})
    client.tenant.faults = {"expired_secret"}
    expired = client.token_request(**form)
    client.kit.public_client = True

    assert (code_of(expired), code_of(client.token_request(**form))) == (700027, 700025)


def test_a_client_with_no_permission_at_all_has_no_consent(client: Client) -> None:
    client.people.delegated_scopes = ()

    assert code_of(client.sign_in_person()) == 65001
