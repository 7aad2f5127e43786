"""The lab's Graph answers hold only what Microsoft's own metadata of Graph v1.0 declares, in the declared types."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests

from runbook_lib.lab.cloud.resets import Operation
from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    PREMIUM_P1,
    PREMIUM_P2,
    WRITEBACK_ENABLED,
    Account,
    Application,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    Registration,
    Secret,
)

SLICE = Path(__file__).parents[1] / "data" / "graph" / "v1.0-slice.csdl.xml"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"

TENANT = "1f3c5a70-6b1e-4f0e-9d54-0c2b7a91e001"
KIT, PUBLIC = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
PILOT, OPERATION = "cccccccc-0000-4000-8000-000000000003", "dddddddd-0000-4000-8000-000000000004"
PERMISSIONS = ("Directory.Read.All", "AuditLog.Read.All")
ROLES = "memberOf/microsoft.graph.directoryRole"

# What is asked, by whom, and the type that the metadata gives the answer.
READINGS = [
    ("user", "organization", "organization"),
    ("user", "subscribedSkus", "subscribedSku"),
    ("user", "me", "user"),
    ("user", f"me/{ROLES}", "directoryRole"),
    ("user", "users/ada@contoso.example", "user"),
    ("application", f"users/ada@contoso.example/{ROLES}", "directoryRole"),
    ("user", f"users/{PILOT}/authentication/operations/{OPERATION}", "longRunningOperation"),
    ("application", f"servicePrincipals(appId='{KIT}')", "servicePrincipal"),
    ("application", f"servicePrincipals(appId='{KIT}')/{ROLES}", "directoryRole"),
    ("application", "reports/authenticationMethods/userRegistrationDetails", "userRegistrationDetails"),
    ("application", "auditLogs/directoryAudits", "directoryAudit"),
]


class Metadata:
    """The slice of Graph's metadata: which properties each type has."""

    def __init__(self, file: Path) -> None:
        self.types = {str(element.get("Name")): element for element in ET.parse(file).getroot()}

    def properties(self, name: str) -> dict[str, ET.Element]:
        """Return the properties of a type and of those it is based on."""
        element = self.types[name]
        base = element.get("BaseType", "").removeprefix("graph.")
        inherited = self.properties(base) if base else {}
        return inherited | {str(found.get("Name")): found for found in element.findall(f"{EDM}Property")}

    def problems(self, body: dict[str, Any], name: str) -> Iterator[str]:
        """Say what in an object is not as its type declares."""
        known = self.properties(name)
        for key, value in body.items():
            if key.startswith("@odata."):
                continue
            if key not in known:
                yield f"{name}.{key} is not in the metadata"
            elif value is None:
                if known[key].get("Nullable") == "false":
                    yield f"{name}.{key} may not be null"
            else:
                yield from self._values(value, str(known[key].get("Type")), f"{name}.{key}")

    def _values(self, value: Any, declared: str, where: str) -> Iterator[str]:
        inner = declared.removeprefix("Collection(").removesuffix(")")
        if (inner != declared) != isinstance(value, list):
            yield f"{where} is not {declared}"
            return
        for item in value if isinstance(value, list) else [value]:
            yield from self._value(item, inner, where)

    def _value(self, value: Any, declared: str, where: str) -> Iterator[str]:
        if declared.startswith("Edm."):
            if not PRIMITIVES[declared](value):
                yield f"{where} is not {declared}: {value!r}"
            return
        element = self.types[declared.removeprefix("graph.")]
        if element.tag == f"{EDM}EnumType":
            if value not in {member.get("Name") for member in element}:
                yield f"{where} is not a member of {declared}: {value!r}"
        elif not isinstance(value, dict):
            yield f"{where} is not {declared}"
        else:
            yield from self.problems(value, declared.removeprefix("graph."))


def is_guid(value: object) -> bool:
    return isinstance(value, str) and str(uuid.UUID(value)) == value


PRIMITIVES = {
    "Edm.String": lambda value: isinstance(value, str),
    "Edm.Boolean": lambda value: isinstance(value, bool),
    "Edm.Int32": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Edm.Guid": is_guid,
    "Edm.DateTimeOffset": lambda value: bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", str(value))),
}


@pytest.fixture(scope="module")
def metadata() -> Metadata:
    return Metadata(SLICE)


def contoso() -> CloudTenant:
    tenant = CloudTenant(
        TENANT,
        "Contoso",
        (Domain("contoso.example", is_default=True), Domain("contoso.onmicrosoft.com", is_initial=True)),
        accounts=[Account("ada@contoso.example", "Ada", (GLOBAL_ADMINISTRATOR,))],
        applications=[
            Application(KIT, "Kit", Secret("right"), app_roles=PERMISSIONS, roles=(GLOBAL_ADMINISTRATOR,)),
            Application(
                PUBLIC,
                "Kit for people",
                delegated_scopes=(*PERMISSIONS, "UserAuthenticationMethod.Read.All"),
                public_client=True,
            ),
        ],
        skus=(PREMIUM_P1, PREMIUM_P2),
        last_sync=datetime(2026, 11, 2, 9, tzinfo=UTC),
        registrations=[
            Registration("u1@contoso.example", "U 1"),
            Registration("u2@contoso.example", "U 2", registered=False),
        ],
        auto_approval=AutoApproval("ada@contoso.example"),
    )
    began = datetime(2026, 11, 2, 9, 25, tzinfo=UTC)
    tenant.accounts.append(Account("pilot@contoso.example", "Pilot", directory_dn="CN=Pilot", id=PILOT))
    tenant.operations[OPERATION] = Operation(PILOT, began, "ADPermissionsError", began, OPERATION)
    tenant.record_reset("Reset password (by admin)", began, is_done=False, agent="Microsoft Entra Connect")
    tenant.record_audit(WRITEBACK_ENABLED, datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    return tenant


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, requests.Session, dict[str, str]]]:
    """The address of the lab's Graph, a session that trusts it, and a token of each kind."""
    with CloudServer(Cloud([contoso()])) as server, requests.Session() as session:
        ca_file = tmp_path_factory.mktemp("trust") / "ca.pem"
        ca_file.write_bytes(server.ca_pem)
        session.trust_env, session.verify = False, str(ca_file)
        token = f"{server.address}/{TENANT}/oauth2/v2.0/token"
        scope = {"scope": "https://graph.microsoft.com/.default"}
        secret = {"client_id": KIT, "client_secret": "right", "grant_type": "client_credentials"}
        public = {"client_id": PUBLIC}
        code = session.post(token.replace("/token", "/devicecode"), data=public | scope).json()["device_code"]
        device = {"device_code": code, "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
        forms = {"application": secret | scope, "user": public | device}
        tokens = {who: session.post(token, data=form).json()["access_token"] for who, form in forms.items()}
        yield server.address, session, tokens


@pytest.mark.parametrize(("who", "path", "type_name"), READINGS)
def test_an_answer_holds_only_what_v1_declares(
    graph: tuple[str, requests.Session, dict[str, str]], metadata: Metadata, who: str, path: str, type_name: str
) -> None:
    address, session, tokens = graph

    body = session.get(f"{address}/v1.0/{path}", headers={"Authorization": f"Bearer {tokens[who]}"}).json()

    objects = body.get("value", [body])
    assert objects
    assert [problem for item in objects for problem in metadata.problems(item, type_name)] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"id": TENANT, "onPremisesLastPasswordSyncDateTime": "2026-11-01T10:00:00Z"}, "is not in the metadata"),
        ({"id": None}, "may not be null"),
        ({"displayName": 3}, "is not Edm.String"),
        ({"onPremisesLastSyncDateTime": "yesterday"}, "is not Edm.DateTimeOffset"),
        ({"verifiedDomains": {"name": "contoso.example"}}, "is not Collection"),
        ({"verifiedDomains": [{"name": "contoso.example", "colour": "red"}]}, "verifiedDomain.colour"),
        ({"assignedPlans": [{"servicePlanId": "41781FB2-BC02-4B7C-BD55-B576C07BB09D"}]}, "is not Edm.Guid"),
        ({"partnerTenantType": "friend"}, "is not a member"),
    ],
)
def test_what_v1_does_not_declare_would_be_found(metadata: Metadata, body: dict[str, Any], problem: str) -> None:
    assert problem in " ".join(metadata.problems(body, "organization"))
