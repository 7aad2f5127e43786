"""What a notebook holds: opened once, one call a step, finished once. It shows cards; the journal is the truth."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.getipython import get_ipython

from runbook_lib.errors import EvidenceError, RunbookError, RunUnfinished, UnexpectedReply
from runbook_lib.model import DONE, StepResult, as_json
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.display import Place
from runbook_lib.notebook.overview import OVERVIEW_MIME, Heading, banner, overview, overview_record, plain_overview
from runbook_lib.notebook.sign_in_card import SignInCard
from runbook_lib.notebook.stop import Stop, stopped
from runbook_lib.parameters import (
    InvalidParametersError,
    Parameters,
    check_parameters,
    parameter_names,
    read_parameters,
    unknown_names,
)
from runbook_lib.texts import Language
from runbook_lib.texts.words import STATUS_WORDS
from runbook_lib.wiring import Assembly, announcer, assemble, name_of_outputs, project_root

if TYPE_CHECKING:
    from pandas import DataFrame

R = TypeVar("R")

# What IPython itself puts into a fresh namespace. Anything else that is there before the runbook opens was injected.
_OWN_NAMES = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "open_runbook"})

# Marks a kernel in which a runbook was opened: names that the operator makes later are their own business.
_OPENED = "_runbook_opened"

# Where a kernel keeps the run that is open in it: one at a time.
_CURRENT = "_runbook_current"

# What a tenant is reached with. A lab notebook that was given none of it rehearses on this tenant of the lab.
_REQUIRED = frozenset({"tenant", "sync_server", "sign_in"})
LAB_EXAMPLE = "parameters/lab/contoso.yml"

# Exit codes that stop a notebook. A plan with changes, or one that waits for a person, is a good plan.
_STOPS_A_PLAN = frozenset({1, 4})


class Session:
    """An open run of a runbook."""

    def __init__(self, assembly: Assembly, sign_in: SignInCard, setting: Setting, heading: Heading) -> None:
        """Show the banner; nothing is read yet."""
        self._assembly = assembly
        self._sign_in = sign_in
        self._setting = setting
        self._heading = heading
        self._handles: dict[str, Place] = {}
        self._shown: dict[str, StepResult] = {}
        Place(
            {
                "text/html": banner(heading, setting),
                "text/plain": f"{heading.runbook} {heading.tenant} {heading.run_id}",
            }
        )

    def step(self, step_id: str) -> None:
        """Carry out one step and show its card."""
        self._guarded(lambda: self._step(step_id))

    def finish(self) -> None:
        """Write plan and result, close what is open, show all steps; stop if the run is not what its mode promises."""
        self._guarded(self._finish)

    def facts(self) -> DataFrame:
        """Return what was seen so far as a table; nothing is read for it."""
        from runbook_lib.notebook.tables import facts_table  # noqa: PLC0415  # pandas is slow to import, and few runs want it

        return facts_table(self._assembly.run.results.values())

    def _step(self, step_id: str) -> None:
        self._assembly.require_open()
        self._assembly.require_step(step_id)
        try:
            result = self._assembly.run.step(step_id)
        finally:
            self._sign_in.clear()
        self._handles[step_id] = Place(bundle(result, self._setting))
        self._shown[step_id] = result
        self._refresh()
        self._assembly.after_step(result)

    def _refresh(self) -> None:
        """Draw again the cards of earlier steps that this one settled."""
        for step_id, result in self._assembly.run.results.items():
            if step_id in self._handles and self._shown[step_id] is not result:
                self._handles[step_id].replace(bundle(result, self._setting))
                self._shown[step_id] = result

    def _finish(self) -> None:
        self._assembly.require_open()
        results = self._assembly.finish()
        heading = replace(
            self._heading, plan_digest=self._approvable(), verdict=self._assembly.verdict, ladder=self._assembly.ladder
        )
        Place(
            {
                "text/html": overview(heading, results, self._setting),
                "text/plain": plain_overview(heading, results, self._setting.language),
                OVERVIEW_MIME: overview_record(heading, results),
            }
        )
        if error := self._unfinished(results):
            raise error

    def _approvable(self) -> str:
        """Return the digest of a plan that can be approved as it is, or nothing."""
        is_open = self._heading.mode == "plan" and self._assembly.run.exit_code not in _STOPS_A_PLAN
        return self._assembly.plan_digest if is_open else ""

    def _unfinished(self, results: list[StepResult]) -> RunbookError | None:
        run, language = self._assembly.run, self._setting.language
        if run.error is not None:
            return run.error
        if run.exit_code == 0 or (self._heading.mode == "plan" and run.exit_code not in _STOPS_A_PLAN):
            return None
        open_steps = tuple(
            f"{result.step.upper()} {STATUS_WORDS[result.status].say(language).lower()}"
            for result in results
            if result.status not in DONE
        )
        return RunUnfinished("run-unfinished", exit_code=run.exit_code, steps=open_steps, folder=self._heading.folder)

    def _guarded(self, work: Callable[[], R]) -> R:
        """Turn every error into one line for the operator; the journal keeps the rest."""
        try:
            return work()
        except RunbookError as error:
            self._assembly.note("stopped", problem=as_json(error.message))
            if isinstance(error, EvidenceError):
                self._assembly.close()  # without a record nothing may be done any more
            raise stopped(error, self._setting.language) from None
        except KeyboardInterrupt:
            self._assembly.note("interrupted")
            self._assembly.hang_up()
            raise
        except Exception as error:  # noqa: BLE001  # the operator gets one line, the journal the traceback
            self._assembly.note("error", traceback=traceback.format_exc())
            self._assembly.hang_up()
            unexpected = UnexpectedReply("internal-error", target=type(error).__name__, folder=self._heading.folder)
            raise stopped(unexpected, self._setting.language) from None


def open_runbook(slug: str) -> Session:
    """Open a runbook with the parameters of this notebook. Refuses unknown names and literal secrets before anything is sent.

    A run that is still open in this kernel is closed first: its connections would stay open at the servers, and its lock in the
    way. Raises `Stop` with one line a problem.
    """
    names = _namespace()
    language: Language = "fr" if names.get("language") == "fr" else "en"
    try:
        parameters = _parameters(names)
        _close_current()
        sign_in = SignInCard(parameters.language)
        assembly = assemble(slug, parameters, show_code=sign_in.show)
    except RunbookError as error:
        raise _refused(error, names, language) from None
    except Exception as error:  # noqa: BLE001  # the operator gets one line; there may be no journal yet to hold a traceback
        raise _refused(_unforeseen(error), names, language) from None
    _remember(assembly)
    setting = Setting(parameters.language, parameters.profile == "lab", assembly.portal_page, slug)
    return Session(assembly, sign_in, setting, _heading(slug, parameters, assembly))


def _refused(error: RunbookError, names: Mapping[str, Any], language: Language) -> Stop:
    """Pass on the exit code to whoever started the run: there may be no record to read it from."""
    announcer(str(names.get("run_id") or ""))({"event": "stopped", "exit_code": str(error.exit_code)})
    return stopped(error, language)


def _unforeseen(error: Exception) -> RunbookError:
    """Return what names the kind of an error and where it arose, but not what it says: that may hold a secret."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(last.filename).name}:{last.lineno}"
    return UnexpectedReply("internal-error-opening", target=type(error).__name__, place=place)


def _close_current() -> None:
    current = getattr(get_ipython(), _CURRENT, None)
    if isinstance(current, Assembly):
        current.close()


def _remember(assembly: Assembly) -> None:
    shell = get_ipython()
    if shell is not None:
        setattr(shell, _CURRENT, assembly)


def _heading(slug: str, parameters: Parameters, assembly: Assembly) -> Heading:
    folder = f"{name_of_outputs()}/{parameters.tenant.name}/{assembly.run_id}"
    return Heading(
        slug, parameters.tenant.name, assembly.run_id, parameters.mode, folder, change=parameters.change.number or ""
    )


def _namespace() -> Mapping[str, Any]:
    shell = get_ipython()
    names: dict[str, Any] = shell.user_ns if shell is not None else {}
    return names


def _parameters(names: Mapping[str, Any]) -> Parameters:
    shell = get_ipython()
    given = {name: value for name, value in names.items() if not name.startswith("_") and name not in _OWN_NAMES}
    if shell is not None and not hasattr(shell, _OPENED):
        if problems := unknown_names(given):
            raise InvalidParametersError(problems)
        setattr(shell, _OPENED, True)
    values = {name: given[name] for name in parameter_names() if given.get(name) is not None}
    if values.get("profile") == "lab" and not _REQUIRED & values.keys():
        values = {**read_parameters(project_root() / LAB_EXAMPLE).model_dump(mode="json", exclude_unset=True), **values}
    return check_parameters(values)


__all__ = ["Session", "Stop", "open_runbook"]
