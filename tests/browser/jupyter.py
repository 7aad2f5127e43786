"""JupyterLab as a process of its own, for a browser that is driven: everything it reads or writes lies in one folder.

Its settings are those of a new user, less what would cover the page or leave this machine: news, updates, announcements.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import requests
from nbformat.sign import NotebookNotary

from runbook_lib.wiring import project_root

UP_WITHIN = 60.0  # seconds; it takes about three
DOWN_WITHIN = 20.0

# Lines of ipykernel that notebooks are tried on, by the folders that `make kernels` puts them in.
KERNELS = ("6-31", "7-3", "7-4")

SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    # Every cell is in the page, not only those on the screen: a test looks at all of them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}

# What nobody here uses and every page would ask for at length: whether JupyterLab is to be built anew, and what can be exported to.
OFF = {"buildCheck": False, "disabledExtensions": {"@jupyterlab/notebook-extension:export": True}}

OPTIONS = [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--ServerApp.terminals_enabled=False",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]


class Jupyter:
    """A JupyterLab that is up: where it is, and the folder whose notebooks it shows."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], token: str) -> None:
        self.notebooks = folder / "notebooks"
        self.token = token
        self._folder = folder
        self._process = process
        self.address = self._address().rstrip("/")

    def address_of(self, notebook: str, workspace: str) -> str:
        """Where a notebook stands alone on the page."""
        return f"{self.address}/doc/workspaces/{workspace}/tree/{notebook}?token={self.token}"

    def address_of_lab(self, workspace: str) -> str:
        """Where nothing is open yet, so that a notebook can be opened without a kernel."""
        return f"{self.address}/lab/workspaces/{workspace}?token={self.token}"

    def trust(self, notebook: str) -> None:
        """Trust what the outputs of a notebook hold, as for the one who has run it."""
        book = nbformat.read(self.notebooks / notebook, as_version=4)
        notary = NotebookNotary(data_dir=str(self._folder / "data"))
        try:
            notary.sign(book)
        finally:
            notary.store.close()

    def kernels(self) -> list[dict[str, Any]]:
        """What runs now."""
        return self._asked("GET", "kernels").json()

    def end_kernels(self) -> None:
        """End all kernels, whoever left them."""
        for session in self._asked("GET", "sessions").json():
            self._asked("DELETE", f"sessions/{session['id']}")
        for kernel in self.kernels():
            self._asked("DELETE", f"kernels/{kernel['id']}")

    def forget_settings(self) -> None:
        """Be as for a new user again: what somebody chose, as a theme, is kept at the server."""
        for kept in (self._folder / "settings").iterdir():
            shutil.rmtree(kept)

    def _asked(self, method: str, what: str) -> requests.Response:
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.address}/api/{what}", headers=headers, timeout=30)

    def _address(self) -> str:
        """Read the port that the system picked from the file that the server leaves when it is up."""
        described = self._folder / "runtime" / f"jpserver-{self._process.pid}.json"
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end and self._process.poll() is None:
            if described.exists() and (text := described.read_text(encoding="utf-8")):
                return str(json.loads(text)["url"])
            time.sleep(0.05)
        raise TimeoutError(f"JupyterLab did not come up:\n{self._said()}")

    def _said(self) -> str:
        return (self._folder / "jupyter.log").read_text(encoding="utf-8")[-4000:]


@contextmanager
def jupyter(folder: Path, environment: Mapping[str, str]) -> Iterator[Jupyter]:
    """Run JupyterLab on a free port of this machine. `environment` reaches its kernels."""
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={folder / 'notebooks'}", *(["--allow-root"] if _is_root() else [])]
    (folder / "notebooks").mkdir()
    with (folder / "jupyter.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**environment, **_own_places(folder)}, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            ready = Jupyter(folder, process, token)
            yield ready
            ready.end_kernels()
        finally:
            process.terminate()
            _wait(process)


def _own_places(folder: Path) -> dict[str, str]:
    """Point JupyterLab and its kernels to folders of their own, and write the settings there."""
    places = {
        "IPYTHONDIR": folder / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
    }
    for place in places.values():
        place.mkdir(mode=0o700, exist_ok=True)
    own = folder / "config" / "labconfig"
    own.mkdir()
    for name, settings in {"default_setting_overrides": SETTINGS, "page_config": OFF}.items():
        (own / f"{name}.json").write_text(json.dumps(settings), encoding="utf-8")
    _write_kernelspecs(folder / "data" / "kernels")
    return {name: str(place) for name, place in places.items()} | {"PYTHONPATH": str(project_root())}


def _write_kernelspecs(folder: Path) -> None:
    """Name each kernel: it finds its own ipykernel before that of the environment, and all else there."""
    for kernel in KERNELS:
        named = folder / f"ipykernel-{kernel}"
        named.mkdir(parents=True)
        path = os.pathsep.join([str(Path(sys.prefix) / "kernels" / kernel), str(project_root())])
        spec = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": f"ipykernel {kernel}",
            "language": "python",
            "env": {"PYTHONPATH": path},
        }
        (named / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(DOWN_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(DOWN_WITHIN)
