"""The parameters of a run: every key of a tenant's file, which is also every parameter of a notebook.

What a key means is given to `Field`, not written below it: pydantic would look for that in this file, once for each section,
whenever a program of the kit starts.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from runbook_lib.parameters.shapes import (
    ITEMS,
    NOTHING,
    SECTION,
    Authority,
    ChangeNumber,
    ClientId,
    DigestOrNothing,
    Endpoint,
    File,
    FileOrNothing,
    FolderName,
    Guid,
    Host,
    Login,
    RunId,
    RunOrNothing,
    SecretField,
    Site,
    Upn,
    User,
)

Cloud = Literal["global", "us-gov-l4", "us-gov-l5", "china"]
ServerMethod = Literal["powershell", "guided"]
Transport = Literal["basic", "certificate", "ntlm", "kerberos", "credssp"]
Method = Literal["device-code", "interactive", "certificate", "secret", "managed-identity"]
TokenCache = Literal["memory", "encrypted", "plain-file"]
Provider = Literal["guided", "portal-api"]
ChangeSystem = Literal["none", "servicenow", "jira-cloud", "jira-data-center"]


class Section(BaseModel):
    """A group of keys. Nothing is converted, nothing unknown is accepted, nothing can be changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Tenant(Section):
    """The tenant that is looked at or changed. Nothing is sent when the account signed in belongs to another one."""

    id: Guid = Field(description="The tenant id (directory id), a GUID.")
    name: FolderName = Field(
        description="A short name of your own, used for the folder of the evidence: lower-case letters, digits, dots and hyphens."
    )
    cloud: Cloud = Field("global", description="The national cloud of the tenant.")


# What an editor is told of the rule between the keys of `sync_server`; `rules` says it in words.
_REACHED: dict[str, JsonValue] = {
    "if": {"properties": {"method": {"const": "guided"}}, "required": ["method"]},
    "else": {"required": ["endpoint", "transport"]},
}


class SyncServer(Section):
    """The server that runs Azure AD Connect (Microsoft Entra Connect), reached over WinRM or left to a person."""

    model_config = ConfigDict(json_schema_extra=_REACHED)

    method: ServerMethod = Field(
        "powershell",
        description="powershell: over WinRM. guided: the server may not be reached; a person does its steps in the wizard and attests.",
    )
    endpoint: Annotated[Endpoint | None, NOTHING] = Field(
        None,
        description="The WinRM address with its port, such as https://sync1.contoso.com:5986/wsman. Needed with powershell.",
    )
    transport: Annotated[Transport | None, NOTHING] = Field(
        None, description="How to sign in to the server. Needed with powershell."
    )
    ca_file: Annotated[File | None, NOTHING] = Field(
        None,
        description="A PEM file of the authorities to trust for this server, when the machine does not trust them already.",
    )
    username: Annotated[User | None, NOTHING] = Field(
        None,
        description="The account on the server: DOMAIN\\user, user@domain or user; with kerberos user@REALM, or nothing.",
    )
    password: Annotated[SecretField | None, NOTHING] = Field(
        None,
        description="Where the password is kept: env:NAME, keyring:service/user, file:path, prompt:label. Never the password itself.",
    )
    certificate_file: Annotated[File | None, NOTHING] = Field(
        None, description="The client certificate (PEM), with transport certificate."
    )
    key_file: Annotated[File | None, NOTHING] = Field(
        None, description="The private key of the client certificate (PEM), with transport certificate."
    )
    deadline_seconds: Annotated[int, Field(ge=10, le=3600)] = Field(
        120, description="How long one exchange with the server may take, in seconds."
    )
    other_endpoints: Annotated[tuple[Endpoint, ...], ITEMS] = Field(
        (),
        max_length=16,
        description="The other sync servers of the tenant. They must be in staging mode, and are only read.",
    )
    use_environment_proxy: bool = Field(False, description="Go through the proxy that the environment variables name.")
    kerberos_hostname: Annotated[Host | None, NOTHING] = Field(
        None,
        description="The name in the server's Kerberos service principal, when the endpoint is an alias or an address.",
    )
    kerberos_delegation: bool = Field(
        False, description="Let the server act with our ticket towards domain controllers, with transport kerberos."
    )


class SignIn(Section):
    """How to sign in to the tenant."""

    method: Method = Field(description="device-code and interactive sign in a person; the others an application.")
    client_id: Annotated[Guid | None, NOTHING] = Field(
        None,
        description="The application (client) id, a GUID. With managed-identity only for a user-assigned identity.",
    )
    secret: Annotated[SecretField | None, NOTHING] = Field(
        None, description="Where the client secret is kept, with method secret. Never the secret itself."
    )
    certificate_file: Annotated[File | None, NOTHING] = Field(
        None, description="The certificate of the application (PEM), with method certificate."
    )
    key_file: Annotated[File | None, NOTHING] = Field(
        None, description="Its private key (PEM), when it is not in the same file."
    )
    key_password: Annotated[SecretField | None, NOTHING] = Field(
        None, description="Where the password of the private key is kept, when it has one."
    )
    token_cache: TokenCache = Field(
        "memory",
        description=(
            "Where a person's tokens are kept: memory: until the run ends. encrypted: for later runs, encrypted by the system.\n"
            "plain-file: for later runs, in a file that nothing protects but its rights."
        ),
    )


class Sspr(Section):
    """What self-service password reset is to do on premises."""

    provider: Provider = Field(
        "guided",
        description="guided: a person sets it in the portal and attests. portal-api: the portal's own interface, unsupported by Microsoft.",
    )
    write_back: bool = Field(True, description="Write back passwords to the on-premises directory.")
    unlock: bool = Field(True, description="Allow users to unlock accounts without resetting their password.")


class Connect(Section):
    """What may happen on the sync server beside the change itself."""

    restart_service: bool = Field(False, description="Restart the synchronization service after the change.")
    start_delta_cycle: bool = Field(False, description="Start a delta synchronization cycle at the end.")
    wait_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        300,
        description="How long to wait for a running cycle, and for signs that the change has taken effect, in seconds.",
    )


class ChangeAccess(Section):
    """The change record that this work belongs to, and how its system is reached. Nothing here is sent to the tenant."""

    system: ChangeSystem = Field("none", description="Where the change record is kept.")
    number: Annotated[ChangeNumber | None, NOTHING] = Field(
        None, description='Its number, in quotes, such as "CHG0030042"; for Jira the key of the issue.'
    )
    address: Annotated[Site | None, NOTHING] = Field(
        None,
        description="The address of the system, such as https://example.service-now.com. Needed with attach and gate, and by `runbook attach`.",
    )
    username: Annotated[Login | None, NOTHING] = Field(
        None,
        description="Who signs in: a user of ServiceNow, or the e-mail address of an account of Jira Cloud. Not given: the credential is a token of its own.",
    )
    client_id: Annotated[ClientId | None, NOTHING] = Field(
        None, description="With ServiceNow, in place of a user: the OAuth client; then the credential is its secret."
    )
    credential: Annotated[SecretField | None, NOTHING] = Field(
        None,
        description="Where the password or token is kept: env:NAME, keyring:service/user, file:path, prompt:label. Never the secret itself.",
    )
    ca_file: Annotated[File | None, NOTHING] = Field(
        None,
        description="A PEM file of the authorities to trust for this system, when the machine does not trust them already.",
    )
    attach: bool = Field(
        False, description="Attach the sealed record to the change record when a run that may change something ends."
    )
    gate: bool = Field(
        False,
        description="Apply only what the change record approves: its state, its approval, its window and the plan in its text are read first.",
    )


class Evidence(Section):
    """Whose signatures an approval or attestation needs, and what becomes of the record."""

    roster: Annotated[File | None, NOTHING] = Field(
        None,
        description="The file of the keys that are believed (JSON, docs/approvals.md). With it, a digest alone approves nothing.",
    )
    approvals_needed: Annotated[int, Field(ge=1, le=16)] = Field(
        1, description="How many people must have signed an approval of the plan, with a roster."
    )
    attestations_signed: bool = Field(
        False, description="Take an attestation only when those it names have signed it, with a roster."
    )
    seal: bool = Field(
        False, description="Seal a run of mode apply when it comes to its end: one signed zip file beside its folder."
    )
    signing_key: Annotated[File | None, NOTHING] = Field(
        None,
        description="Whose key signs the seal: file:PATH, hsm:NUMBER?label=TOKEN or azurekms://...; your own key when it is not given.",
    )
    time_stamp: Annotated[Authority | None, NOTHING] = Field(
        None, description="The address of the time stamp authority (RFC 3161) that is asked when the seal was made."
    )


class Parameters(Section):
    """The parameters of a run for one tenant. Made by `read_parameters` and `check_parameters`, which also check the rules
    between keys.
    """

    profile: Literal["lab", "live"] = Field(description="lab: the built-in lab on this machine. live: real systems.")
    language: Literal["fr", "en"] = Field("en", description="The language of what a person reads.")
    tenant: Annotated[Tenant, SECTION] = Field(description="The tenant that is looked at or changed.")
    sync_server: Annotated[SyncServer, SECTION] = Field(
        description="The server that runs Azure AD Connect (Microsoft Entra Connect)."
    )
    sign_in: Annotated[SignIn, SECTION] = Field(description="How to sign in to the tenant.")
    sspr: Annotated[Sspr, SECTION] = Field(Sspr(), description="What self-service password reset is to do on premises.")
    connect: Annotated[Connect, SECTION] = Field(
        Connect(), description="What may happen on the sync server beside the change itself."
    )
    grant_permissions: bool = Field(
        False, description="Grant the rights that password writeback needs and that are missing in the directory."
    )
    pilot_user: Annotated[Upn | None, NOTHING] = Field(
        None, description="A test user whose password may be reset to prove that writeback works."
    )
    change: Annotated[ChangeAccess, SECTION] = Field(
        ChangeAccess(), description="The change record that this work belongs to."
    )
    evidence: Annotated[Evidence, SECTION] = Field(
        Evidence(), description="Whose signatures an approval or attestation needs, and what becomes of the record."
    )
    mode: Literal["plan", "apply"] = Field(
        "plan", description="plan: look and write a plan. apply: send the plan that was approved."
    )
    approved_plan: DigestOrNothing = Field(
        "", description="The digest of the approved plan (64 hexadecimal digits), for mode apply."
    )
    approvals: Annotated[tuple[File, ...], ITEMS] = Field(
        (),
        max_length=32,
        description="The files in which people approve the plan with their signatures, for mode apply with a roster.",
    )
    attestation: FileOrNothing = Field("", description="The file in which a person attests what they did by hand.")
    rollback_of: RunOrNothing = Field(
        "",
        description="The run to undo, TENANT/RUN as its folder below the outputs is called; empty: this undoes nothing.",
    )
    run_id: RunId = Field("", description="The name of the new run's folder; empty: one is made.")

    @property
    def closes_record(self) -> bool:
        """Whether the record of a run with these parameters is to be sealed or attached at its end."""
        return (self.change.attach or self.evidence.seal) and self.mode == "apply"
