"""Records on shared storage through the command line: Azurite, a lab, processes of their own, and what a killed one leaves."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runbook_lib.evidence import read_journal
from runbook_lib.wiring.places import OUTPUTS
from tests.azurite import Azurite, folder_url, serving
from tests.notebooks.served import CONNECT, PREFLIGHT, Served, serve
from tests.unit.cli.conftest import Ended, process
from tests.unit.cli.test_resuming import Applied, end_onboarding, events
from tests.waiting import until


@pytest.fixture(scope="module")
def azurite() -> Iterator[Azurite]:
    with serving() as running:
        yield running


class Shop:
    """A lab, a storage, and a machine of which both are reached; `elsewhere` is another one."""

    def __init__(self, served: Served, azurite: Azurite, name: str) -> None:
        self.served, self.azurite, self.name = served, azurite, name
        self.url = folder_url(name)
        self.runs = served.runs

    def environment(self, **more: str) -> dict[str, str]:
        return self.served.environment(AZURE_STORAGE_CONNECTION_STRING=self.azurite.connection, **more)

    def __call__(self, *arguments: object) -> Ended:
        return process(*arguments, "--json", environment=self.environment())

    def elsewhere(self, *arguments: object) -> Ended:
        outputs = str(self.served.outputs.with_name("elsewhere"))
        return process(*arguments, environment=self.environment(**{OUTPUTS: outputs}))

    def stored(self) -> dict[str, bytes]:
        """What is on the storage, by its name there."""
        found = self.azurite.contents(f"{self.name}/")
        return {name.removeprefix(f"{self.name}/"): content for name, content in found.items()}

    def lines(self, folder: Path) -> list[bytes]:
        """The lines of a run's journal that are on the storage, in order."""
        stored = self.stored()
        return [stored[name] for name in sorted(stored) if name.startswith(f"contoso/{folder.name}/journal/")]

    def planned(self, file: Path) -> Path:
        return Path(self("plan", CONNECT, "-p", file, "--outputs", self.url).document[0]["folder"])


@pytest.fixture
def shop(served: Served, azurite: Azurite, tmp_path: Path) -> Shop:
    return Shop(served, azurite, tmp_path.name)


def kept(folder: Path) -> dict[str, bytes]:
    """The files of a run on this machine."""
    inside = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder.parents[1]).as_posix(): path.read_bytes() for path in inside}


def test_a_plan_and_its_apply_leave_their_whole_records_on_the_storage_and_no_lock_and_no_secret(shop: Shop) -> None:
    file = shop.served.file(language="en")
    folder = shop.planned(file)
    applied = shop("apply", CONNECT, "-p", file, "--plan", folder / "plan.json", "--outputs", shop.url)
    stored = shop.stored()

    assert applied.code == 0, applied.err
    for run in shop.runs():
        assert kept(run).items() <= stored.items()
        assert b"".join(shop.lines(run)) == (run / "journal.jsonl").read_bytes()
        assert json.loads(shop.lines(run)[0])["data"]["storage"] == shop.url
    assert "contoso/lock.json" not in stored
    assert not any(shop.azurite.key.encode() in content for content in stored.values())


def test_a_plan_that_one_machine_has_applied_is_not_applied_again_by_another_with_the_same_storage(shop: Shop) -> None:
    """Although the tenant is as it was when it was planned, and the other machine has no record of either run."""
    file = shop.served.file(language="en")
    plan = shop.planned(file) / "plan.json"
    applied = shop("apply", CONNECT, "-p", file, "--plan", plan, "--outputs", shop.url)
    contoso = shop.served.world.tenant("contoso")
    contoso.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)
    before = contoso.server.changes
    again = shop.elsewhere("apply", CONNECT, "-p", file, "--plan", plan, "--outputs", shop.url, "--language", "en")

    assert applied.code == 0, applied.err
    assert again.code != 0
    assert f"was sent already, by the run {shop.runs()[-1].name}" in again.out + again.err
    assert contoso.server.changes == before


def test_a_batch_of_tenants_leaves_who_was_planned_and_how_each_ended_on_the_storage(shop: Shop) -> None:
    files = [shop.served.file(name) for name in ("contoso", "fabrikam")]
    ended = shop("plan", PREFLIGHT, "-p", *files, "--jobs", 2, "--outputs", shop.url)
    (batch,) = [json.loads(content) for name, content in shop.stored().items() if name.startswith("_batches/")]

    assert [(each["tenant"], each["exit_code"]) for each in batch["planned"]] == [
        (each["tenant"], each["exit_code"]) for each in ended.document
    ]


def test_a_storage_that_refuses_is_told_before_anything_is_on_record_or_sent(shop: Shop) -> None:
    file = shop.served.file(language="en")
    ended = shop("plan", CONNECT, "-p", file, "--outputs", "abfs://nowhere/records")

    assert (ended.code, ended.document["error"]["key"]) == (2, "storage-not-usable")
    assert "ContainerNotFound" in ended.err
    assert shop.runs() == []


def test_a_storage_that_stops_in_mid_run_lets_nothing_be_sent(served: Served, tmp_path: Path) -> None:
    with serving() as azurite:
        shop = Shop(served, azurite, tmp_path.name)
        file = served.file(language="en")
        folder = shop.planned(file)
        before = served.state()
        with ThreadPoolExecutor(1) as threads:
            plan = folder / "plan.json"
            applied = threads.submit(shop, "apply", CONNECT, "-p", file, "--plan", plan, "--outputs", shop.url)
            until(lambda: len(shop.runs()) > 1 and events(shop.runs()[-1]))
            azurite.stop()
            ended = applied.result()

    assert ended.code == 1
    assert f"The storage {shop.url} refused" in ended.err
    assert served.state() == before
    assert "sending" not in events(shop.runs()[-1])


def test_a_run_that_was_killed_holds_its_tenant_until_another_machine_has_gone_on_with_it(
    azurite: Azurite, tmp_path: Path
) -> None:
    with serve(onboarding=600) as served:
        shop = Shop(served, azurite, tmp_path.name)
        file = served.file(language="en")
        folder = shop.planned(file)
        served.world.tenant("contoso").faults.add("slow_onboarding")
        plan = folder / "plan.json"
        killed = Applied(shop, 1, "apply", CONNECT, "-p", file, "--plan", plan, "--outputs", shop.url)
        killed.power_cut()
        run = killed.folder
        holder = json.loads(shop.stored()["contoso/lock.json"])
        sent = [json.loads(line)["event"] for line in shop.lines(run)]
        before = served.world.tenant("contoso").server.changes
        other = shop.elsewhere("apply", CONNECT, "-p", file, "--plan", plan, "--outputs", shop.url)
        changes = served.world.tenant("contoso").server.changes
        name = f"contoso/{run.name}"
        fetched = shop.elsewhere("fetch", shop.url, name, "--language", "en")
        status = shop.elsewhere("status", "--json").document
        unlocked = shop.elsewhere("fetch", shop.url, name, "--unlock")
        end_onboarding(served)
        there = served.outputs.with_name("elsewhere") / name
        resumed = shop.elsewhere("resume", there, "--language", "en")
        stored = shop.stored()

        assert sent[-1] != "finished"
        assert "sending" in sent
        assert holder["run"] == run.name
        assert other.code == 1
        assert f"{run.name}" in other.err
        assert changes == before
        assert (fetched.code, f"resume {there}" in fetched.out, "is held by" in fetched.out) == (0, True, True)
        assert [each["run_id"] for each in status if each["resumable"] and "unknown" in each["steps"].values()] == [
            run.name
        ]
        assert (unlocked.code, "resume" in unlocked.err) == (2, True)
        assert resumed.code == 0, resumed.err
        assert "contoso/lock.json" not in stored
        assert b"".join(shop.lines(run)) == (there / "journal.jsonl").read_bytes() == stored[f"{name}/journal.jsonl"]
        assert [line.event for line in read_journal(there / "journal.jsonl")].count("sending") == 1
