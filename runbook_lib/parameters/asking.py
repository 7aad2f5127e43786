"""Where secrets come from on this machine: a person at the keyboard, and the system's keyring."""

from __future__ import annotations

import getpass
import warnings

import keyring

from runbook_lib.errors import ParameterError
from runbook_lib.parameters.secret import Keyring


def ask_without_echo(label: str) -> str:
    """Ask at the terminal, or in the notebook that runs this, without showing what is typed.

    Raises `ParameterError` when nobody can answer, or when the terminal would show it.
    """
    try:
        with warnings.catch_warnings():
            # getpass only warns, and then echoes, when it finds no terminal that can hide.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"{label or 'secret'}: ")
    # RuntimeError: a kernel without a frontend that can ask, such as papermill's.
    except (EOFError, OSError, RuntimeError, getpass.GetPassWarning):
        raise ParameterError("secret-nobody-there", reference=f"prompt:{label}") from None


def system_keyring() -> Keyring:
    """Return the keyring backend that the machine prefers."""
    return keyring.get_keyring()
