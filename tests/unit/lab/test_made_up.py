"""A made-up fleet: as many tenants as are asked for, the same for the same seed, and served by a handful of threads."""

import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter

from runbook_lib.adapters.sync_server.connection import Connection
from runbook_lib.adapters.sync_server.target import SyncServer
from runbook_lib.facts import sync_server
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import Lab, ServedTenant
from runbook_lib.lab.made_up import DONE, MOST, THROTTLED, TROUBLED, TROUBLES, made_up
from runbook_lib.lab.tenants import TenantSpec
from runbook_lib.lab.world import World
from runbook_lib.parameters.shapes import FolderName
from runbook_lib.ports import Answer

MANY = made_up(1000, seed=7)


def plain(specs: Iterable[TenantSpec]) -> list[tuple[object, ...]]:
    return [(each.name, each.tenant_id, each.connector_id, each.writeback_since, each.faults) for each in specs]


@given(st.integers(1, 60), st.integers())
def test_one_seed_gives_one_fleet(count: int, seed: int) -> None:
    made = made_up(count, seed)

    assert len(made) == count
    assert plain(made) == plain(made_up(count, seed))


def test_another_seed_gives_another_fleet() -> None:
    assert not {each.tenant_id for each in MANY} & {each.tenant_id for each in made_up(1000, seed=8)}


def test_no_two_tenants_share_anything_that_tells_them_apart() -> None:
    for values in ([each.name for each in MANY], [each.tenant_id for each in MANY], [each.account for each in MANY]):
        assert len(set(values)) == len(MANY)


def test_the_mix_is_what_is_promised_and_trouble_is_never_with_who_is_done() -> None:
    found = Counter(fault for each in MANY for fault in each.faults)
    troubled = [each for each in MANY if set(each.faults) & set(TROUBLES)]
    done = [each for each in MANY if each.writeback_since]

    assert (len(troubled), len(done), found["throttled"]) == (TROUBLED * 10, DONE * 10, THROTTLED * 10)
    assert not [each for each in troubled if each.writeback_since]
    assert set(TROUBLES) < set(FAULTS)


def test_names_fit_folders_and_servers_fit_netbios() -> None:
    last = made_up(1, 0)[0], MANY[-1]
    for spec in last:
        TypeAdapter(FolderName).validate_python(spec.name)
        name = spec.install(1, spec.directory()).computer_name
        assert len(name.replace("0001", str(MOST)).replace("1000", str(MOST))) <= 15


def test_a_hundred_sync_servers_answer_and_three_threads_wait_for_them(tmp_path: Path) -> None:
    clock = ManualClock()
    before = threading.active_count()
    with Lab(World(clock, tenants=made_up(100, seed=7))) as lab:
        waiting = threading.active_count() - before
        served = [each for each in lab.tenants.values() if not each.tenant.spec.faults][::40]
        (ca_file := tmp_path / "ca.pem").write_bytes(lab.certificates.authority_pem)
        answers = [_computer_name(lab, each, clock, ca_file) for each in served]

    assert waiting <= 3
    assert len(answers) > 1
    assert answers == [f"{each.tenant.name.upper()}-SYNC01" for each in served]
    assert all(each.other_server_urls == () for each in served)


def _computer_name(lab: Lab, served: ServedTenant, clock: ManualClock, ca_file: Path) -> object:
    password = SecretStr(lab.secrets[served.server_secret])
    connection = Connection(served.server_url, "ntlm", served.tenant.spec.account, password, ca_file=ca_file)
    with closing(SyncServer(connection, clock=clock)) as target:
        (answer,) = target.read([sync_server.HOST.request])
    assert isinstance(answer, Answer), answer
    return answer.body["computer_name"]
