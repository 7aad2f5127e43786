"""Opening a runbook in a notebook: with which parameters, in whose hands, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from runbook_lib.errors import RunbookError, UsageProblem
from runbook_lib.notebook.attaching import close_record
from runbook_lib.notebook.attested_card import attested_in
from runbook_lib.notebook.awake import keep_awake
from runbook_lib.notebook.card import Setting
from runbook_lib.notebook.outgoing import keep_clean
from runbook_lib.notebook.overview import Heading
from runbook_lib.notebook.session import Session
from runbook_lib.notebook.sign_in_card import SignInCard
from runbook_lib.notebook.stop import Stop, stopped, unforeseen_opening
from runbook_lib.parameters import (
    REQUIRED,
    InvalidParametersError,
    Parameters,
    check_parameters,
    parameter_names,
    read_parameters,
    unknown_names,
)
from runbook_lib.runbooks import find
from runbook_lib.texts import Language
from runbook_lib.wiring import Assembly, announcer, assemble, lab_parameters
from runbook_lib.wiring.places import is_started_by_command_line

if TYPE_CHECKING:
    from runbook_lib.notebook.interactive import InteractiveSession

# What IPython itself puts into a fresh namespace. Anything else that is there before the runbook opens was injected.
_OWN_NAMES = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "open_runbook"})

# Marks a kernel in which a runbook was opened: names that the operator makes later are their own business.
_OPENED = "_runbook_opened"

# Where a kernel keeps what is open in it: one runbook at a time.
_CURRENT = "_runbook_current"

# A lab notebook that was given none of what a tenant is reached with rehearses on this tenant of the lab.
LAB_EXAMPLE = "contoso.yml"


def open_runbook(slug: str, *, panels: bool | None = None) -> Session | InteractiveSession:
    """Open a runbook with the parameters of this notebook. Refuses unknown names and literal secrets before anything is sent.

    In JupyterLab a person gets panels to act in; `panels` says so, or not, where that cannot be told. Never with mode apply, which
    carries its approval with it. Panels allow nothing by themselves.

    A run that is still open in this kernel is closed first: its connections would stay open at the servers, and its lock in the
    way. Raises `Stop` with one line a problem.
    """
    keep_awake(getattr(get_ipython(), "kernel", None))
    names = _namespace()
    language: Language = "fr" if names.get("language") == "fr" else "en"
    try:
        given = _given(names)
        if given.get("mode") != "apply" and (_is_asked_by_a_person() if panels is None else panels):
            return _interactive(slug, given, language)
        parameters = _parameters(given)
        _close_current()
        return _headless(slug, parameters)
    except RunbookError as error:
        raise _refused(error, names, language) from None
    except Exception as error:  # noqa: BLE001  # the operator gets one line; there may be no journal yet to hold a traceback
        raise _refused(unforeseen_opening(error), names, language) from None


def _headless(slug: str, parameters: Parameters) -> Session:
    sign_in = SignInCard(parameters.language)
    assembly = assemble(slug, parameters, show_code=sign_in.show)
    keep_clean(assembly.redactor, assembly.ledger)
    _remember(assembly)
    word = attested_in(assembly.folder)
    setting = Setting(parameters.language, parameters.profile == "lab", assembly.portal_page, slug, word)
    # The command line does this itself, once it has put the executed notebook beside the record.
    attaches = parameters.closes_record and not is_started_by_command_line()
    attach = (lambda: close_record(assembly.folder, parameters)) if attaches else None
    return Session(assembly, sign_in, setting, _heading(slug, parameters, assembly), attach)


def _interactive(slug: str, given: Mapping[str, Any], language: Language) -> InteractiveSession:
    # Imported here: widgets are slow to import, and headless runs have none.
    from runbook_lib.notebook.beginning import beginning  # noqa: PLC0415
    from runbook_lib.notebook.interactive import InteractiveSession  # noqa: PLC0415

    current = _current()
    if isinstance(current, InteractiveSession) and current.is_applying:
        if current.runbook.slug != slug:
            raise UsageProblem("panel-applying")
        current.show_again()
        return current
    begin = beginning(slug, given, language)
    if isinstance(current, InteractiveSession) and current.goes_on_with(slug, begin):
        current.show_again()
        return current
    _close_current()
    session = InteractiveSession(find(slug), language)
    _remember(session)
    session.begin(begin)
    return session


def _is_asked_by_a_person() -> bool:
    """Tell whether a front end with widgets runs this cell: JupyterLab and Notebook name the cell in each request, papermill does not.

    The environment would not tell: what JupyterLab sets for its kernels is inherited by a papermill that is started in one.
    """
    shell: Any = get_ipython()
    kernel = getattr(shell, "kernel", None)
    request = kernel.get_parent("shell") if kernel is not None else {}
    return "cellId" in (request.get("metadata") or {})


def _refused(error: RunbookError, names: Mapping[str, Any], language: Language) -> Stop:
    """Pass on the exit code to whoever started the run: there may be no record to read it from."""
    announcer(str(names.get("run_id") or ""))({"event": "stopped", "exit_code": str(error.exit_code)})
    return stopped(error, language)


def _close_current() -> None:
    if (current := _current()) is not None:
        current.close()


def _current() -> Assembly | InteractiveSession | None:
    current: Assembly | InteractiveSession | None = getattr(get_ipython(), _CURRENT, None)
    return current


def _remember(opened: Assembly | InteractiveSession) -> None:
    shell = get_ipython()
    if shell is not None:
        setattr(shell, _CURRENT, opened)


def _heading(slug: str, parameters: Parameters, assembly: Assembly) -> Heading:
    tenant, change = parameters.tenant.name, parameters.change.number or ""
    return Heading(slug, tenant, assembly.run_id, parameters.mode, assembly.name, change=change)


def _namespace() -> Mapping[str, Any]:
    shell = get_ipython()
    names: dict[str, Any] = shell.user_ns if shell is not None else {}
    return names


def _given(names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that the notebook's cells give. Refuses what is none, as papermill would not."""
    shell = get_ipython()
    given = {name: value for name, value in names.items() if not name.startswith("_") and name not in _OWN_NAMES}
    if shell is not None and not hasattr(shell, _OPENED):
        if problems := unknown_names(given):
            raise InvalidParametersError(problems)
        setattr(shell, _OPENED, True)
    return {name: given[name] for name in parameter_names() if given.get(name) is not None}


def _parameters(values: Mapping[str, Any]) -> Parameters:
    if values.get("profile") == "lab" and not REQUIRED & values.keys():
        example = read_parameters(lab_parameters() / LAB_EXAMPLE)
        values = {**example.model_dump(mode="json", exclude_unset=True), **values}
    return check_parameters(values)
