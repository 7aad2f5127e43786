"""The form under a guided step: what to do by hand, and a person's word that it was done. It is disarmed until the word is complete.

What is sent is an ordinary attestation for exactly the plan that was shown. Values that differ from the plan may be signed: the run
then says that they contradict it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ipywidgets
from babel.dates import format_time

from runbook_lib.errors import RunbookError
from runbook_lib.model import Attestation, Change, Status, StepResult
from runbook_lib.notebook.buttons import Buttons, Offer, Offered, Pressed
from runbook_lib.notebook.checked_word import refuse_secrets
from runbook_lib.notebook.guided_steps import OPERATOR, instructions, name_of
from runbook_lib.notebook.keys import PanelKeys
from runbook_lib.notebook.paste import PasteZone
from runbook_lib.notebook.stop import unforeseen
from runbook_lib.notebook.style import escaped
from runbook_lib.parameters import Picture, same_person, values_asked, values_welcome, write_attestation
from runbook_lib.texts import Argument, Language
from runbook_lib.texts.panel import PANEL
from runbook_lib.texts.panels.attesting import FORM, SEEN
from runbook_lib.texts.steps import NO, YES

# ipywidgets has no types.
_W: Any = ipywidgets

ATTEST = "attest"

# What a dropdown holds before the person has said anything. (None would leave it blank.)
_UNSAID = ""

# What stands between the parts of a list that hold commas themselves.
_BETWEEN: dict[Language, str] = {"en": "; ", "fr": "\u00a0; "}

Written = Callable[[Path], None]
Failed = Callable[[Exception], None]


@dataclass(frozen=True)
class Asked:
    """What a person is asked to put their name to.

    Attributes:
        step: The step at which the plan is carried out; its id is typed to sign.
        steps: The steps that the word is for.
        plan: The digest of the plan.
        tenant, tenant_name: The id of the tenant, and what it is called.
        changes: What the plan wants done by hand.
        folder: Where the word is written, in a new folder of its own: `attested-1`, `attested-2`, ...
    """

    step: str
    steps: tuple[str, ...]
    plan: str
    tenant: str
    tenant_name: str
    changes: tuple[Change, ...]
    folder: Path

    def wants(self, name: str) -> bool | None:
        """Return what the plan wants of a value; None when it has no say in it."""
        wanted = [change.after for change in self.changes if change.setting == SEEN[name].setting]
        return wanted[0] if wanted else None


def steps_by_hand(results: Iterable[StepResult]) -> tuple[str, ...]:
    """Return the steps that wait for a person's word."""
    return tuple(result.step for result in results if result.status is Status.NEEDS_OPERATOR)


class GuidedForm:
    """The form of one guided step. `widget` is what is shown; everything may be called on any thread."""

    def __init__(
        self,
        asked: Asked,
        language: Language,
        portal_page: str,
        on_attest: Written,
        on_error: Failed = lambda _error: None,
    ) -> None:
        """Make the widgets. `on_attest` is called with the file once the word is written, on the thread of the click, and `on_error`
        with what nobody foresaw: the form says that it happened, and not what it says.
        """
        self._asked = asked
        self._language: Language = language
        self._on_attest, self._on_error = on_attest, on_error
        self._portal_page = portal_page
        self._is_busy = False
        self._outcome = ""  # of the last signature; it stays to be read until the next
        self._needed: frozenset[str] = frozenset()
        # A word is taken for one plan as a whole: another one is never asked about in the middle of it.
        self._lock = threading.RLock()
        self._instructions = _W.HTML("")
        self._values: dict[str, Any] = {}
        self._asks = _W.VBox([])
        self._by, self._second = self._text("by", "rk-by"), self._text("second", "rk-second")
        self.zone = PasteZone(language, self._refresh)
        self._signing = self._sign_button()
        self._status = _W.HTML("")
        self._status.add_class("rk-attest-status")
        guards = [PanelKeys(), _W.HTML(_STYLE)]
        self.widget = _W.VBox(
            [*guards, self._instructions, self.zone, self._asks, self._by, self._second, self._signing, self._status]
        )
        self.widget.add_class("rk-guided")
        self.ask(asked)

    def ask(self, asked: Asked) -> None:
        """Ask for a word on another plan. What was seen for the one before counts no longer; names stay."""
        with self._lock:
            self._asked = asked
            self._instructions.value = instructions(
                asked.step,
                asked.steps,
                asked.changes,
                self._language,
                page=self._portal_page,
                tenant=f"{asked.tenant_name} ({asked.tenant})",
            )
            needed = values_asked(asked.steps)
            self._needed = frozenset(needed)
            self._values = {name: self._question(name) for name in (*needed, *values_welcome(asked.steps))}
            self._asks.children = tuple(self._values.values())
            self.zone.clear()

    def busy(self, is_busy: bool) -> None:
        """Disarm the form while something is going on, and arm it again afterwards."""
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self._refresh()

    def _question(self, name: str) -> Any:
        options = [
            (FORM["choose" if name in self._needed else "not-looked"].say(self._language), _UNSAID),
            (YES.say(self._language), True),
            (NO.say(self._language), False),
        ]
        question = SEEN[name].question.say(self._language)
        asked = _W.Dropdown(options=options, value=_UNSAID, description=question, layout=_W.Layout(width="100%"))
        asked.add_class(f"rk-seen-{name.replace('_', '-')}")
        asked.observe(self._refresh, "value")
        return asked

    def _text(self, name: str, css: str) -> Any:
        text = _W.Text(description=FORM[name].say(self._language), layout=_W.Layout(width="100%"))
        text.add_class(css)
        text.observe(self._refresh, "value")
        return text

    def _sign_button(self) -> Buttons:
        step = self._asked.step
        names = (ATTEST, f"{ATTEST}-tip", f"{ATTEST}-typed")
        words = {name: FORM[name].say(self._language, step=step.upper()) for name in names}
        words["gone"] = PANEL["gone"].say(self._language)
        pressed = Pressed({}, lambda _button, plan: self._sign(plan), self._refuse)
        return Buttons(step, self._language, words, pressed, confirms=(ATTEST,), css="rk-attest-confirm")

    def _missing(self) -> list[str]:
        """Return what keeps the word from being complete, in words."""
        missing = [
            self._say("missing-value", setting=name_of(name, self._language))
            for name, asked in self._values.items()
            if name in self._needed and asked.value == _UNSAID
        ]
        if not self._by.value.strip():
            missing.append(self._say("missing-name"))
        if self._second.value.strip() and same_person(self._by.value, self._second.value):
            missing.append(self._say("missing-second"))
        return missing

    def _refresh(self, _change: object = None) -> None:
        with self._lock:
            missing = self._missing()
            offer = Offer(ATTEST, self._asked.plan)
            self._signing.offer(Offered(offer, is_ready=not missing, is_busy=self._is_busy))
        if self._is_busy:
            said = [self._say("busy")]
        elif missing:
            said = [self._say("missing", what=_BETWEEN[self._language].join(missing)), *self._doubts()]
        else:
            ready = self._say("ready", digest=self._asked.plan[:12], step=self._asked.step.upper())
            said = [ready, *self._doubts()]
        self._tell(*filter(None, [self._outcome]), *said)

    def _doubts(self) -> list[str]:
        """Return what may be signed as it is, and yet should be said before."""
        sent = [change for change in self._asked.changes if change.target != OPERATOR]
        doubts = [self._say("applies", count=len(sent))] if sent else []
        doubts += [] if self.zone.pictures else [self._say("without-picture")]
        for name, asked in self._values.items():
            wanted = self._asked.wants(name)
            if asked.value != _UNSAID and wanted is not None and asked.value != wanted:
                setting = name_of(name, self._language)
                doubts.append(self._say("other-value", setting=setting, wanted=wanted, seen=asked.value))
        return doubts

    def _sign(self, plan: str) -> None:
        """Take the word that was confirmed for a plan."""
        with self._lock:
            if plan != self._asked.plan or self._missing() or self._is_busy:
                self._refuse()
                return
            word, pictures, folder = self._word(), self._pictures(), self._asked.folder
        try:
            refuse_secrets(word, pictures)
            path = write_attestation(_new_folder(folder), word, pictures)
            self._outcome = self._say("signed", at=format_time(datetime.now(UTC), "short", locale=self._language))
            self._on_attest(path)
        except RunbookError as error:
            self._outcome = error.say(self._language)
        except Exception as error:  # noqa: BLE001  # nothing that a callback raises is shown anywhere else
            self._on_error(error)
            self._outcome = unforeseen(error, folder.name).say(self._language)
        self._refresh()

    def _refuse(self) -> None:
        self._outcome = self._say("missed" if self._is_busy else "outdated")
        self._refresh()

    def _word(self) -> Attestation:
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        seen = {name: asked.value for name, asked in self._values.items() if asked.value != _UNSAID}
        by, second = self._by.value.strip(), self._second.value.strip()
        return Attestation(self._asked.plan, self._asked.tenant, self._asked.steps, by, at, seen, second)

    def _pictures(self) -> tuple[Picture, ...]:
        pictures: tuple[Picture, ...] = self.zone.pictures
        return pictures

    def _say(self, key: str, **arguments: Argument) -> str:
        return FORM[key].say(self._language, **arguments)

    def _tell(self, *sentences: str) -> None:
        lines = "<br>".join(escaped(line) for sentence in sentences for line in sentence.splitlines())
        value = f'<div role="status" style="line-height:1.5">{lines}</div>'
        if self._status.value != value:
            self._status.value = value


# Labels of ipywidgets are cut off after one line, and a question must be read as a whole: so it stands above its answer.
_STYLE = (
    "<style>.rk-guided{max-width:900px}"
    ".rk-guided .widget-text,.rk-guided .widget-dropdown{display:flex;flex-direction:column;align-items:flex-start;height:auto;"
    "margin:4px 0}"
    ".rk-guided .widget-label{width:auto;max-width:100%;height:auto;white-space:normal;overflow:visible;text-align:left;"
    "line-height:1.4;color:var(--jp-ui-font-color1)}"
    ".rk-guided .widget-text input,.rk-guided .widget-dropdown select{flex:none;width:26em;max-width:100%;height:28px}"
    ".rk-guided a{text-decoration:underline;color:var(--jp-content-link-color,#0969da)}"
    "</style>"
)


def _new_folder(inside: Path) -> Path:
    number = 1
    while (folder := inside / f"attested-{number}").exists():
        number += 1
    return folder
