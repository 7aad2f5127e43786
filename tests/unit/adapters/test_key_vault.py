"""Secrets from Azure Key Vault: Microsoft's own client over loopback TLS against a stand-in that speaks the vault's REST API."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from socket import gaierror
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from azure.keyvault.secrets import SecretClient
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from urllib3.exceptions import NameResolutionError

from runbook_lib.adapters.clouds import CLOUDS
from runbook_lib.adapters.key_vault import CHOICE, read_secret, vault_secret
from runbook_lib.errors import ParameterError
from tests.unit.adapters.cloud_stand_in import StandIn

VALUE = "canary-from-the-vault"
TOKEN = "canary-vault-token"
OLD = "0" * 32
NOW = int(time.time())


@dataclass
class Vault:
    """What the vault holds, by name or name/version, and who may read it. Form: Microsoft, Key Vault REST API, Get Secret."""

    secrets: dict[str, dict[str, Any]] = field(default_factory=lambda: {"sync": {}, f"sync/{OLD}": {}})
    refusal: tuple[int, dict[str, Any]] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            where = f'Bearer authorization="https://login.example/{OLD}", resource="https://vault.azure.net"'
            return JSONResponse({"error": {"code": "Unauthorized"}}, 401, headers={"WWW-Authenticate": where})
        name = request.url.path.removeprefix("/secrets/").rstrip("/")
        self.asked.append((name, request.query_params["api-version"]))
        if self.refusal:
            return JSONResponse(self.refusal[1], self.refusal[0])
        if name not in self.secrets:
            return JSONResponse({"error": {"code": "SecretNotFound", "message": f"{name} was not found"}}, 404)
        attributes = {"enabled": True} | self.secrets[name]
        return JSONResponse(
            {"value": VALUE + name[4:], "id": f"{request.base_url}secrets/sync/{OLD}", "attributes": attributes}
        )


@dataclass
class Credential:
    """Stands for azure-identity: gives a token, or fails as told."""

    error: Exception | None = None

    def get_token(self, *_scopes: str, **_more: Any) -> AccessToken:
        if self.error:
            raise self.error
        return AccessToken(TOKEN, NOW + 3600)


@pytest.fixture
def vault(stand_in: StandIn) -> Vault:
    vault = Vault()
    stand_in.answer = vault.answer
    return vault


@pytest.fixture
def credential() -> Credential:
    return Credential()


@pytest.fixture
def client(stand_in: StandIn, credential: Credential) -> Iterator[SecretClient]:
    bounds = {"retry_total": 0, "connection_verify": stand_in.ca_file, "verify_challenge_resource": False}
    with SecretClient(stand_in.root, credential, **bounds) as opened:
        yield opened


def refused(client: Any, name: str = "contoso/sync") -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        read_secret(client, name)
    error = caught.value
    assert error.exit_code == 2
    assert not any(canary in error.say(language) for canary in (VALUE, TOKEN) for language in ("en", "fr"))
    assert f"keyvault:{name}" in error.say("fr")
    return error


def test_a_secret_is_read_in_its_newest_version_or_the_one_named(vault: Vault, client: SecretClient) -> None:
    assert read_secret(client, "contoso/sync") == VALUE
    assert read_secret(client, f"contoso/sync/{OLD}") == f"{VALUE}/{OLD}"
    assert [name for name, _ in vault.asked] == ["sync", f"sync/{OLD}"]
    assert all(version for _, version in vault.asked)


def test_no_such_secret_and_no_such_version_are_said(vault: Vault, client: SecretClient) -> None:
    assert refused(client, "contoso/other").message.key == "vault-no-secret"
    assert refused(client, "contoso/sync/" + "1" * 32).message.key == "vault-no-secret"


@pytest.mark.parametrize(
    ("status", "error", "key"),
    [
        (403, {"code": "Forbidden", "innererror": {"code": "ForbiddenByRbac"}}, "vault-forbidden"),
        (403, {"code": "Forbidden", "innererror": {"code": "ForbiddenByFirewall"}}, "vault-forbidden"),
        (403, {"code": "Forbidden", "innererror": {"code": "SecretDisabled"}}, "vault-secret-not-valid"),
        (403, {}, "vault-forbidden"),
        (429, {"code": "Throttled"}, "vault-answer-wrong"),
        (500, {}, "vault-answer-wrong"),
    ],
)
def test_each_no_of_the_vault_has_its_message(
    vault: Vault, client: SecretClient, status: int, error: dict[str, Any], key: str
) -> None:
    vault.refusal = (status, {"error": error})

    assert refused(client).message.key == key


@pytest.mark.parametrize("attributes", [{"exp": NOW - 60}, {"nbf": NOW + 3600}, {"enabled": False}])
def test_a_secret_that_is_not_valid_now_is_not_used(
    vault: Vault, client: SecretClient, attributes: dict[str, Any]
) -> None:
    """The vault hands it out all the same."""
    vault.secrets["sync"] = attributes

    assert refused(client).message.key == "vault-secret-not-valid"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (CredentialUnavailableError("no managed identity endpoint"), "vault-no-credential"),
        (ClientAuthenticationError("AADSTS7000222: expired"), "vault-sign-in-refused"),
    ],
)
def test_who_gets_no_token_is_told_why(
    vault: Vault, client: SecretClient, credential: Credential, error: Exception, key: str
) -> None:
    credential.error = error

    assert refused(client).message.key == key
    assert vault.asked == []


def test_what_is_no_vault_is_not_believed(stand_in: StandIn, client: SecretClient) -> None:
    stand_in.script(Response("<html>", media_type="text/html"))

    assert refused(client).message.key == "vault-answer-wrong"


def test_a_vault_that_does_not_answer_is_unreachable() -> None:
    with SecretClient("https://localhost:1", Credential(), retry_total=0, verify_challenge_resource=False) as client:
        assert refused(client).message.key == "vault-unreachable"


def test_a_name_that_nobody_knows_is_told_from_a_network_that_is_down(
    client: SecretClient, credential: Credential, stand_in: StandIn, vault: Vault
) -> None:
    """Tests stay on this machine, so the error is made of urllib3's own."""
    inner = NameResolutionError("contoso.vault.azure.net", None, gaierror(-2, "Name or service not known"))
    credential.error = ServiceRequestError(inner, error=inner)

    assert refused(client).message.key == "vault-unknown"


@pytest.mark.parametrize("chosen", ["", "dev", "DefaultAzureCredential"])
def test_somebody_must_be_chosen_to_ask(chosen: str) -> None:
    with pytest.raises(ParameterError) as caught:
        vault_secret("contoso/sync", CLOUDS["global"], {CHOICE: chosen})

    assert caught.value.message.key == "vault-nobody-chosen"
    assert "AzureCliCredential" in caught.value.say("fr")


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_every_cloud_has_vaults_of_its_own(cloud: str) -> None:
    suffixes = {"global": "vault.azure.net", "china": "vault.azure.cn"}

    assert CLOUDS[cloud].vault_suffix == suffixes.get(cloud, "vault.usgovcloudapi.net")
