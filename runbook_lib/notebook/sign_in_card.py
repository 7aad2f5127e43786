"""The card with a device code. It is replaced once the code is used or void, so the code is not kept in the notebook."""

from __future__ import annotations

from datetime import UTC, datetime

from runbook_lib.notebook.display import Place
from runbook_lib.notebook.style import COLOURS, MONO, box, escaped, word
from runbook_lib.texts import Language
from runbook_lib.texts.words import WORDS


class SignInCard:
    """Shows where to sign in and with which code."""

    def __init__(self, language: Language) -> None:
        """Keep the language; nothing is shown before a code is needed."""
        self._language = language
        self._place: Place | None = None

    def show(self, user_code: str, page: str, expires_at: datetime, again: bool = False) -> None:  # noqa: FBT002  # as `ShowCode` has it
        """Show the code, in the cell that needs it, and until when it counts; `again`: say that the earlier sign-in no longer does."""
        self.clear()
        told = f"<b>{word('sign-in-again' if again else 'sign-in', self._language)}</b>"
        until = f"{expires_at.astimezone(UTC):%H:%M} UTC"
        inside = self._with_code(user_code, page, until) if user_code else f"<br>{self._said('sign-in-browser', until)}"
        self._place = Place(_bundle(box(COLOURS["needs-operator"], told + inside), page))

    def _with_code(self, user_code: str, page: str, until: str) -> str:
        return (
            f' · <a href="{escaped(page)}">{escaped(page)}</a><br>'
            f'<span style="{MONO};font-size:20px;font-weight:600">{escaped(user_code)}</span><br>'
            f"{self._said('sign-in-until', until)} {word('sign-in-code', self._language)}"
        )

    def _said(self, key: str, until: str) -> str:
        return escaped(WORDS[key].say(self._language, until=until))

    def clear(self) -> None:
        """Replace the code, now used or void, before the notebook is saved with it."""
        if self._place is not None:
            said = WORDS["sign-in-over"].say(self._language)
            self._place.replace(_bundle(box(COLOURS["to-do"], escaped(said)), said))
            self._place = None


def _bundle(markup: str, text: str) -> dict[str, str]:
    return {"text/html": markup, "text/plain": text}
