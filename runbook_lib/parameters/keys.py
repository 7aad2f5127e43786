"""The parameters of a run: every key of a tenant's file, which is also every parameter of a notebook."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from runbook_lib.parameters.shapes import (
    ITEMS,
    NOTHING,
    SECTION,
    ChangeNumber,
    DigestOrNothing,
    Endpoint,
    File,
    FileOrNothing,
    FolderName,
    Guid,
    Host,
    RunId,
    RunOrNothing,
    SecretField,
    Upn,
    User,
)

Cloud = Literal["global", "us-gov-l4", "us-gov-l5", "china"]
Transport = Literal["basic", "certificate", "ntlm", "kerberos", "credssp"]
Method = Literal["device-code", "interactive", "certificate", "secret", "managed-identity"]
TokenCache = Literal["memory", "encrypted", "plain-file"]
Provider = Literal["guided", "portal-api"]
ChangeSystem = Literal["none", "servicenow", "jira"]


class Section(BaseModel):
    """A group of keys. Nothing is converted, nothing unknown is accepted, nothing can be changed afterwards."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )


class Tenant(Section):
    """The tenant that is looked at or changed. Nothing is sent when the account signed in belongs to another one."""

    id: Guid
    """The tenant id (directory id), a GUID."""
    name: FolderName
    """A short name of your own, used for the folder of the evidence: lower-case letters, digits, dots and hyphens."""
    cloud: Cloud = "global"
    """The national cloud of the tenant."""


class SyncServer(Section):
    """The server that runs Azure AD Connect (Microsoft Entra Connect), reached over WinRM."""

    endpoint: Endpoint
    """The WinRM address with its port, such as https://sync1.contoso.com:5986/wsman."""
    transport: Transport
    """How to sign in to the server."""
    ca_file: Annotated[File | None, NOTHING] = None
    """A PEM file of the authorities to trust for this server, when the machine does not trust them already."""
    username: Annotated[User | None, NOTHING] = None
    """The account on the server: DOMAIN\\user, user@domain or user; with kerberos user@REALM, or nothing."""
    password: Annotated[SecretField | None, NOTHING] = None
    """Where the password is kept: env:NAME, keyring:service/user, file:path, prompt:label. Never the password itself."""
    certificate_file: Annotated[File | None, NOTHING] = None
    """The client certificate (PEM), with transport certificate."""
    key_file: Annotated[File | None, NOTHING] = None
    """The private key of the client certificate (PEM), with transport certificate."""
    deadline_seconds: Annotated[int, Field(ge=10, le=3600)] = 120
    """How long one exchange with the server may take, in seconds."""
    other_endpoints: Annotated[tuple[Endpoint, ...], ITEMS] = Field(default=(), max_length=16)
    """The other sync servers of the tenant. They must be in staging mode, and are only read."""
    use_environment_proxy: bool = False
    """Go through the proxy that the environment variables name."""
    kerberos_hostname: Annotated[Host | None, NOTHING] = None
    """The name in the server's Kerberos service principal, when the endpoint is an alias or an address."""
    kerberos_delegation: bool = False
    """Let the server act with our ticket towards domain controllers, with transport kerberos."""


class SignIn(Section):
    """How to sign in to the tenant."""

    method: Method
    """device-code and interactive sign in a person; the others an application."""
    client_id: Annotated[Guid | None, NOTHING] = None
    """The application (client) id, a GUID. With managed-identity only for a user-assigned identity."""
    secret: Annotated[SecretField | None, NOTHING] = None
    """Where the client secret is kept, with method secret. Never the secret itself."""
    certificate_file: Annotated[File | None, NOTHING] = None
    """The certificate of the application (PEM), with method certificate."""
    key_file: Annotated[File | None, NOTHING] = None
    """Its private key (PEM), when it is not in the same file."""
    key_password: Annotated[SecretField | None, NOTHING] = None
    """Where the password of the private key is kept, when it has one."""
    token_cache: TokenCache = "memory"  # noqa: S105  # a place, no token
    """Where a person's tokens are kept: memory: until the run ends. encrypted: for later runs, encrypted by the system.
    plain-file: for later runs, in a file that nothing protects but its rights."""


class Sspr(Section):
    """What self-service password reset is to do on premises."""

    provider: Provider = "guided"
    """guided: a person sets it in the portal and attests. portal-api: the portal's own interface, unsupported by Microsoft."""
    write_back: bool = True
    """Write back passwords to the on-premises directory."""
    unlock: bool = True
    """Allow users to unlock accounts without resetting their password."""


class Connect(Section):
    """What may happen on the sync server beside the change itself."""

    restart_service: bool = False
    """Restart the synchronization service after the change."""
    start_delta_cycle: bool = False
    """Start a delta synchronization cycle at the end."""
    wait_seconds: Annotated[int, Field(ge=0, le=3600)] = 300
    """How long to wait for a running cycle, and for signs that the change has taken effect, in seconds."""


class ChangeRecord(Section):
    """The change record that this work belongs to."""

    system: ChangeSystem = "none"
    """Where the change record is kept."""
    number: Annotated[ChangeNumber | None, NOTHING] = None
    """Its number, in quotes, such as "CHG0030042"."""


class Parameters(Section):
    """The parameters of a run for one tenant. Made by `read_parameters` and `check_parameters`, which also check the rules
    between keys.
    """

    profile: Literal["lab", "live"]
    """lab: the built-in lab on this machine. live: real systems."""
    language: Literal["fr", "en"] = "en"
    """The language of what a person reads."""
    tenant: Annotated[Tenant, SECTION]
    """The tenant that is looked at or changed."""
    sync_server: Annotated[SyncServer, SECTION]
    """The server that runs Azure AD Connect (Microsoft Entra Connect)."""
    sign_in: Annotated[SignIn, SECTION]
    """How to sign in to the tenant."""
    sspr: Annotated[Sspr, SECTION] = Sspr()
    """What self-service password reset is to do on premises."""
    connect: Annotated[Connect, SECTION] = Connect()
    """What may happen on the sync server beside the change itself."""
    grant_permissions: bool = False
    """Grant the rights that password writeback needs and that are missing in the directory."""
    pilot_user: Annotated[Upn | None, NOTHING] = None
    """A test user whose password may be reset to prove that writeback works."""
    change: Annotated[ChangeRecord, SECTION] = ChangeRecord()
    """The change record that this work belongs to."""
    mode: Literal["plan", "apply"] = "plan"
    """plan: look and write a plan. apply: send the plan that was approved."""
    approved_plan: DigestOrNothing = ""
    """The digest of the approved plan (64 hexadecimal digits), for mode apply."""
    attestation: FileOrNothing = ""
    """The file in which a person attests what they did by hand."""
    rollback_of: RunOrNothing = ""
    """The run to undo, TENANT/RUN as its folder below the outputs is called; empty: this undoes nothing."""
    run_id: RunId = ""
    """The name of the new run's folder; empty: one is made."""
