"""The PowerShell scripts, one file a reading or action, and what powershell.exe is started with to run them."""

from __future__ import annotations

import base64
from functools import cache
from importlib import resources

from runbook_lib.canonical import digest

# Length of the line that cmd.exe takes. We start powershell.exe without cmd.exe, but a server may insist on it.
# https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
CMD_LINE_LIMIT = 8191

PROGRAM = "powershell.exe"
SWITCHES = ("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand")


@cache
def load_script(name: str) -> str:
    """Return the text of a script. There is none for a name of ours that has no file: that raises `FileNotFoundError`."""
    if not name.isidentifier():
        raise ValueError(f"not the name of a script: {name!r}")
    return resources.files(__name__).joinpath(f"{name}.ps1").read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """Return a script without the lines that are empty or only a comment."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def fingerprint(name: str) -> str:
    """Return the SHA-256, in hexadecimal, of all that a script makes powershell.exe run: its text, and what reads it."""
    return digest({"program": [PROGRAM, *bootstrap_arguments()], "script": load_script(name)})


@cache
def bootstrap_arguments() -> tuple[str, ...]:
    """Return the arguments of powershell.exe that make it run what comes on its standard input."""
    encoded = without_comments(load_script("_bootstrap")).encode("utf-16-le")
    return (*SWITCHES, base64.b64encode(encoded).decode("ascii"))
