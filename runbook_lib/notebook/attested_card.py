"""A person's word on the card of a step: who, when, who else, what they saw, and their pictures, reduced. Read from the run's record.

What is shown is what the journal vouches for: a kept file whose SHA-256 is not the one that was judged is named as altered, and
not shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.errors import RunbookError
from runbook_lib.evidence import JOURNAL, Line, read_journal
from runbook_lib.model import Attestation, Json, Status, StepResult, as_json
from runbook_lib.notebook.guided_steps import name_of
from runbook_lib.notebook.pictures import Reduced, picture_markup, reduced
from runbook_lib.notebook.style import BLUE, MONO, RED, box, escaped
from runbook_lib.notebook.times import moment
from runbook_lib.parameters import Picture, opened, read_word
from runbook_lib.texts import Language
from runbook_lib.texts.facts import LABELLED
from runbook_lib.texts.panels.attesting import ATTESTED, SEEN
from runbook_lib.texts.steps import NO, YES

KEPT = "attestations"
WORD = "attestation.yml"
EVENT = "attestation-kept"

# What a person's word stands on.
_SHOWN = frozenset({Status.ATTESTED, Status.CONTRADICTED})


@dataclass(frozen=True)
class KeptPicture:
    """A picture of an attestation: our name for it, the SHA-256 of the original, and its reduced view; None: not there as it was."""

    name: str
    sha256: str
    small: Reduced | None


@dataclass(frozen=True)
class Attested:
    """A person's word as a run's record holds it. `word` is None when the file is not there as it was judged; `sha256` is the file's."""

    word: Attestation | None
    sha256: str
    pictures: tuple[KeptPicture, ...] = ()

    def is_about(self, result: StepResult) -> bool:
        """Tell whether the state of a step rests on this word."""
        return result.status in _SHOWN and (self.word is None or result.step in self.word.steps)

    def shows_pictures_at(self, result: StepResult) -> bool:
        """Pictures stand once, on the card of the last step of the word: three times the same would hide what differs."""
        return self.word is None or result.step == self.word.steps[-1]


def attested_in(folder: Path) -> Attested | None:
    """Return the same for a run that is open, whose journal is read for it. Raises `EvidenceError` when it cannot be."""
    return attested_of(folder, read_journal(folder / JOURNAL))


def attested_of(folder: Path, lines: Sequence[Line]) -> Attested | None:
    """Return the word in a run's folder as its journal vouches for it; None when there is none. Never raises."""
    said = [(line.data.get("file"), line.data.get("sha256")) for line in lines if line.event == EVENT]
    kept = {name: sha256 for name, sha256 in said if isinstance(name, str) and isinstance(sha256, str)}
    if WORD not in kept:
        return None
    pictures = tuple(
        KeptPicture(name, sha256, _reduced(_content(folder, name, sha256)))
        for name, sha256 in sorted(kept.items())
        if name.startswith("screenshot")
    )
    return Attested(_word(folder, kept[WORD]), kept[WORD], pictures)


def attested_markup(attested: Attested | None, result: StepResult, language: Language) -> str:
    """Return a person's word about a step as markup for its card; nothing when the step does not rest on one."""
    if attested is None or not attested.is_about(result):
        return ""
    lines = [f"<b>{escaped(name)}</b> · {escaped(value)}" for name, value in _rows(attested, language)]
    if attested.word is None:
        lines = [escaped(ATTESTED["altered-word"].say(language))]
    shown = _pictures(attested, language) if attested.shows_pictures_at(result) else ""
    colour = RED if attested.word is None else BLUE
    return box(colour, f"{'<br>'.join(lines)}{shown}{_sha256(WORD, attested.sha256)}")


def attested_plain(attested: Attested | None, result: StepResult, language: Language) -> list[str]:
    """Return a person's word about a step as lines of text."""
    if attested is None or not attested.is_about(result):
        return []
    if attested.word is None:
        return [f"  {ATTESTED['altered-word'].say(language)}"]
    lines = [f"  {LABELLED.say(language, label=name, text=value)}" for name, value in _rows(attested, language)]
    return lines + [f"  {picture.name}  sha256:{picture.sha256}" for picture in attested.pictures]


def attested_record(attested: Attested | None, result: StepResult) -> Json:
    """Return a person's word about a step as data, without its pictures; None when the step does not rest on one."""
    if attested is None or not attested.is_about(result):
        return None
    word = {**as_json(attested.word), "file": WORD} if attested.word else None
    pictures = [{"file": picture.name, "sha256": picture.sha256} for picture in attested.pictures]
    return {"word": word, "sha256": attested.sha256, "pictures": pictures}


def _rows(attested: Attested, language: Language) -> list[tuple[str, str]]:
    word = attested.word
    if word is None:
        return []
    rows = [(ATTESTED["by"].say(language), word.by), (ATTESTED["at"].say(language), moment(word.at, language))]
    if word.second_person:
        rows.append((ATTESTED["second"].say(language), word.second_person))
    seen = [
        LABELLED.say(language, label=name_of(name, language), text=(YES if value else NO).say(language))
        for name, value in word.values.items()
        if name in SEEN
    ]
    return [*rows, (ATTESTED["seen"].say(language), " · ".join(seen))] if seen else rows


def _pictures(attested: Attested, language: Language) -> str:
    return "".join(_picture(picture, attested.word, language) for picture in attested.pictures)


def _picture(picture: KeptPicture, word: Attestation | None, language: Language) -> str:
    if picture.small is None:
        return f"<br>{escaped(ATTESTED['altered-picture'].say(language, name=picture.name))}{_sha256(picture.name, picture.sha256)}"
    by = word.by if word else "–"
    described = ATTESTED["picture"].say(language, name=picture.name, by=by)
    return f"<br>{picture_markup(picture.small, described)}{_sha256(picture.name, picture.sha256)}"


def _sha256(name: str, sha256: str) -> str:
    return (
        f'<div style="font-size:12px;opacity:0.85">{escaped(name)} '
        f'<span style="{MONO};font-size:11px;word-break:break-all">sha256:{escaped(sha256)}</span></div>'
    )


def _content(folder: Path, name: str, sha256: str) -> bytes | None:
    """Return a kept file if it is there as it was judged. A journal may come from anybody: a name leads nowhere else."""
    if Path(name).name != name:
        return None
    try:
        content = (folder / KEPT / name).read_bytes()
    except (OSError, ValueError):
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _word(folder: Path, sha256: str) -> Attestation | None:
    if _content(folder, WORD, sha256) is None:
        return None
    try:
        return read_word(folder / KEPT / WORD)
    except RunbookError:
        return None


def _reduced(content: bytes | None) -> Reduced | None:
    picture = opened(content) if content is not None else None
    return reduced(picture) if isinstance(picture, Picture) else None
