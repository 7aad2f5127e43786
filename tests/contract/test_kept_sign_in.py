"""Signing in once for several runs: the real msal and its extensions, kept tokens, and the lab's cloud over loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import jwt
import pytest

from runbook_lib.adapters.asking import DeviceCode
from runbook_lib.adapters.credentials import DeviceCodeCredential
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.adapters.token_cache import open_token_cache
from runbook_lib.errors import SignInFailed
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Account, Application, AutoApproval, Cloud, CloudTenant, Domain
from runbook_lib.lab.faults import Faults

CONTOSO, FABRIKAM = (f"3d2c1b0a-6b1e-4f0e-9d54-0c2b7a91e00{number}" for number in (3, 4))
PUBLIC = "cccccccc-0000-4000-8000-000000000002"
ADA, BOB = "ada@contoso.example", "bob@contoso.example"

# What another process does: sign in, and say how often it had to ask and who it was.
PROCESS = """
import json, sys
from pathlib import Path
import jwt
from runbook_lib.adapters.credentials import DeviceCodeCredential
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.adapters.token_cache import open_token_cache
host, ca_file, folder, tenant_id, client_id = sys.argv[1:]
shown = []
with open_session(Network(ca_file=ca_file)) as session:
    sign_in = SignIn(
        tenant_id=tenant_id, authority_host=host, client_id=client_id, credential=DeviceCodeCredential(),
        http_session=session, show=shown.append,
        token_cache=open_token_cache("plain-file", Path(folder), tenant_id=tenant_id, client_id=client_id),
    )
    token = sign_in.token(host)
print(json.dumps([len(shown), jwt.decode(token, options={"verify_signature": False})["tid"], sign_in.account.name]))
"""


@dataclass
class Lab:
    """Two served tenants, the folder of kept tokens, and the device codes that were shown."""

    cloud: Cloud
    tenants: dict[str, CloudTenant]
    ca_file: str
    folder: Path
    shown: list[DeviceCode] = field(default_factory=list)

    def approves(self, who: str) -> None:
        """Let this person enter the next code."""
        self.tenants[CONTOSO].auto_approval = AutoApproval(who)

    @contextmanager
    def run(self, kind: str = "plain-file", tenant_id: str = CONTOSO) -> Iterator[SignIn]:
        """A run's sign-in, which knows nothing but what was kept."""
        cache = None
        if kind != "memory":
            cache = open_token_cache(kind, self.folder, tenant_id=tenant_id, client_id=PUBLIC)
        with open_session(Network(ca_file=self.ca_file)) as session:
            yield SignIn(
                tenant_id=tenant_id,
                authority_host=self.cloud.address,
                client_id=PUBLIC,
                credential=DeviceCodeCredential(),
                http_session=session,
                show=self.shown.append,
                token_cache=cache,
            )

    def signed_in(self, kind: str = "plain-file", tenant_id: str = CONTOSO) -> str:
        """Sign in as a run does, and return as whom."""
        with self.run(kind, tenant_id) as sign_in:
            token = sign_in.token(self.cloud.address)
            assert claims(token)["tid"] == tenant_id
            return sign_in.account.name

    def process(self, tenant_id: str) -> list[object]:
        """The same in a process of its own: how many codes it showed, the tenant of its token, and as whom."""
        arguments = [self.cloud.address, self.ca_file, str(self.folder), tenant_id, PUBLIC]
        ended = subprocess.run(
            [sys.executable, "-c", PROCESS, *arguments], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 0, ended.stderr
        found: list[object] = json.loads(ended.stdout)
        return found


def claims(token: str) -> dict[str, str]:
    found: dict[str, str] = jwt.decode(token, options={"verify_signature": False})
    return found


def tenant(tenant_id: str, name: str, *people: str) -> CloudTenant:
    return CloudTenant(
        tenant_id,
        name,
        (Domain(f"{name}.example", is_default=True),),
        accounts=[Account(upn, upn.partition("@")[0]) for upn in people],
        applications=[Application(PUBLIC, "Kit for people", delegated_scopes=("User.Read",), public_client=True)],
        auto_approval=AutoApproval(people[0]),
    )


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    tenants = [tenant(CONTOSO, "contoso", ADA, BOB), tenant(FABRIKAM, "fabrikam", "eve@fabrikam.example")]
    cloud = Cloud(tenants)
    with CloudServer(cloud) as server:
        (tmp_path / "ca.pem").write_bytes(server.ca_pem)
        yield Lab(cloud, {each.id: each for each in tenants}, str(tmp_path / "ca.pem"), tmp_path / "tokens")


@pytest.mark.parametrize(("kind", "codes"), [("plain-file", 1), ("memory", 2)])
def test_a_second_run_asks_again_only_when_nothing_was_kept(lab: Lab, kind: str, codes: int) -> None:
    assert [lab.signed_in(kind), lab.signed_in(kind)] == [ADA, ADA]

    assert len(lab.shown) == codes
    assert lab.folder.exists() == (kind == "plain-file")


def test_a_run_after_the_life_of_the_token_asks_nobody(lab: Lab) -> None:
    """The refresh token is what was kept; msal takes no token for good that ends within five minutes."""
    lab.tenants[CONTOSO].faults = Faults(["short_tokens"])
    lab.signed_in()

    assert lab.signed_in() == ADA
    assert len(lab.shown) == 1


def test_another_process_asks_nobody(lab: Lab) -> None:
    assert lab.process(CONTOSO) == [1, CONTOSO, ADA]

    assert lab.process(CONTOSO) == [0, CONTOSO, ADA]


def test_a_revoked_sign_in_asks_again_and_whoever_answers_is_who_the_run_is(lab: Lab) -> None:
    """Nobody had signed in in that run yet, so it may be somebody else than last time."""
    lab.tenants[CONTOSO].faults = Faults(["short_tokens"])
    lab.signed_in()
    lab.tenants[CONTOSO].faults = Faults(["sign_in_revoked"])
    lab.approves(BOB)

    assert lab.signed_in() == BOB

    assert [code.again for code in lab.shown] == [False, True]
    assert lab.signed_in() == BOB
    assert len(lab.shown) == 2


def test_a_kept_sign_in_that_was_revoked_asks_nobody_before_a_change(lab: Lab) -> None:
    lab.signed_in()
    lab.tenants[CONTOSO].faults = Faults(["sign_in_revoked"])

    with lab.run() as sign_in, pytest.raises(SignInFailed) as refused:
        sign_in.refresh(lab.cloud.address, ask=False)

    assert refused.value.message.key == "sign-in-before-change"
    assert len(lab.shown) == 1


def test_a_run_stays_with_who_began_it_when_somebody_else_signs_in_to_another(lab: Lab) -> None:
    """Two runs of one tenant share what is kept; both have a sign-in of their own there."""
    with lab.run() as adas, lab.run() as bobs:
        assert claims(adas.token(lab.cloud.address))["upn"] == ADA
        lab.approves(BOB)
        lab.folder.joinpath(f"{CONTOSO}.{PUBLIC}.plain-file").write_text("{}", encoding="ascii")
        assert claims(bobs.token(lab.cloud.address))["upn"] == BOB
        lab.approves(ADA)
        assert claims(adas.refresh(lab.cloud.address))["upn"] == ADA
        assert claims(bobs.refresh(lab.cloud.address))["upn"] == BOB
        assert (adas.account.name, bobs.account.name) == (ADA, BOB)


def both_kept(lab: Lab) -> None:
    """Two people signed in at the same time, so both are kept."""
    with lab.run() as adas, lab.run() as bobs:
        adas.token(lab.cloud.address)
        file = lab.folder / f"{CONTOSO}.{PUBLIC}.plain-file"
        adas_tokens = json.loads(file.read_text(encoding="utf-8"))
        file.write_text("{}", encoding="ascii")
        lab.approves(BOB)
        bobs.token(lab.cloud.address)
        kept = json.loads(file.read_text(encoding="utf-8"))
        both = {kind: {**adas_tokens.get(kind, {}), **kept.get(kind, {})} for kind in {*adas_tokens, *kept}}
        file.write_text(json.dumps(both), encoding="utf-8")
    assert len(both["Account"]) == 2


def test_which_of_two_kept_people_is_meant_is_never_guessed(lab: Lab) -> None:
    both_kept(lab)
    lab.shown.clear()

    assert lab.signed_in() == BOB
    assert len(lab.shown) == 1
    assert lab.signed_in() == BOB
    assert len(lab.shown) == 1


def test_two_tenants_at_the_same_time_do_not_mix(lab: Lab) -> None:
    with ThreadPoolExecutor() as pool:
        for codes in (1, 0):
            found = list(pool.map(lab.process, [CONTOSO, FABRIKAM]))
            assert found == [[codes, CONTOSO, ADA], [codes, FABRIKAM, "eve@fabrikam.example"]]


def test_runs_of_one_tenant_at_the_same_time_use_one_sign_in(lab: Lab) -> None:
    lab.signed_in()

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(lab.process, [CONTOSO] * 4)) == [[0, CONTOSO, ADA]] * 4


def test_what_another_tenant_kept_opens_nothing_even_under_the_wrong_name(lab: Lab) -> None:
    """A file put in the place of another: its person is not of this tenant, so the refresh token is refused."""
    lab.signed_in(tenant_id=FABRIKAM)
    (file,) = lab.folder.iterdir()
    file.rename(lab.folder / f"{CONTOSO}.{PUBLIC}.plain-file")

    assert lab.signed_in() == ADA
    assert len(lab.shown) == 2


def test_a_store_that_was_damaged_costs_one_more_sign_in(lab: Lab) -> None:
    lab.signed_in()
    (file,) = lab.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-40])

    assert [lab.signed_in(), lab.signed_in()] == [ADA, ADA]
    assert len(lab.shown) == 2
