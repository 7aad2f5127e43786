"""The card with a device code. It is replaced once the code is used or void, so the code is not kept in the notebook."""

from __future__ import annotations

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

    def show(self, user_code: str, page: str, again: bool = False) -> None:  # noqa: FBT002  # as `ShowCode` has it
        """Show the code, in the cell that needs it; `again`: say that the earlier sign-in no longer counts."""
        self.clear()
        told = word("sign-in-again" if again else "sign-in", self._language)
        inside = (
            f'<b>{told}</b> · <a href="{escaped(page)}">{escaped(page)}</a><br>'
            f'<span style="{MONO};font-size:20px;font-weight:600">{escaped(user_code)}</span><br>'
            f"{word('sign-in-code', self._language)}"
        )
        self._place = Place(_bundle(box(COLOURS["needs-operator"], inside), page))

    def clear(self) -> None:
        """Replace the code, now used or void, before the notebook is saved with it."""
        if self._place is not None:
            said = WORDS["sign-in-over"].say(self._language)
            self._place.replace(_bundle(box(COLOURS["to-do"], escaped(said)), said))
            self._place = None


def _bundle(markup: str, text: str) -> dict[str, str]:
    return {"text/html": markup, "text/plain": text}
