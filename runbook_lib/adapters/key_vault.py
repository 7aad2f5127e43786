"""Secrets kept in Azure Key Vault, by Microsoft's own client. The packages are optional and imported when first needed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from runbook_lib.adapters.clouds import Cloud
from runbook_lib.errors import ParameterError

# Who asks is chosen with Microsoft's own variable, by the name of a credential of azure-identity; nothing is tried in turn, so
# that it is never somebody else than meant.
CHOICE = "AZURE_TOKEN_CREDENTIALS"
CREDENTIALS = (
    "ManagedIdentityCredential",
    "WorkloadIdentityCredential",
    "EnvironmentCredential",
    "AzureCliCredential",
)

# Bounds of one exchange, and one more try: an operator waits for it.
_BOUNDS = {"connection_timeout": 10, "read_timeout": 30, "retry_total": 1, "retry_backoff_factor": 0.2}


def vault_secret(name: str, cloud: Cloud, environ: Mapping[str, str]) -> str:
    """Return the value of the secret `vault/name` or `vault/name/version`, from a vault of this cloud.

    Raises:
        ParameterError: a package is missing, nobody was chosen to ask, or the vault said no. The message holds no value.
    """
    vault = name.partition("/")[0]
    try:
        secrets = importlib.import_module("azure.keyvault.secrets")
        identity = importlib.import_module("azure.identity")
    except ImportError:
        raise ParameterError("vault-package-missing", reference=f"keyvault:{name}") from None
    with (
        _credential(identity, name, cloud, environ) as credential,
        secrets.SecretClient(f"https://{vault}.{cloud.vault_suffix}", credential, **_BOUNDS) as client,
    ):
        return read_secret(client, name)


def read_secret(client: Any, name: str) -> str:
    """Return the value of a secret through a `SecretClient`. Raises `ParameterError` as `vault_secret` does."""
    exceptions = importlib.import_module("azure.core.exceptions")
    _, secret, version = [*name.split("/"), ""][:3]
    try:
        found = client.get_secret(secret, version or None)
    except exceptions.AzureError as error:
        failure = _failure(error, name, exceptions)
    except ValueError:  # what is not JSON, or no answer of a vault
        failure = _told("vault-answer-wrong", name, status=200)
    else:
        return _valid(found, name)
    raise failure from None  # not chained: the request inside holds a token


def _credential(identity: Any, name: str, cloud: Cloud, environ: Mapping[str, str]) -> Any:
    chosen = environ.get(CHOICE, "")
    if chosen not in CREDENTIALS:
        raise ParameterError("vault-nobody-chosen", reference=f"keyvault:{name}", variable=CHOICE, known=CREDENTIALS)
    if chosen == "AzureCliCredential":  # it takes its cloud from `az cloud set`
        return identity.AzureCliCredential()
    if chosen == "ManagedIdentityCredential":
        return identity.ManagedIdentityCredential(client_id=environ.get("AZURE_CLIENT_ID") or None)
    try:
        return getattr(identity, chosen)(authority=cloud.login)
    except ValueError:  # a variable that it needs is missing
        raise _told("vault-no-credential", name) from None


def _failure(error: Any, name: str, exceptions: Any) -> ParameterError:
    if isinstance(error, exceptions.ClientAuthenticationError):
        code = re.search(r"AADSTS\d{4,8}", str(error))
        return _told("vault-sign-in-refused", name, code=code[0]) if code else _told("vault-no-credential", name)
    if isinstance(error, exceptions.HttpResponseError):
        return _refused(error, name)
    unknown = "Failed to resolve" in str(error)  # urllib3, NameResolutionError
    return _told("vault-unknown" if unknown else "vault-unreachable", name)


def _refused(error: Any, name: str) -> ParameterError:
    """Return what a refusal means, by status and by the code inside (Microsoft, Key Vault REST API error codes)."""
    status = int(error.status_code or 0)
    inner = getattr(error.error, "innererror", None) or {}
    if status == 403 and inner.get("code") == "SecretDisabled":
        return _told("vault-secret-not-valid", name)
    if status == 404:
        return _told("vault-no-secret", name)
    return _told("vault-forbidden" if status == 403 else "vault-answer-wrong", name, status=status)


def _valid(found: Any, name: str) -> str:
    """Return the value while it may be used: a vault hands out expired secrets as well."""
    now, properties = datetime.now(UTC), found.properties
    is_over = properties.expires_on is not None and properties.expires_on <= now
    is_early = properties.not_before is not None and properties.not_before > now
    if is_over or is_early or properties.enabled is False:
        raise _told("vault-secret-not-valid", name)
    return found.value or ""


def _told(key: str, name: str, **more: str | int) -> ParameterError:
    return ParameterError(key, reference=f"keyvault:{name}", **more)
