"""A run as its journal tells it: what cards, banner and overview are drawn from again, in either language, without a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Line, Recorded, attempts, read_journal, standing
from runbook_lib.model import Approval, Change, Json, Status, StepResult, change_from
from runbook_lib.notebook.attested_card import attested_of
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.history import EarlierChange, changed_earlier
from runbook_lib.notebook.overview import Heading, banner, overview
from runbook_lib.ports import Runbook
from runbook_lib.runbooks import find
from runbook_lib.runbooks.ladder import reached
from runbook_lib.runbooks.readiness import readiness
from runbook_lib.texts import LANGUAGES, Language

_RESULT: TypeAdapter[StepResult] = TypeAdapter(StepResult)

# A plan that ended with one of these cannot be approved as it is: something blocks it, or is not known.
_STOPS_A_PLAN = frozenset({1, 4})

# What reading data of another shape than ours raises; pydantic's own error is a ValueError.
_NOT_OURS = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True)
class Approved:
    """That a plan was approved: by whom and how, and when (UTC, as journals write it)."""

    approval: Approval
    at: str


@dataclass(frozen=True)
class KeptFile:
    """A file of an attestation: our name for it, the person's, and its SHA-256 in hexadecimal digits."""

    name: str
    original: str
    sha256: str


@dataclass(frozen=True)
class RecordView:
    """A run as its journal tells it. `results` has every step of the runbook, in order.

    `opened_at` and `last_at` are UTC, as journals write them. `head` is the digest of the last line: who wrote it down can tell
    later whether the journal is the same. `is_torn`: half a line follows, as after a crash. `went_back`:
    the numbers of the lines before which the clock was set back. `earlier` holds, by step id, the
    last change that a run before this one made; only where the other records lie beside this one.
    """

    heading: Heading
    results: tuple[StepResult, ...]
    setting: Setting
    opened_at: str
    last_at: str
    version: str
    head: str
    attempts: int
    is_ended: bool
    is_torn: bool
    approved: tuple[Approved, ...] = ()
    attested: tuple[KeptFile, ...] = ()
    earlier: tuple[tuple[str, EarlierChange], ...] = ()
    went_back: tuple[int, ...] = ()

    def said_in(self, language: Language) -> RecordView:
        """Return the same record, to be drawn in this language."""
        return replace(self, setting=replace(self.setting, language=language))


def view_of(folder: Path) -> RecordView:
    """Return what the journal in a run's folder tells, in the language of the run.

    Raises:
        EvidenceError: there is no journal, it is damaged or empty, or it holds what this version does not know.
        UnknownRunbook: it is of a runbook that this version does not have.
    """
    journal = folder.resolve() / JOURNAL
    if not journal.is_file():
        raise EvidenceError("evidence-no-run", path=str(folder))
    recorded = read_journal(journal)
    if not recorded.lines:
        raise EvidenceError("record-empty", path=str(folder))
    version = str(recorded[0].data.get("version", "–"))
    try:
        view = _view(journal.parent, recorded)
        _draw(view)
    except _NOT_OURS as error:
        raise EvidenceError("record-not-understood", path=str(folder), version=version) from error
    return view


def _draw(view: RecordView) -> None:
    """Draw everything once. What cannot be drawn, such as a message of a later version, is refused as a whole."""
    for language in LANGUAGES:
        setting = replace(view.setting, language=language)
        banner(view.heading, setting)
        overview(view.heading, view.results, setting)
        for result in view.results:
            bundle(result, setting)


def _view(folder: Path, recorded: Recorded) -> RecordView:
    opened = recorded[0].data if recorded[0].event == "opened" else {}
    parameters, runbook = opened["parameters"], find(opened["runbook"])
    approved = [line for line in recorded if line.event == "approved"]
    results = _results(recorded, runbook, approved)
    return RecordView(
        _heading(folder, recorded, runbook, results),
        results,
        Setting(
            _language(parameters),
            parameters["profile"] == "lab",
            str(opened.get("page", "")),
            runbook.slug,
            attested_of(folder, recorded),
        ),
        opened_at=recorded[0].at,
        last_at=recorded[-1].at,
        version=str(opened["version"]),
        head=recorded.head,
        attempts=attempts(recorded),
        is_ended=recorded.end.event == "finished",
        is_torn=bool(recorded.torn),
        went_back=tuple(line.n for line in recorded.went_back),
        approved=tuple(Approved(Approval(**line.data["approval"]), line.at) for line in approved),
        attested=tuple(
            KeptFile(line.data["file"], line.data["original"], line.data["sha256"])
            for line in recorded
            if line.event == "attestation-kept"
        ),
        earlier=tuple(
            changed_earlier(folder.parents[1], parameters["tenant"]["name"], runbook.slug, folder.name).items()
        ),
    )


def _language(parameters: Json) -> Language:
    return "fr" if parameters.get("language") == "fr" else "en"


def _results(recorded: Recorded, runbook: Runbook, approved: Sequence[Line]) -> tuple[StepResult, ...]:
    """Return the last word on each step. What was sent and never judged is unknown, as everywhere else."""
    said = {line.data["step"]: line.data for line in recorded if line.event == "step-result"}
    if strangers := said.keys() - {step.id for step in runbook.steps}:
        raise KeyError(strangers)
    states = standing(recorded)
    changes = tuple(change_from(change) for _, change in approved[-1].data["plan"]["changes"]) if approved else ()
    return tuple(_result(step.id, said.get(step.id), states, changes) for step in runbook.steps)


def _result(step: str, said: Json, states: dict[str, str], approved: tuple[Change, ...]) -> StepResult:
    if said is None and step not in states:
        return StepResult(step, Status.TO_DO)
    if said is None:
        return StepResult(step, Status(states[step]), changes=approved)
    return replace(_RESULT.validate_python(said), status=Status(states[step]))


def _heading(folder: Path, recorded: Recorded, runbook: Runbook, results: tuple[StepResult, ...]) -> Heading:
    opened, last = recorded[0].data, recorded.end
    parameters: dict[str, Any] = opened["parameters"]
    tenant, run_id = parameters["tenant"]["name"], str(opened.get("run") or folder.name)
    plain = Heading(
        runbook.slug,
        tenant,
        run_id,
        parameters["mode"],
        f"{folder.parents[1].name}/{tenant}/{run_id}",
        change=parameters["change"]["number"] or "",
    )
    if last.event != "finished":
        return plain
    is_open = last.data["exit_code"] not in _STOPS_A_PLAN and plain.mode == "plan"
    return replace(
        plain,
        plan_digest=last.data["plan"] if is_open else "",
        verdict=readiness(results) if runbook.only_reads else "",
        ladder=reached(runbook, {result.step: result for result in results}),
    )
