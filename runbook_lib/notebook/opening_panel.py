"""The panel in which an operator chooses a tenant, fills in its parameters, and opens the runbook with them.

What is typed travels in messages and is no part of the widget's state: JupyterLab can save that state with the notebook.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import anywidget
import traitlets

from runbook_lib.errors import ParameterError, RunbookError
from runbook_lib.model import Json
from runbook_lib.notebook.opening_form import OpeningForm
from runbook_lib.notebook.opening_view import beside, description, fields_shown, lists, summaries
from runbook_lib.notebook.stop import unforeseen_opening
from runbook_lib.parameters import Parameters, Problem, is_file_name
from runbook_lib.texts import Language
from runbook_lib.texts.panels.opening import OPENING
from runbook_lib.texts.words import WORDS
from runbook_lib.wiring import last_choice, place_for, remember_choice, save, shown

_HERE = Path(__file__).parent


class OpeningWidget(anywidget.AnyWidget):
    """Draws the panel. Its traits are words only."""

    _esm = _HERE / "opening_panel.js"
    _css = _HERE / "opening_panel.css"
    form: traitlets.List[Json] = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)


class OpeningPanel:
    """Shows the panel by its `widget`. `on_open` gets the parameters once the operator opens; `on_error` what went wrong in it.

    It can be called from whatever thread the kernel calls back in; one thing happens at a time.
    """

    def __init__(
        self,
        slug: str,
        language: Language,
        chosen: Parameters | Mapping[str, Json] | None,
        problems: Sequence[Problem],
        on_open: Callable[[Parameters], None],
        *,
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Show what is chosen: parameters, or values that have `problems`; or else what was chosen last time."""
        self._slug, self._language = slug, language
        self._on_open, self._on_error = on_open, on_error
        self._lock = threading.RLock()
        self._form = OpeningForm()
        self._problems = tuple(problems)
        self._said, self._said_kind = "", ""
        self._is_confirmed = self._is_busy = False
        self._save_as = ""
        self._turn, self._is_folded = 0, isinstance(chosen, Parameters)
        self._begin(chosen)
        words = {key: text.say(language, **dict.fromkeys(_OPEN_PLACES, "")) for key, text in OPENING.items()}
        self.widget = OpeningWidget(form=description(language), words=words, language=language)
        self.widget.add_class("rk-opening")
        self.widget.on_msg(lambda _widget, content, _buffers: self.hear(content))

    def hear(self, content: object) -> None:
        """Do what the browser asks for. What went wrong is shown in the panel: nobody else would see it."""
        if not isinstance(content, dict):
            return
        try:
            self._do(content)
        except RunbookError as error:
            self._fail(error, error.say(self._language))
        except Exception as error:  # noqa: BLE001  # the operator gets one line, and whoever keeps the journal the error
            self._fail(error, unforeseen_opening(error).say(self._language))
        except KeyboardInterrupt:
            self._say(OPENING["stopped"].say(self._language), "error")
        self._show()

    def _begin(self, chosen: Parameters | Mapping[str, Json] | None) -> None:
        form = self._form
        if isinstance(chosen, Parameters):
            form.load(chosen.model_dump(mode="json"))
            form.file = form.like(chosen)
        elif chosen:
            form.load(chosen, language=self._language)
        else:
            form.choose(form.at(last_choice(self._slug, self._language)), self._language)

    def _do(self, content: Mapping[str, Json]) -> None:
        what = content.get("do")
        deeds = {
            "edit": self._edit,
            "choose": self._choose,
            "read-again": self._read_again,
            "confirm": self._confirm,
            "name": self._name_file,
            "save": self._save,
        }
        with self._lock:
            if isinstance(what, str) and what in deeds and not self._is_busy:
                self._said = ""
                deeds[what](content)
        if what == "open":
            self._open()

    def _edit(self, content: Mapping[str, Json]) -> None:
        name = str(content.get("name"))
        self._form.edit(name, content.get("value"), is_literal=content.get("literal") is True)
        # A confirmation is about one tenant, as it stood there.
        self._is_confirmed = False
        self._problems = ()

    def _read_again(self, _content: Mapping[str, Json]) -> None:
        self._form.read_folder()

    def _confirm(self, content: Mapping[str, Json]) -> None:
        self._is_confirmed = content.get("on") is True

    def _name_file(self, content: Mapping[str, Json]) -> None:
        self._save_as = str(content.get("name", ""))[:64].strip()

    def _choose(self, content: Mapping[str, Json]) -> None:
        index = content.get("file")
        chosen = dict(enumerate(self._form.files)).get(index) if isinstance(index, int) else None
        self._form.choose(chosen, self._language)
        self._is_confirmed, self._is_folded, self._save_as = False, False, ""
        self._problems = ()
        self._turn += 1

    def _save(self, content: Mapping[str, Json]) -> None:
        parameters = self._form.parameters
        if parameters is None:
            return
        saved = parameters.model_copy(update={"rollback_of": ""})
        file = save(self._name(parameters), saved, replace=content.get("replace") is True)
        self._form.read_folder()
        self._form.choose(self._form.at(file), parameters.language)
        remember_choice(self._slug, self._language, file)
        self._turn += 1
        self._say(OPENING["saved"].say(self._language, file=shown(file)), "done")

    def _name(self, parameters: Parameters) -> str:
        return self._save_as or parameters.tenant.name

    def _open(self) -> None:
        """Open outside of the lock: it may take long, and the panel goes on answering that it is busy."""
        with self._lock:
            parameters = self._form.parameters
            if parameters is None or self._is_busy or not (parameters.profile == "lab" or self._is_confirmed):
                return
            self._is_busy = True
            self._say(OPENING["opening"].say(self._language, tenant=parameters.tenant.name), "busy")
            if self._form.file is not None and not self._form.is_changed:
                remember_choice(self._slug, self._language, self._form.file.file)
        self._show()
        try:
            self._on_open(parameters)
        finally:
            self._is_busy = self._is_confirmed = False
        profile = WORDS[parameters.profile].say(self._language)
        self._is_folded, self._turn = True, self._turn + 1
        self._say(OPENING["opened"].say(self._language, tenant=parameters.tenant.name, profile=profile), "done")

    def _fail(self, error: Exception, said: str) -> None:
        self._say(said, "error")
        if self._on_error is not None:
            self._on_error(error)

    def _say(self, said: str, kind: str) -> None:
        self._said, self._said_kind = said, kind

    def _show(self) -> None:
        with self._lock:
            self.widget.send(self.state())

    def state(self) -> dict[str, Json]:
        """Return what the browser shows now."""
        form, here, language = self._form, self._form.judged, self._language
        fields = fields_shown(here, form.literals, language)
        parameters = form.parameters
        is_live = here.profile == "live"
        return {
            "turn": self._turn,
            "folded": self._is_folded,
            "busy": self._is_busy,
            "said": self._said,
            "kind": self._said_kind,
            "profile": here.profile,
            "badge": WORDS[here.profile].say(language) if here.profile else OPENING["no-profile"].say(language),
            "tenant": here.tenant or OPENING["nobody"].say(language),
            "place": self._place(),
            "sentence": OPENING[f"{here.profile}-sentence"].say(language) if here.profile else "",
            "files": [self._listed(index) for index in range(len(form.files))],
            "file": form.files.index(form.file) if form.file in form.files else -1,
            "notes": self._notes(),
            "entries": dict(form.entries),
            "fields": fields,
            "summaries": summaries(here, language),
            "lists": lists(here, fields, language),
            "confirm": self._confirmation(parameters) if is_live and parameters else "",
            "confirmed": self._is_confirmed,
            "open": self._open_label(here.profile, here.tenant),
            "ready": parameters is not None,
            "openable": parameters is not None and not self._is_busy and (not is_live or self._is_confirmed),
            **self._saving(parameters),
        }

    def _place(self) -> str:
        form = self._form
        if form.file is None:
            return ""
        return f"{form.file.shown} ({OPENING['changed'].say(self._language)})" if form.is_changed else form.file.shown

    def _listed(self, index: int) -> str:
        choice = self._form.files[index]
        name = choice.name(self._language)
        return f"⚠ {name} — {OPENING['wrong-file'].say(self._language)}" if choice.problems else name

    def _notes(self) -> list[Json]:
        """Return what the operator must know beside the form: what is wrong with a file or the notebook, and what it asks for."""
        form, language = self._form, self._language
        problems = [*self._problems, *(form.file.problems if form.file else ())]
        found = beside(problems, language)
        if form.left_out:
            found.append(OPENING["left-out"].say(language, names=form.left_out))
        if form.undoes:
            found.append(OPENING["undoes"].say(language, run=form.undoes))
        return found

    def _confirmation(self, parameters: Parameters) -> str:
        return OPENING["confirm-live"].say(self._language, tenant=parameters.tenant.name, id=parameters.tenant.id)

    def _open_label(self, profile: str, tenant: str) -> str:
        key = f"open-{profile}" if profile and tenant else "open-nobody"
        return OPENING[key].say(self._language, tenant=tenant)

    def _saving(self, parameters: Parameters | None) -> dict[str, Json]:
        said: dict[str, Json] = {"saveName": self._save_as, "savePlace": "", "saveExists": False, "saveProblem": ""}
        if parameters is None:
            return said
        name = self._name(parameters)
        if not is_file_name(name):
            problem = ParameterError("parameters-no-file-name").say(self._language)
            return {**said, "saveName": name, "saveProblem": problem}
        file = place_for(parameters.profile, name)
        place = OPENING["save-place"].say(self._language, file=shown(file))
        return {**said, "saveName": name, "savePlace": place, "saveExists": file.exists()}


# Placeholders of sentences that are made here and not in the browser.
_OPEN_PLACES = ("value", "name", "place", "tenant", "profile", "id", "run", "names", "file")
