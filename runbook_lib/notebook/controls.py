"""What can be done at a panel now, and what its status line says: decided from data alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runbook_lib.errors import RunbookError
from runbook_lib.notebook.attempt import Attempts
from runbook_lib.notebook.identity import identity_line
from runbook_lib.notebook.panel import Controls
from runbook_lib.notebook.views import Views
from runbook_lib.texts.panel import CHANGES, PANEL
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS, WORDS

# As many digits of a digest as tell plans apart at a glance; the card has all of them.
SHORT = 12


@dataclass(frozen=True)
class Situation:
    """What is going on: at which step, for how many seconds, and what kept the last piece of work from its end, if anything."""

    at: str = ""
    is_busy: bool = False
    is_applying: bool = False
    is_stopping: bool = False
    is_waiting: bool = False
    awaits_person: bool = False
    elapsed: float = 0.0
    problem: RunbookError | None = None


def controls_of(step_id: str, views: Views, attempts: Attempts, situation: Situation) -> Controls:
    """Return what the panel of a step shows and allows."""
    language = views.setting.language
    applies = views.is_applying_step(step_id)
    if situation.is_busy:
        said = _going_on(step_id, views, attempts, situation)
        is_here = (applies and situation.is_applying) or step_id == situation.at
        elapsed = clocked(situation.elapsed) if is_here and situation.elapsed else ""
        return Controls(said, elapsed, is_busy=True, can_stop=is_here)
    said = _state(step_id, views)
    if not applies:
        return Controls(said)
    if attempts.digest:
        armed = "" if attempts.is_by_hand else attempts.digest
        return Controls(_armed(views, attempts), armed=armed)
    if attempts.unfinished:
        run = attempts.unfinished.folder.name
        return Controls(f"{PANEL['resumable'].say(language, run=run)} {said}", resumes=run)
    nothing = "nothing-to-sign" if attempts.is_looked_at_by_hand else "nothing-planned"
    hint = PANEL["look-first" if situation.problem else nothing].say(language)
    return Controls(f"{hint} {said}".strip())


def _going_on(step_id: str, views: Views, attempts: Attempts, situation: Situation) -> str:
    language = views.setting.language
    if situation.is_stopping:
        return PANEL["stopping"].say(language)
    if situation.awaits_person:
        return PANEL["signs-in" if step_id == situation.at else "behind-sign-in"].say(language)
    at = situation.at.upper() or "–"
    if not situation.is_applying:
        return PANEL["looking"].say(language, step=at)
    if situation.is_waiting:
        return PANEL["applying-waits"].say(language, step=at, most=clocked(attempts.parameters.connect.wait_seconds))
    return PANEL["applying"].say(language, step=at)


def _armed(views: Views, attempts: Attempts) -> str:
    language = views.setting.language
    said = PANEL["armed" if attempts.changes else "to-sign"].say(
        language,
        changes=CHANGES.say(language, count=len(attempts.changes)),
        tenant=attempts.parameters.tenant.name,
        profile=WORDS["lab" if views.setting.is_lab else "live"].say(language),
        plan=attempts.digest[:SHORT],
    )
    identity = identity_line(attempts.results, language)
    return f"{said} {identity}." if identity else said


def _state(step_id: str, views: Views) -> str:
    result, language = views.result(step_id), views.setting.language
    if not result.finished_at:
        return ""
    at = f"{datetime.fromisoformat(result.finished_at):%H:%M:%S}"
    word, sign = STATUS_WORDS[result.status].say(language), STATUS_SIGNS[result.status]
    return PANEL["state"].say(language, sign=sign, state=word, at=at)


def clocked(seconds: float) -> str:
    """Return a duration as minutes and seconds, which both languages write alike: `0:42`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
