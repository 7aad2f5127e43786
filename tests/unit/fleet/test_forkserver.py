"""Forked kernels: what one does, and how it ends, is its own affair; and when who runs them ends, so do they."""

import asyncio
import hashlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from runbook_lib.evidence import Redactor
from runbook_lib.fleet import FleetOptions, News, run_all
from runbook_lib.fleet.executing import Means, Own, execute
from runbook_lib.fleet.forkserver import ForkServer, shared
from runbook_lib.fleet.forkserver.warm import LOOK_SECONDS
from runbook_lib.fleet.kernels import PrivateKernelManager
from tests.unit.fleet.books import jobs, said

AT_ONCE = 16
LONGEST = 60.0

# Another program that runs a forked kernel: it says the numbers of itself, the warm process and the kernel, and waits.
RUNNER = """
import asyncio, os, sys
from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.forkserver.warm import LOOK_SECONDS
from runbook_lib.fleet.kernels import PrivateKernelManager

async def main(server):
    manager = PrivateKernelManager(kernel_name="python3", fork_server=server)
    await manager.start_kernel()
    print(server.pid(), manager.provisioner.pid, flush=True)
    await asyncio.sleep(600)

with ForkServer(()) as server:
    asyncio.run(main(server))
"""


class Kernel:
    """A forked kernel to talk with."""

    def __init__(self, server: ForkServer, **environment: str) -> None:
        self.manager: Any = PrivateKernelManager(kernel_name="python3", fork_server=server)
        self._environment = {**os.environ, **environment}

    async def __aenter__(self) -> Self:
        await self.manager.start_kernel(env=self._environment)
        self.client = self.manager.client()
        self.client.start_channels(hb=False)
        await self.client.wait_for_ready(timeout=LONGEST)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.client.stop_channels()
        if await self.manager.is_alive():
            await self.manager.shutdown_kernel()
        await self.manager.cleanup_resources()

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)

    async def says(self, code: str) -> str:
        """Run code and return what it prints, or the name of its error."""
        heard: list[str] = []
        reply = await self.client.execute_interactive(
            code, timeout=LONGEST, output_hook=lambda message: heard.append(message["content"].get("text", ""))
        )
        return str(reply["content"].get("ename") or "".join(heard)).strip()


def is_alive(pid: int) -> bool:
    """A process that nobody has waited for yet has ended, too."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def ended(*pids: int) -> bool:
    """Whether all these processes end before long."""
    until = time.monotonic() + LONGEST
    while (left := any(map(is_alive, pids))) and time.monotonic() < until:
        time.sleep(0.05)
    return not left


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as forking:
        yield forking


def test_each_kernel_has_its_own_environment_folder_names_and_numbers(server: ForkServer, tmp_path: Path) -> None:
    """Nothing of one is seen by another that runs at the same time, nor by who runs them."""
    before, here = dict(os.environ), Path.cwd()
    tells = "import os, random, uuid; print(os.environ['WHO'], random.random(), uuid.uuid4())"

    async def together() -> list[str]:
        async with Kernel(server, WHO="first") as first, Kernel(server, WHO="second") as second:
            await first.says(f"import os; os.chdir({str(tmp_path)!r}); os.environ['MORE'] = 'of the first'; mine = 1")
            return [
                *[await kernel.says(tells) for kernel in (first, second)],
                *[await kernel.says("print(os.getcwd(), os.environ.get('MORE'))") for kernel in (first, second)],
                await second.says("mine"),
            ]

    one, other, moved, stayed, unknown = asyncio.run(together())

    assert [text.split()[0] for text in (one, other)] == ["first", "second"]
    assert set(one.split()) & set(other.split()) == set()
    assert moved == f"{tmp_path} of the first"
    assert stayed == f"{here} None"
    assert unknown == "NameError"
    assert (dict(os.environ), Path.cwd()) == (before, here)


def test_a_kernel_that_is_killed_takes_nobody_along(server: ForkServer) -> None:
    async def together() -> tuple[int | None, str, int]:
        async with Kernel(server) as killed, Kernel(server) as other:
            os.kill(killed.pid, signal.SIGKILL)
            await killed.manager.provisioner.process.ended(LONGEST)
            code = await killed.manager.provisioner.poll()
            return code, await other.says("print(6 * 7)"), server.pid()

    warm = server.pid()
    assert asyncio.run(together()) == (-signal.SIGKILL, "42", warm)


def test_a_kernel_is_interrupted_alone_and_goes_on(server: ForkServer) -> None:
    async def interrupted() -> tuple[str, str]:
        async with Kernel(server) as kernel:
            waiting = asyncio.create_task(kernel.says("print('begun', flush=True); import time; time.sleep(60)"))
            await asyncio.sleep(0.5)
            await kernel.manager.interrupt_kernel()
            return await waiting, await kernel.says("print('goes on')")

    assert asyncio.run(interrupted()) == ("KeyboardInterrupt", "goes on")


def test_when_the_warm_process_is_killed_its_kernels_end_and_the_next_kernel_has_a_new_one() -> None:
    async def killed(server: ForkServer) -> tuple[int, str]:
        async with Kernel(server) as kernel:
            warm = server.pid()
            os.kill(warm, signal.SIGKILL)
            assert ended(kernel.pid)
            async with Kernel(server) as next_one:
                return warm, await next_one.says("import os; print(os.getppid())")

    with ForkServer(()) as server:
        warm, parent = asyncio.run(killed(server))
        assert parent == str(server.pid())
        assert warm != server.pid()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_when_who_runs_the_kernels_is_killed_no_process_stays_behind(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", RUNNER], stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout
        warm, kernel = map(int, runner.stdout.readline().split())
        assert is_alive(warm)
        assert is_alive(kernel)

        runner.send_signal(how)

        assert ended(warm, kernel)


def test_code_that_changed_is_what_the_next_kernel_runs(tmp_path: Path) -> None:
    """A kernel that runs is left alone."""
    module = tmp_path / "changing.py"
    module.write_text("", encoding="utf-8")

    async def changed(server: ForkServer) -> tuple[int, int, str]:
        async with Kernel(server) as before:
            first = server.pid()
            module.write_text("changed = True", encoding="utf-8")
            await asyncio.sleep(2 * LOOK_SECONDS)
            return first, server.pid(), await before.says("import os; print(os.getppid())")

    with ForkServer((), package=tmp_path) as server:
        first, second, parent = asyncio.run(changed(server))

    assert parent == str(first) != str(second)


def test_a_warm_process_with_threads_refuses_to_fork_and_kernels_are_started_instead(tmp_path: Path) -> None:
    """A lock that a thread held would be held for ever in the forked process. Whoever runs the fleet is told."""
    (tmp_path / "sitecustomize.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n", encoding="utf-8"
    )
    os.environ["PYTHONPATH"] = str(tmp_path)
    shared().close()  # another test's has no such thread
    (job,) = jobs(tmp_path, ["contoso"], "print('runs')")
    heard: list[News] = []

    (outcome,) = run_all([job], approved_by="test", hear=heard.append, options=FleetOptions(kernels="forked"))

    assert [news for news in heard if not news["run"]] == [{"run": "", "event": "not-forked", "detail": "2 threads"}]
    assert (outcome.problem, said(job)) == ("", "runs\n")


def test_what_a_process_runs_later_is_forked_from_the_process_that_is_warm_already(tmp_path: Path) -> None:
    """Another wave, another order in a notebook; also a tenant alone."""
    several, alone = (["contoso", "fabrikam"], ["tailspin"])
    parents = set()
    for number, names in enumerate((several, several, alone)):
        (folder := tmp_path / str(number)).mkdir()
        ordered = jobs(folder, names, "import os; print(os.getppid())")
        assert [outcome.problem for outcome in run_all(ordered, approved_by="test", hear=lambda news: None)] == [
            ""
        ] * len(names)
        parents |= {said(job) for job in ordered}

    assert parents == {f"{shared().pid()}\n"}


def test_what_is_imported_beforehand_finds_itself_in_a_kernel(tmp_path: Path) -> None:
    """Some libraries, pandas for one, decide when they are imported how they will show things."""
    (tmp_path / "asking.py").write_text("answer = hasattr(get_ipython(), 'kernel')", encoding="utf-8")
    os.environ["PYTHONPATH"] = str(tmp_path)
    tells = "import sys; print('asking' in sys.modules); import asking; print(asking.answer, get_ipython().kernel is not None)"

    async def told(server: ForkServer) -> str:
        async with Kernel(server) as kernel:
            return await kernel.says(tells)

    with ForkServer(("asking",)) as server:
        assert asyncio.run(told(server)).split() == ["True", "True", "True"]


def test_sixteen_tenants_at_once_each_have_a_kernel_and_the_outcome_is_each_ones_own(tmp_path: Path) -> None:
    """One of them kills its kernel. Over sockets of files, which are gone afterwards; not one process is left."""
    names = [f"tenant-{number}" for number in range(AT_ONCE)]
    ordered = jobs(
        tmp_path,
        names,
        "import os, signal\nprint(os.environ['RUNBOOK_OUTPUTS'], os.getpid())",
        "if os.environ['RUNBOOK_OUTPUTS'].endswith('tenant-7'): os.kill(os.getpid(), signal.SIGKILL)\nprint('end')",
    )
    threads = threading.active_count()

    outcomes = list(
        run_all(
            ordered, approved_by="test", hear=lambda news: None, options=FleetOptions(at_once=AT_ONCE, kernels="forked")
        )
    )

    assert sorted(outcome.tenant for outcome in outcomes) == sorted(names)
    broken = {outcome.tenant: outcome.problem for outcome in outcomes if outcome.problem}
    assert list(broken) == ["tenant-7"]
    assert "The notebook broke off" in broken["tenant-7"]
    pids = set()
    for job in ordered:
        first, *rest = said(job).splitlines()
        outputs, pid = first.split()
        assert outputs == str(job.outputs)
        assert rest == ([] if job.tenant == "tenant-7" else ["end"])
        pids.add(int(pid))
    assert len(pids) == AT_ONCE
    assert ended(*pids)
    assert threading.active_count() == threads


def test_a_kernel_holds_no_connection_of_another_and_listens_on_no_port(server: ForkServer) -> None:
    """An open end would hide from others that a kernel, or who runs it, has ended."""

    def sockets(pid: int) -> set[str]:
        links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
        return {link for link in links if link.startswith("socket:")}

    async def together() -> tuple[set[str], set[str], str]:
        async with Kernel(server) as first, Kernel(server) as second:
            return sockets(first.pid), sockets(second.pid), first.manager.transport

    one, other, transport = asyncio.run(together())

    assert one
    assert one & other == set()
    assert one & sockets(server.pid()) == set()
    assert transport == "ipc"


def test_what_a_kernel_is_given_is_in_no_file_and_not_with_the_warm_process(server: ForkServer, tmp_path: Path) -> None:
    """Its environment may hold a secret."""
    secret = secrets.token_hex()
    (job,) = jobs(
        tmp_path, ["contoso"], "import hashlib, os; print(hashlib.sha256(os.environb[b'SECRET']).hexdigest())"
    )

    execute(job, Means({}, server), Own({**os.environ, "SECRET": secret}, Redactor()))

    assert said(job).strip() == hashlib.sha256(secret.encode()).hexdigest()
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    left += [Path(f"/proc/{server.pid()}/{name}") for name in ("cmdline", "environ")]
    assert [file for file in left if secret.encode() in file.read_bytes()] == []
