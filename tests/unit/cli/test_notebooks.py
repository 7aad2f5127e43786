"""JupyterLab from the command line: real servers, what they let in, what runs in them, and that nothing of them stays."""

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
import requests
import websocket

from runbook_lib.lab.lab import CLOUD_PORT
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import BIN, LONGEST, Served
from tests.unit.cli.conftest import Runbook

CELLS = [
    'profile, language = "lab", "fr"',
    'from runbook_lib.notebook import open_runbook\nrun = open_runbook("preflight")',
]
STEP = 'run.step("f1")'
STATE = "XDG_STATE_HOME"


@dataclass
class Running:
    """JupyterLab as the command line serves it, seen from outside."""

    command: "subprocess.Popen[str]"
    folder: Path
    said: dict[str, Any]

    def __post_init__(self) -> None:
        self.base, _, rest = self.said["notebook"].partition("/lab/tree/")
        self.first, _, self.token = rest.partition("?token=")
        self.headers = {"Authorization": f"token {self.token}"}

    @property
    def processes(self) -> list[psutil.Process]:
        """The server and the kernels."""
        return psutil.Process(self.command.pid).children(recursive=True)

    @property
    def private(self) -> Path:
        """The folder with what only this server needs."""
        return Path(self.processes[0].environ()["JUPYTER_RUNTIME_DIR"]).parent

    def post(self, path: str, data: object = None) -> Any:
        answer = requests.post(self.base + path, json=data, headers=self.headers, timeout=LONGEST)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def kernel(self) -> str:
        """Start the kernel of the first notebook, as its page does."""
        wanted = {"path": self.first, "name": self.first, "type": "notebook", "kernel": {"name": "python3"}}
        started: str = self.post("/api/sessions", wanted)["kernel"]["id"]
        return started

    def execute(self, kernel: str, *cells: str) -> list[dict[str, Any]]:
        """Run cells one after the other, and return what each showed. Fails with the error of a cell."""
        address = f"{self.base.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        page = websocket.create_connection(address, header=self.headers, timeout=LONGEST)
        try:
            return [self._execute(page, code) for code in cells]
        finally:
            page.close()

    def _execute(self, page: "websocket.WebSocket", code: str) -> dict[str, Any]:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "username": "",
            "session": "",
            "version": "5.3",
        }
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": {"code": code}, "channel": "shell"}
        page.send(json.dumps(request))
        shown: dict[str, Any] = {}
        while True:
            message = json.loads(page.recv())
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            shown |= message["content"].get("data", {})
            if message["msg_type"] == "execute_reply":
                assert message["content"]["status"] == "ok", message["content"]
                return shown


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Running]:
    """Start JupyterLab from the command line, in a home of its own, and end whatever is left of it."""
    with TemporaryDirectory(prefix="notebook-") as name:
        folder = Path(name)
        own = {STATE: str(folder), LAB: str(folder / "lab"), OUTPUTS: str(folder / "outputs"), "PYTHONUNBUFFERED": "1"}
        command = [str(BIN / "runbook"), *arguments, "--json"]
        with (
            (folder / "errors").open("wb") as errors,
            subprocess.Popen(
                command, env={**os.environ, **own, **environment}, stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            assert process.stdout is not None
            text = ""
            while not text.endswith("\n}\n"):
                line = process.stdout.readline()
                assert line, (folder / "errors").read_text()
                text += line
            running = Running(process, folder, json.loads(text))
            left = [psutil.Process(process.pid), *running.processes]
            try:
                yield running
            finally:
                for each in left:
                    with suppress(psutil.NoSuchProcess):
                        each.kill()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The lab with JupyterLab in French, for somebody who has another Jupyter, and another program on a usual port of the lab."""
    foreign = tmp_path_factory.mktemp("foreign")
    (foreign / "jupyter_server_config.json").write_text('{"ServerApp": {"ip": "0.0.0.0"}}', encoding="utf-8")
    arguments = ("lab", "--notebook", "--no-browser", "--language", "fr")
    with socket.socket() as other:
        with suppress(OSError):  # whoever else has it is another program just as well
            other.bind(("127.0.0.1", CLOUD_PORT))
        with serving(*arguments, JUPYTER_CONFIG_DIR=str(foreign), JUPYTER_TOKEN="theirs") as running:
            yield running


def test_only_who_has_the_token_is_let_in(lab: Running) -> None:
    place = f"{lab.base}/api/contents"

    assert requests.get(place, timeout=LONGEST).status_code == 403
    assert requests.get(place, params={"token": "theirs"}, timeout=LONGEST).status_code == 403
    answer = requests.get(place, params={"token": lab.token}, timeout=LONGEST)
    names = [entry["name"] for entry in answer.json()["content"]]
    assert lab.first == "preflight.ipynb"
    assert lab.first in names
    assert len(names) == 6


def test_the_token_is_in_no_list_of_processes_and_in_no_kernel(lab: Running) -> None:
    for process in (psutil.Process(lab.command.pid), *lab.processes):
        assert lab.token not in " ".join((*process.cmdline(), *process.environ().values()))


def test_it_listens_on_this_machine_only_and_on_one_port(lab: Running) -> None:
    (server,) = (each for each in lab.processes if "runbook_lib.cli.jupyter.child" in each.cmdline())

    addresses = [each.laddr for each in server.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    assert [f"http://{address.ip}:{address.port}" for address in addresses] == [lab.base]


def test_nothing_asks_the_network_for_news_updates_or_packages(lab: Running) -> None:
    page = requests.get(lab.said["notebook"], timeout=LONGEST).text
    settings = requests.get(
        f"{lab.base}/lab/api/settings/@jupyterlab/apputils-extension:notification", headers=lab.headers, timeout=LONGEST
    ).json()

    assert "@jupyterlab/extensionmanager-extension" in page[page.index("disabledExtensions") :]
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert settings["schema"]["properties"]["checkForUpdates"]["default"] is False
    for path, answer in (("/lab/api/news", {"news": []}), ("/lab/api/update", {"notification": None})):
        assert requests.get(lab.base + path, headers=lab.headers, timeout=LONGEST).json() == answer
    assert requests.get(f"{lab.base}/api/terminals", headers=lab.headers, timeout=LONGEST).status_code == 404


def test_the_menus_are_french_where_the_notebooks_are(lab: Running) -> None:
    place = f"{lab.base}/lab/api"
    settings = requests.get(
        f"{place}/settings/@jupyterlab/translation-extension:plugin", headers=lab.headers, timeout=LONGEST
    ).json()
    locale = settings["schema"]["properties"]["locale"]["default"]
    words = requests.get(f"{place}/translations/{locale}", headers=lab.headers, timeout=LONGEST).text

    assert locale == "fr_FR"
    assert '"Noyau"' in words


def test_the_first_cells_run_and_ctrl_c_leaves_nothing_behind(lab: Running) -> None:
    """The kernel finds the lab on other ports than the usual ones and records where it was told to; the original is untouched."""
    *_, shown = lab.execute(lab.kernel(), *CELLS, STEP)
    processes, private = lab.processes, lab.private

    assert "F1" in shown["text/html"]
    assert list(lab.folder.glob("outputs/contoso/*/journal.jsonl"))
    assert len(processes) == 2
    lab.command.send_signal(signal.SIGINT)
    assert lab.command.wait(LONGEST) == 130
    assert [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []
    assert not private.exists()
    assert list((lab.folder / "lab").rglob("*")) == []
    assert (lab.folder / "errors").read_text() == ""


def test_a_lab_that_runs_already_is_used_and_left_as_it_is(served: Served) -> None:
    described = sorted(served.descriptors.iterdir())
    with serving("lab", "--notebook", "--no-browser", **{LAB: str(served.descriptors)}) as notebook:
        assert notebook.said["cloud"] == served.lab.cloud_url
        notebook.command.send_signal(signal.SIGTERM)
        assert notebook.command.wait(LONGEST) == 130

    assert sorted(served.descriptors.iterdir()) == described


@pytest.mark.parametrize(("how", "code"), [("shut down in the browser", 0), ("killed", -9)])
def test_however_it_ends_no_process_and_no_private_file_stays(how: str, code: int, tmp_path: Path) -> None:
    """The browser is opened on a private file: an address with the token would stand in the list of processes."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\ncat "${{1#file://}}" >> {seen}\n', encoding="utf-8")
    browser.chmod(0o700)
    with serving("notebook", "--language", "en", BROWSER=str(browser)) as notebook:
        opened, _, page = seen.read_text(encoding="utf-8").partition("\n")
        notebook.kernel()
        processes, private = notebook.processes, notebook.private
        if how == "shut down in the browser":
            notebook.post("/api/shutdown")
        else:
            notebook.command.kill()

        assert notebook.command.wait(LONGEST) == code
        gone, alive = psutil.wait_procs(processes, timeout=LONGEST)
    assert (len(gone), alive) == (2, [])
    assert not private.exists()
    assert notebook.token not in opened
    assert notebook.said["notebook"] in page


def refused(runbook: Runbook, *arguments: object, said: str, code: int = 2) -> None:
    ended = runbook("notebook", "--no-browser", "--language", "en", *arguments)

    assert ended.code == code
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE, str(tmp_path))
    return tmp_path


def test_a_port_that_is_taken_or_none_is_said_in_one_line(runbook: Runbook, state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused(runbook, "--port", other.getsockname()[1], said="another program")
    refused(runbook, "--port", 70000, said="70000 is no port")


def test_a_folder_that_cannot_be_written_is_said_in_one_line(runbook: Runbook, state: Path) -> None:
    (state / "runbook-kit").write_text("in the way", encoding="utf-8")

    refused(runbook, said=str(state / "runbook-kit"))


def test_a_python_without_jupyterlab_is_said_in_one_line(
    runbook: Runbook, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab", None)

    refused(runbook, said="not installed")


def test_a_server_that_does_not_start_is_said_with_its_last_words(
    runbook: Runbook, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = state / "broken"
    broken.mkdir()
    (broken / "jupyter_server.py").write_text("raise ImportError('half an installation')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{broken}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    refused(runbook, said="ImportError: half an installation", code=1)
