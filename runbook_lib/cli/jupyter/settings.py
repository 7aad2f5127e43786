"""How JupyterLab is set up: loopback, a token, nothing fetched from anywhere, and nothing of the operator's own Jupyter touched."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from runbook_lib.texts import Language

ADDRESS = "127.0.0.1"
WARNING = 30  # a level of logging; what is logged below it names the token

# Settings and programs of somebody's own Jupyter: theirs may load other extensions, run code in every kernel, or open the server.
FOREIGN = ("IPYTHON", "JPY_", "JUPYTER")

# The longest name of a socket that every POSIX system takes, and what follows the folder in that of a kernel.
LONGEST_SOCKET = 103
KERNEL_SOCKET = "/kernel-00000000-0000-0000-0000-000000000000-ipc-5"

# What is not for this work, and costs time at each start: packages and news from the network, terminals, tools of programmers,
# and exporting (`/api/nbconvert` alone holds the server up for a second): the record of a run has its own page.
LEFT_OUT = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/notebook-extension:export",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/notebook-extension:update-raw-mimetype",
    "@jupyterlab/terminal-extension",
)

LOCALES: dict[Language, str] = {"en": "", "fr": "fr_FR"}


def server_config(private: Path, root: Path, settings: Path, *, token: str, port: int, first: str) -> dict[str, Any]:
    """Return the configuration of the server, as traitlets reads it. `first` is the notebook that is shown first."""
    return {
        "ServerApp": {
            "allow_root": True,  # who runs the kit as root has decided so
            "default_url": f"/lab/tree/{first}",
            "ip": ADDRESS,
            "jpserver_extensions": {"jupyterlab": True},
            "log_level": WARNING,
            "open_browser": False,
            "port": port,
            "port_retries": 0,
            "root_dir": str(root),
            "terminals_enabled": False,
        },
        "IdentityProvider": {"token": token},
        "KernelManager": {"transport": _transport(private / "runtime")},
        "KernelSpecManager": {"allowed_kernelspecs": ["python3"]},
        "LabApp": {
            "app_settings_dir": str(private / "app"),
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "news_url": None,
            "user_settings_dir": str(settings),
            "workspaces_dir": str(private / "workspaces"),
        },
    }


def write_app_settings(private: Path, language: Language) -> None:
    """Write what JupyterLab's pages are set to, for this server alone."""
    folder = private / "app"
    folder.mkdir(mode=0o700)
    overrides: dict[str, Any] = {
        "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    }
    if LOCALES[language] in entry_points(group="jupyterlab.languagepack").names:
        overrides["@jupyterlab/translation-extension:plugin"] = {"locale": LOCALES[language]}
    page = {"buildAvailable": False, "buildCheck": False, "disabledExtensions": dict.fromkeys(LEFT_OUT, True)}
    (folder / "overrides.json").write_text(json.dumps(overrides), encoding="utf-8")
    (folder / "page_config.json").write_text(json.dumps(page), encoding="utf-8")


def server_environment(private: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server and of its kernels: ours, and nothing of another Jupyter."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    own = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
    }
    return {
        **kept,
        **{name: str(private / folder) for name, folder in own.items()},
        "JUPYTER_PLATFORM_DIRS": "1",
        **given,
    }


def _transport(runtime: Path) -> str:
    """Return how the server and its kernels talk: over TCP other users of this machine could read along."""
    return "ipc" if os.name == "posix" and len(f"{runtime}{KERNEL_SOCKET}") <= LONGEST_SOCKET else "tcp"
