"""What an operator has chosen and typed in the opening panel: which file, what the form holds, and what came with the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from runbook_lib.model import Json
from runbook_lib.notebook.opening_view import FIELDS, Judged, judged
from runbook_lib.parameters import Entry, Parameters, filled, is_reference, literal_secrets
from runbook_lib.parameters.form import NOT_IN_THE_FORM
from runbook_lib.wiring import Choice, tenant_files

# What a person types or pastes into one field; a list of servers is the longest.
LONGEST = 8192
# Keys of a file that have a meaning of their own here, or none worth a word.
_TOLD_OTHERWISE = frozenset({"rollback_of"})


class OpeningForm:
    """The state of the form. Not for several threads at once: the panel has the lock."""

    def __init__(self) -> None:
        """Hold nothing yet, and know which files there are."""
        self.files: tuple[Choice, ...] = ()
        self.file: Choice | None = None
        self.entries: dict[str, Entry] = filled({})
        self.literals: set[str] = set()
        self.left_out: tuple[str, ...] = ()
        self._undoes: tuple[str, str] | None = None
        self._as_loaded = dict(self.entries)
        self.read_folder()

    @property
    def judged(self) -> Judged:
        """Return what the form holds, judged."""
        return judged(self.entries)

    @property
    def is_changed(self) -> bool:
        """Tell whether the form differs from the file that was chosen."""
        return self.file is not None and self.entries != self._as_loaded

    @property
    def undoes(self) -> str:
        """Return the run that opening would undo; only as long as the tenant is the one it was said for."""
        if self._undoes is None or self.entries["tenant.id"] != self._undoes[0]:
            return ""
        return self._undoes[1]

    @property
    def parameters(self) -> Parameters | None:
        """Return the parameters to open with, or None while something is missing or wrong."""
        found = None if self.literals else self.judged.parameters
        return found.model_copy(update={"rollback_of": self.undoes}) if found else None

    def read_folder(self) -> None:
        """List the files anew; the one chosen stays chosen, and what was typed stays as it is."""
        self.files = tenant_files()
        if self.file is not None:
            self.file = self.at(self.file.file)

    def at(self, file: Path | None) -> Choice | None:
        """Return the choice of a file, when it is on the list."""
        return next((choice for choice in self.files if choice.file == file), None)

    def like(self, parameters: Parameters) -> Choice | None:
        """Return the file that says what the parameters say, but for the language."""
        same = {"language": parameters.language}
        return next(
            (each for each in self.files if each.parameters and each.parameters.model_copy(update=same) == parameters),
            None,
        )

    def choose(self, choice: Choice | None, language: str) -> None:
        """Fill the form from a file, or empty it. Whoever works in one language goes on in it, whatever the file says."""
        self.file = choice
        values = choice.examined.values if choice else {}
        self.load(values, ["language"] if choice and choice.parameters else [], language)

    def load(self, values: Mapping[str, Json], but: Iterable[str] = (), language: str = "") -> None:
        """Fill the form from data. Secrets that stand in it themselves are left out, and their fields named."""
        self.entries = filled(values)
        if "language" in but or not values.get("language"):
            self.entries["language"] = language or self.entries["language"]
        self.literals = set(literal_secrets(values))
        self.left_out = tuple(
            name
            for name in NOT_IN_THE_FORM
            if values.get(name) not in (None, "", "plan") and name not in _TOLD_OTHERWISE
        )
        run = values.get("rollback_of")
        self._undoes = (str(self.entries["tenant.id"]), run) if isinstance(run, str) and run else None
        self._as_loaded = dict(self.entries)

    def edit(self, name: str, value: object, *, is_literal: bool = False) -> None:
        """Take over what was typed into a field. A secret itself is not: only that somebody typed one is remembered."""
        field = FIELDS.get(name)
        if field is None or isinstance(value, bool) != (field.kind == "yes-no") or not isinstance(value, bool | str):
            return
        typed = value if isinstance(value, bool) else _trimmed(value)
        self.literals.discard(name)
        if field.kind == "secret-reference" and typed and not is_reference(typed):
            typed, is_literal = "", True
        if is_literal and field.kind == "secret-reference":
            self.literals.add(name)
        self.entries[name] = typed


def _trimmed(typed: str) -> str:
    """What is pasted often brings spaces that nobody sees."""
    return "\n".join(line.strip() for line in typed[:LONGEST].split("\n"))
