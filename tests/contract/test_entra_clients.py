"""Sign-in by clients that Microsoft wrote, msal and azure-identity, against the lab's Entra over loopback TLS."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msal
import pytest
import requests
import trustme
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, ClientSecretCredential, DeviceCodeCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    Secret,
)

TENANT = "1f3c5a70-6b1e-4f0e-9d54-0c2b7a91e001"
KIT, PUBLIC, PORTAL_CLIENT = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
ADMIN = "ada@contoso.example"
EVERYTHING = ["https://graph.microsoft.com/.default"]
USER_READ = ["https://graph.microsoft.com/User.Read"]
PORTAL = ["74658136-14ec-4630-ad9b-26e160ff0fc6/.default"]


@dataclass
class Lab:
    """A served tenant, and what a client needs to reach and to trust it."""

    address: str
    tenant: CloudTenant
    ca_file: str
    session: requests.Session
    certificate: trustme.LeafCert

    @property
    def authority(self) -> str:
        return f"{self.address}/{TENANT}"

    def confidential(self, credential: Any, client_id: str = KIT, **more: Any) -> dict[str, Any]:
        """Ask for a token in the application's own name, as msal does it."""
        settings = {"authority": self.authority, "instance_discovery": False} | more
        app = msal.ConfidentialClientApplication(
            client_id, client_credential=credential, http_client=self.session, **settings
        )
        return app.acquire_token_for_client(EVERYTHING)

    def public(self, client_id: str = PUBLIC) -> msal.PublicClientApplication:
        return msal.PublicClientApplication(
            client_id, authority=self.authority, instance_discovery=False, http_client=self.session
        )

    def decide(self, flow: dict[str, Any], decision: str) -> None:
        """Do what a person does with a code."""
        form = {"user_code": flow["user_code"], "upn": ADMIN, "decision": decision}
        self.session.post(f"{self.address}/devicelogin", data=form).raise_for_status()


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def app_certificate(ca: trustme.CA) -> trustme.LeafCert:
    return ca.issue_cert("runbook-kit", key_type=trustme.KeyType.RSA)


@pytest.fixture(scope="module")
def server(ca: trustme.CA) -> Iterator[tuple[Cloud, CloudServer]]:
    cloud = Cloud()
    with CloudServer(cloud, ca) as running:
        yield cloud, running


@pytest.fixture
def lab(
    server: tuple[Cloud, CloudServer], ca: trustme.CA, app_certificate: trustme.LeafCert, tmp_path: Path
) -> Iterator[Lab]:
    cloud, running = server
    tenant = CloudTenant(
        TENANT,
        "Contoso",
        (Domain("contoso.example", is_default=True), Domain("contoso.onmicrosoft.com", is_initial=True)),
        accounts=[Account(ADMIN, "Ada", (GLOBAL_ADMINISTRATOR,))],
        applications=[
            Application(
                KIT, "Kit", Secret("right"), (app_certificate.cert_chain_pems[0].bytes(),), ("Organization.Read.All",)
            ),
            Application(PUBLIC, "Kit for people", delegated_scopes=("User.Read",), public_client=True),
            Application(PORTAL_CLIENT, "Azure CLI", delegated_scopes=("User.Read",), public_client=True, portal=True),
        ],
    )
    cloud.add(tenant)
    ca_file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(ca_file)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca_file)
        yield Lab(running.address, tenant, str(ca_file), session, app_certificate)


def private_key(certificate: trustme.LeafCert) -> str:
    return certificate.private_key_pem.bytes().decode()


def thumbprint(certificate: trustme.LeafCert) -> str:
    parsed = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
    return parsed.fingerprint(hashes.SHA1()).hex()  # the old form of msal's credential


def codes(result: dict[str, Any]) -> list[int]:
    assert result["error_description"].startswith(f"AADSTS{result['error_codes'][0]}: ")
    return result["error_codes"]


def test_a_secret_gives_a_token(lab: Lab) -> None:
    result = lab.confidential("right")

    assert (result["token_type"], result["token_source"]) == ("Bearer", "identity_provider")


def test_the_issuer_is_found_by_openid_discovery_too(lab: Lab) -> None:
    app = msal.ConfidentialClientApplication(
        KIT, client_credential="right", oidc_authority=f"{lab.authority}/v2.0", http_client=lab.session
    )

    assert "access_token" in app.acquire_token_for_client(EVERYTHING)


@pytest.mark.parametrize("form", ["thumbprint", "certificate"])
def test_a_certificate_gives_a_token(lab: Lab, form: str) -> None:
    """RS256 with a SHA-1 thumbprint, and PS256 with a SHA-256 one and the certificate itself."""
    if form == "thumbprint":
        credential = {"private_key": private_key(lab.certificate), "thumbprint": thumbprint(lab.certificate)}
    else:
        public = lab.certificate.cert_chain_pems[0].bytes().decode()
        credential = {"private_key": private_key(lab.certificate), "public_certificate": public}

    assert "access_token" in lab.confidential(credential)


def test_a_certificate_that_is_not_registered_is_refused(lab: Lab, ca: trustme.CA) -> None:
    other = ca.issue_cert("somebody-else", key_type=trustme.KeyType.RSA)

    result = lab.confidential({"private_key": private_key(other), "thumbprint": thumbprint(other)})

    assert (result["error"], codes(result)) == ("invalid_client", [700027])


def test_a_forged_signature_is_refused(lab: Lab, ca: trustme.CA) -> None:
    other = ca.issue_cert("somebody-else", key_type=trustme.KeyType.RSA)

    result = lab.confidential({"private_key": private_key(other), "thumbprint": thumbprint(lab.certificate)})

    assert (result["error"], codes(result)) == ("invalid_client", [700027])


@pytest.mark.parametrize(
    ("secret", "client_id", "fault", "error", "code"),
    [
        ("wrong", KIT, "", "invalid_client", 7000215),
        ("right", KIT, "expired_secret", "invalid_client", 7000222),
        ("right", PORTAL_CLIENT, "", "invalid_client", 700025),
        ("right", "bbbbbbbb-0000-4000-8000-000000000009", "", "unauthorized_client", 700016),
        ("right", KIT, "conditional_access", "invalid_grant", 53003),
    ],
)
def test_each_wrong_application_sign_in_has_its_code(
    lab: Lab, secret: str, client_id: str, fault: str, error: str, code: int
) -> None:
    lab.tenant.faults = {fault}

    result = lab.confidential(secret, client_id)

    assert (result["error"], codes(result)) == (error, [code])


def test_an_unknown_tenant_is_told_apart(lab: Lab) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration") as refused:
        lab.confidential("right", authority=f"{lab.address}/00000000-0000-4000-8000-000000000000")

    assert "AADSTS90002" in str(refused.value) + str(refused.value.__context__)


def test_a_person_signs_in_with_a_code_and_is_remembered(lab: Lab) -> None:
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)
    lab.decide(flow, "approve")

    result = app.acquire_token_by_device_flow(flow)

    assert result["id_token_claims"]["preferred_username"] == ADMIN
    assert [account["username"] for account in app.get_accounts()] == [ADMIN]
    assert flow["user_code"] in flow["message"]
    assert flow["interval"] == 1


def test_a_new_token_comes_without_the_person(lab: Lab) -> None:
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)
    lab.decide(flow, "approve")
    first = app.acquire_token_by_device_flow(flow)

    again = app.acquire_token_silent_with_error(USER_READ, account=app.get_accounts()[0], force_refresh=True)

    assert again["access_token"] != first["access_token"]


@pytest.mark.parametrize("resource", ["https://graph.microsoft.com", "the lab itself"])
def test_a_token_for_all_permissions_is_found_again(lab: Lab, resource: str) -> None:
    """Graph's name is its address in each cloud, so the lab's own address is one of its names."""
    scopes = [f"{lab.address if resource == 'the lab itself' else resource}/.default"]
    lab.tenant.auto_approval = AutoApproval(ADMIN)
    app = lab.public()
    first = app.acquire_token_by_device_flow(app.initiate_device_flow(scopes=scopes))

    again = app.acquire_token_silent_with_error(scopes, account=app.get_accounts()[0])

    assert (again["access_token"], again["token_source"]) == (first["access_token"], "cache")


def test_one_sign_in_serves_both_graph_and_the_portal(lab: Lab) -> None:
    app = lab.public(PORTAL_CLIENT)
    flow = app.initiate_device_flow(scopes=USER_READ)
    lab.decide(flow, "approve")
    app.acquire_token_by_device_flow(flow)

    result = app.acquire_token_silent_with_error(PORTAL, account=app.get_accounts()[0])

    assert result["token_source"] == "identity_provider"


def test_the_portal_is_not_for_every_client(lab: Lab) -> None:
    result = lab.public().initiate_device_flow(scopes=PORTAL)

    assert (result["error"], codes(result)) == ("invalid_resource", [650057])


def test_a_code_is_pending_until_somebody_decides(lab: Lab) -> None:
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)
    flow["expires_at"] = 0  # msal then asks once

    result = app.acquire_token_by_device_flow(flow)

    assert (result["error"], codes(result)) == ("authorization_pending", [70016])


def test_a_declined_code_ends_the_sign_in(lab: Lab) -> None:
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)
    lab.decide(flow, "decline")

    result = app.acquire_token_by_device_flow(flow)

    assert (result["error"], codes(result)) == ("authorization_declined", [65004])


def test_an_expired_code_ends_the_sign_in(lab: Lab) -> None:
    lab.tenant.device_code_lifetime = timedelta(seconds=0)
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)

    result = app.acquire_token_by_device_flow(flow)

    assert (result["error"], codes(result)) == ("expired_token", [70020])


def test_a_code_works_once(lab: Lab) -> None:
    app = lab.public()
    flow = app.initiate_device_flow(scopes=USER_READ)
    lab.decide(flow, "approve")
    app.acquire_token_by_device_flow(dict(flow))

    result = app.acquire_token_by_device_flow(dict(flow))

    assert (result["error"], codes(result)) == ("bad_verification_code", [70018])


def test_a_client_of_an_application_may_not_use_codes(lab: Lab) -> None:
    result = lab.public(KIT).initiate_device_flow(scopes=USER_READ)

    assert (result["error"], codes(result)) == ("invalid_client", [7000218])


@pytest.mark.parametrize(
    ("fault", "code", "suberror"),
    [("consent_missing", 65001, "consent_required"), ("conditional_access", 53003, "message_only")],
)
def test_a_refused_person_is_told_why(lab: Lab, fault: str, code: int, suberror: str) -> None:
    lab.tenant.faults = {fault}
    lab.tenant.auto_approval = AutoApproval(ADMIN)
    app = lab.public()

    result = app.acquire_token_by_device_flow(app.initiate_device_flow(scopes=USER_READ))

    assert (codes(result), result["suberror"]) == ([code], suberror)
    assert ("capolids" in result.get("claims", "")) == (fault == "conditional_access")


def test_a_permission_nobody_consented_to_is_refused(lab: Lab) -> None:
    lab.tenant.auto_approval = AutoApproval(ADMIN)
    app = lab.public()
    flow = app.initiate_device_flow(scopes=["https://graph.microsoft.com/Directory.ReadWrite.All"])

    assert codes(app.acquire_token_by_device_flow(flow)) == [65001]


def azure(lab: Lab) -> dict[str, Any]:
    return {"authority": lab.address, "disable_instance_discovery": True, "connection_verify": lab.ca_file}


def device_code(lab: Lab) -> DeviceCodeCredential:
    lab.tenant.auto_approval = AutoApproval(ADMIN)
    return DeviceCodeCredential(PUBLIC, tenant_id=TENANT, prompt_callback=lambda *_: None, **azure(lab))


def certificate(lab: Lab) -> CertificateCredential:
    pem = lab.certificate.private_key_pem.bytes() + lab.certificate.cert_chain_pems[0].bytes()
    return CertificateCredential(TENANT, KIT, certificate_data=pem, **azure(lab))


CREDENTIALS = [
    lambda lab: ClientSecretCredential(TENANT, KIT, "right", **azure(lab)),
    certificate,
    device_code,
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=["secret", "certificate", "device-code"])
def test_azure_identity_signs_in(lab: Lab, credential: Callable[[Lab], Any]) -> None:
    with closing(credential(lab)) as signed_in:
        assert signed_in.get_token(*EVERYTHING).token.count(".") == 2


def test_azure_identity_reads_the_refusal(lab: Lab) -> None:
    with (
        closing(ClientSecretCredential(TENANT, KIT, "wrong", **azure(lab))) as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215"),
    ):
        credential.get_token(*EVERYTHING)
