"""Everything that a kernel sends to whoever shows or keeps it, without the secrets of the runs that were opened in it.

Cards hold none; but a cell may print anything, and so may a library, a warning, or a traceback that nobody foresaw. All of it
leaves through the kernel's session: papermill and JupyterLab keep what they get.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from IPython.core.getipython import get_ipython

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import DEVICE_CODE, Found, Ledger, NotebookRedactor, Redactor

# A person has to see the code of a sign-in. Its card is replaced once it is used or void.
_SPARE = frozenset({DEVICE_CODE})

_OUTPUTS = frozenset({"stream", "display_data", "update_display_data", "execute_result", "error", "execute_reply"})
_COMMS = frozenset({"comm_open", "comm_msg"})

# How the ledger calls what never was a file: the outputs of the notebook.
OUTPUTS = "notebook outputs"


class _Outgoing:
    """Takes the place of `serialize` of a kernel's session (jupyter_client: "Serialize the message components to bytes")."""

    def __init__(self, serialize: Any) -> None:
        self._serialize = serialize
        self._known: list[tuple[Redactor, Ledger]] = []

    def add(self, redactor: Redactor, ledger: Ledger) -> None:
        """Clean by one more redactor; what it takes out from now on belongs into this ledger."""
        self._known = [*(each for each in self._known if each[0] is not redactor), (redactor, ledger)]

    def __call__(self, message: dict[str, Any], ident: Any = None) -> Any:
        """Return the message as bytes, without secrets."""
        kind = message.get("header", {}).get("msg_type")
        if kind in _OUTPUTS | _COMMS and isinstance(message.get("content"), dict):
            message = {**message, "content": self._clean(message["content"])}
        return self._serialize(message, ident)

    def _clean(self, content: dict[str, Any]) -> dict[str, Any]:
        for redactor, ledger in self._known:
            found = Found()
            content = NotebookRedactor(redactor, found, _SPARE).output(content)
            with suppress(EvidenceError):  # a ledger that cannot be written must not bring the secret back
                ledger.note(OUTPUTS, found)
        return content


def keep_clean(redactor: Redactor, ledger: Ledger) -> None:
    """Have what this kernel sends cleaned from now on. Without a kernel there is nothing to do."""
    kernel = getattr(get_ipython(), "kernel", None)
    session = getattr(kernel, "session", None)
    if session is None:
        return
    if not isinstance(session.serialize, _Outgoing):
        session.serialize = _Outgoing(session.serialize)
    session.serialize.add(redactor, ledger)
