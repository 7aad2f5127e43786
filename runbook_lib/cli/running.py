"""The verbs that run notebooks: plan and apply."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.cli.printing import Printing, of_record
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import new_run_id
from runbook_lib.fleet import Job, Outcome, run_all, worst
from runbook_lib.model import Json, digest
from runbook_lib.parameters import InvalidParametersError, Parameters, Problem, check_parameters, read_parameters
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language, render
from runbook_lib.texts.steps import NO, STEPS, YES
from runbook_lib.texts.telling import told
from runbook_lib.texts.words import LEVEL_WORDS, WORDS
from runbook_lib.wiring import is_worth_resuming, outputs_root, project_root


@dataclass(frozen=True)
class Ordered:
    """A tenant that is to be run: its file, and its parameters."""

    file: Path
    parameters: Parameters


def plan(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook plan`: execute the notebook in plan mode for each tenant."""
    find(options.runbook)
    ordered = read_all(options.files)
    return _carry_out(options, ordered, [{"mode": "plan", "approved_plan": ""} for _ in ordered], printing)


def apply(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook apply`: apply the approved plan of each tenant."""
    find(options.runbook)
    ordered = read_all(options.files)
    approved = _approved(options, ordered)
    attestation = str(Path(options.attestation).absolute()) if options.attestation else ""
    overrides: list[dict[str, Json]] = [
        {
            "mode": "apply",
            "approved_plan": approved[each.parameters.tenant.id],
            "attestation": attestation or each.parameters.attestation,
        }
        for each in ordered
    ]
    return _carry_out(options, ordered, overrides, printing)


def _carry_out(
    options: argparse.Namespace, ordered: Sequence[Ordered], overrides: Sequence[dict[str, Json]], printing: Printing
) -> int:
    """Run every tenant with its file's parameters, overridden as the verb wants, and say how each ended."""
    jobs = [
        job(options.runbook, each.parameters, _outputs(options), override)
        for each, override in zip(ordered, overrides, strict=True)
    ]
    outcomes = run(options.runbook, jobs, printing, approved_by="command-line")
    return _conclude(options, ordered, outcomes, printing)


def read_all(files: Sequence[str]) -> list[Ordered]:
    """Read every file before anything is run. Raises `InvalidParametersError` with the problems of all of them."""
    ordered: list[Ordered] = []
    problems: list[Problem] = []
    for file in map(Path, files):
        try:
            ordered.append(Ordered(file, read_parameters(file)))
        except InvalidParametersError as error:
            problems += error.problems
    if problems:
        raise InvalidParametersError(problems)
    _check_together(ordered)
    return ordered


def _check_together(ordered: Sequence[Ordered]) -> None:
    """Raise `ParameterError` when two runs would be of one tenant or share a folder, or a file names its run."""
    ids: dict[str, Path] = {}
    names: dict[str, Path] = {}
    for each in ordered:
        tenant, file = each.parameters.tenant, str(each.file)
        if each.parameters.run_id:
            raise ParameterError("run-id-in-file", file=file)
        if first := ids.get(tenant.id):
            raise ParameterError("tenant-twice", first=str(first), second=file)
        if first := names.get(tenant.name):
            raise ParameterError("tenant-name-twice", first=str(first), second=file, name=tenant.name)
        ids[tenant.id] = names[tenant.name] = each.file


def notebook_of(slug: str, language: Language) -> Path:
    """Return the notebook of a runbook in one language."""
    return project_root() / "notebooks" / language / f"{slug}.ipynb"


def job(slug: str, parameters: Parameters, outputs: Path, override: Mapping[str, Json]) -> Job:
    """Return what papermill is to run for a tenant. Raises `InvalidParametersError` when the override does not fit."""
    notebook = notebook_of(slug, parameters.language)
    values = {**parameters.model_dump(mode="json", exclude_unset=True), **override}
    check_parameters(values, source=parameters.tenant.name)
    return Job(notebook, parameters.tenant.name, new_run_id(slug, datetime.now(UTC)), outputs, values)


def run(
    slug: str, jobs: Sequence[Job], printing: Printing, *, approved_by: str, signs_in_itself: bool = False
) -> list[Outcome]:
    """Run the jobs, printing each step as it ends, and the table of tenants by steps. Fewer come back after an interruption.

    `signs_in_itself` is true where nobody has to enter device codes, so that they need not be shown.
    """
    tenants = {each.run_id: each.tenant for each in jobs}

    def hear(news: dict[str, str]) -> None:
        tenant = tenants.get(news["run"], "")
        if news["event"] == "device-code" and signs_in_itself:
            printing.sign_in("sign-in-lab", tenant=tenant)
        elif news["event"] == "device-code":
            key = "sign-in-again" if news.get("again") else "sign-in"
            printing.sign_in(key, tenant=tenant, page=news["page"], code=news["code"])
        else:
            printing.step(tenant, news["step"], news["status"], STEPS[news["step"]].title.say(printing.language))

    outcomes: list[Outcome] = []
    for outcome in run_all(jobs, approved_by=approved_by, hear=hear):
        outcomes.append(outcome)
        if outcome.problem:
            printing.problem(f"{outcome.tenant}: {outcome.problem}")
    if left := tuple(each.tenant for each in jobs[len(outcomes) :]):
        printing.line("not-run", tenants=left)
    printing.grid([step.id for step in find(slug).steps], {outcome.tenant: outcome.steps for outcome in outcomes})
    return outcomes


def show_findings(outcome: Outcome, printing: Printing, here: str) -> None:
    """Print why a step of the runbook `here` stops or what to know about it, with advice: nobody should have to open the notebook."""
    for step, found in outcome.findings.items():
        for each in found:
            said = of_record(each["message"])
            level = LEVEL_WORDS[each["level"]].say(printing.language)
            printing.text(f"  {step.upper():<3} {level} · {render(said, printing.language)}")
            for label, text in told(said, printing.language, here):
                printing.text(f"      {label} · {text}", "dim")


def show_changes(outcome: Outcome, printing: Printing) -> None:
    """Print what the plan would change, and its digest."""
    for change in outcome.changes:
        printing.change(change["step"], change["setting"], change["before"], change["after"])
    if outcome.changes:
        printing.line("plan-digest", digest=outcome.plan)


def as_data(outcome: Outcome) -> Json:
    """Return an outcome as data for machines."""
    return {
        "tenant": outcome.tenant,
        "folder": str(outcome.folder),
        "exit_code": outcome.exit_code,
        "verdict": outcome.verdict,
        "ladder": outcome.ladder,
        "plan": outcome.plan,
        "steps": dict(outcome.steps),
        "changes": list(outcome.changes),
        "findings": {step: list(found) for step, found in outcome.findings.items()},
        "problem": outcome.problem,
    }


def _outputs(options: argparse.Namespace) -> Path:
    return Path(options.outputs).absolute() if options.outputs else outputs_root()


def _approved(options: argparse.Namespace, ordered: Sequence[Ordered]) -> dict[str, str]:
    """Return the approved digest of each tenant. Raises `ParameterError` when a tenant has none or a plan is somebody else's."""
    if options.approved and len(ordered) > 1:
        raise ParameterError("approved-for-several")
    if options.approved and options.plans:
        raise ParameterError("approved-and-plan")
    digests = {ordered[0].parameters.tenant.id: options.approved} if options.approved else {}
    files: dict[str, str] = {}
    for file in options.plans:
        tenant, approved = read_plan(Path(file), options.runbook)
        if tenant in files:
            raise ParameterError("plan-twice", first=files[tenant], second=file)
        digests[tenant], files[tenant] = approved, file
    known = {each.parameters.tenant.id: each for each in ordered}
    if strangers := set(digests) - set(known):
        raise ParameterError("plan-of-other-tenant", tenants=tuple(sorted(strangers)))
    if missing := tuple(each.parameters.tenant.name for each in ordered if each.parameters.tenant.id not in digests):
        raise ParameterError("plan-missing", tenants=missing)
    return digests


def read_plan(file: Path, slug: str) -> tuple[str, str]:
    """Return the tenant and the digest of a plan file, which must be whole and of this runbook."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        found, tenant, runbook = data["digest"], data["plan"]["tenant"], data["plan"]["runbook"]
        is_whole = digest(data["plan"]) == found
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ParameterError("plan-unreadable", file=str(file)) from error
    if not is_whole:
        raise ParameterError("plan-damaged", file=str(file))
    if runbook != slug:
        raise ParameterError("plan-of-other-runbook", file=str(file), runbook=str(runbook))
    return str(tenant), str(found)


def _show_page(outcome: Outcome, printing: Printing) -> None:
    """Print where the page is and what a person sets there, as it is called in both languages: the portal's is not the operator's."""
    by_hand = [change for change in outcome.changes if change["target"] == "operator"]
    if by_hand:
        printing.line("by-hand", page=outcome.page)
    for change in by_hand:
        label = " / ".join(STEPS[change["step"]].where.say(language) for language in LANGUAGES)
        value = " / ".join((YES if change["after"] else NO).say(language) for language in LANGUAGES)
        printing.text(f"  {change['step'].upper()}  {label} → {value}")


def _conclude(
    options: argparse.Namespace, ordered: Sequence[Ordered], outcomes: Sequence[Outcome], printing: Printing
) -> int:
    """Say what comes next for each tenant, print the document, and return the exit code of them all."""
    for each, outcome in zip(ordered, outcomes, strict=False):
        elsewhere = ["--outputs", options.outputs] if options.outputs else []
        advise(options.runbook, ["apply", options.runbook, "-p", str(each.file)], outcome, printing, elsewhere)
    printing.document([as_data(outcome) for outcome in outcomes])
    return worst([outcome.exit_code for outcome in outcomes])


def advise(
    slug: str, words: Sequence[str], outcome: Outcome, printing: Printing, elsewhere: Sequence[str] = ()
) -> None:
    """Say where the record is and what the next command is: `words`, the plan that it approves, and where its record goes."""
    printing.text(f"{outcome.tenant}", "bold")
    printing.line("record", folder=str(outcome.folder))
    show_findings(outcome, printing, slug)
    show_changes(outcome, printing)
    if outcome.ladder:
        printing.ladder(outcome.ladder)
    if outcome.verdict:
        printing.text(WORDS[outcome.verdict].say(printing.language), "bold")
        return
    command = f"{program()} {typed(*words, '--plan', str(outcome.folder / 'plan.json'), *elsewhere)}"
    if outcome.exit_code == 0:
        printing.line("nothing-to-do")
    elif outcome.exit_code == 3:
        printing.line("approve-with")
        printing.text(f"  {command}")
    elif outcome.exit_code == 5:
        _show_page(outcome, printing)
        printing.line("attest-with", digest=outcome.plan)
        printing.text(f"  {command} --attestation FILE")
    elif is_worth_resuming(outcome.folder):
        show_resuming(outcome.folder, printing)


def show_resuming(folder: Path, printing: Printing) -> None:
    """Print the command that goes on with a run that stopped."""
    printing.line("resume-with")
    printing.text(f"  {program()} {typed('resume', str(folder))}")
