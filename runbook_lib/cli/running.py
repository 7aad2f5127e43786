"""The verbs that run notebooks: plan and apply."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.cli.announcing import announce
from runbook_lib.cli.attaching import attached
from runbook_lib.cli.concluding import Ending
from runbook_lib.cli.fleet import FEW, MOST_NAMED, Hearing, Watching
from runbook_lib.cli.fleet_plans import fleet_plan_in, those_listed
from runbook_lib.cli.ordering import Ordered, ordered_by, outputs_of, outputs_words, storage_named
from runbook_lib.cli.plans import approvals_of, read_plan, whole_plan
from runbook_lib.cli.printing import Printing, of_record
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import new_run_id
from runbook_lib.fleet import (
    FAILED,
    INTERRUPTED,
    FleetOptions,
    Job,
    News,
    Outcome,
    on_cluster,
    recorded,
    roll_out,
    run_all,
    worst,
)
from runbook_lib.fleet.stored import kept
from runbook_lib.model import Json
from runbook_lib.parameters import (
    Parameters,
    can_be_attested,
    check_parameters,
)
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language, render
from runbook_lib.texts.steps import NO, STEPS, YES
from runbook_lib.texts.telling import told
from runbook_lib.texts.words import LEVEL_WORDS, WORDS
from runbook_lib.wiring import is_worth_resuming, project_root

# What a run, or its record, still wants of a person.
NEEDS_OPERATOR = 5

ONE_AFTER_ANOTHER = FleetOptions()


def plan(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook plan`: execute the notebook in plan mode for each tenant."""
    find(options.runbook)
    _check_form(printing)
    ordered, how = ordered_by(options)
    overrides: list[dict[str, Json]] = [{"mode": "plan", "approved_plan": ""} for _ in ordered]
    return _carry_out(options, ordered, overrides, how, printing)


def apply(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook apply`: apply the approved plan of each tenant."""
    find(options.runbook)
    _check_form(printing)
    ordered, how = ordered_by(options)
    listed = fleet_plan_in(options)
    if listed:
        ordered = those_listed(listed, ordered, printing, is_narrowed=bool(options.limit or options.exclude))
        how.rollout.sizes(len(ordered))
        how = replace(how, fleet_plan=listed.digest)
    approved = listed.digests if listed else _approved(options, ordered)
    signed = approvals_of(options, [each.parameters for each in ordered], options.plans, approved)
    attestation = str(Path(options.attestation).absolute()) if options.attestation else ""
    overrides: list[dict[str, Json]] = [
        {
            "mode": "apply",
            "approved_plan": approved[each.parameters.tenant.id],
            "attestation": attestation or each.parameters.attestation,
            **signed[each.parameters.tenant.id],
        }
        for each in ordered
    ]
    return _carry_out(options, ordered, overrides, how, printing)


def _check_form(printing: Printing) -> None:
    """Refuse one document and many lines on one standard output."""
    if printing.is_json and printing.has_events:
        raise ParameterError("json-and-events")


def _carry_out(
    options: argparse.Namespace,
    ordered: Sequence[Ordered],
    overrides: Sequence[dict[str, Json]],
    how: FleetOptions,
    printing: Printing,
) -> int:
    """Run every tenant with its file's parameters, overridden as the verb wants, and say how each ended."""
    storage = storage_named(options)
    jobs = [
        job(options.runbook, each.parameters, outputs_of(options), override, storage)
        for each, override in zip(ordered, overrides, strict=True)
    ]
    announce(options.runbook, str(overrides[0]["mode"]), ordered, how, printing)
    hear = Watching(jobs, printing, how, as_data)
    with hear.shown(), on_cluster(options.scheduler, how, outputs_of(options), hear, storage) as how_there:
        outcomes = run(options.runbook, jobs, printing, approved_by="command-line", options=how_there, hear=hear)
    codes = [exit_code(outcomes)]
    if len(outcomes) < len(jobs):
        codes.append(FAILED if hear.stops else INTERRUPTED)
    _conclude(options, ordered, outcomes, hear, worst(codes), printing)
    return worst(codes)


def notebook_of(slug: str, language: Language) -> Path:
    """Return the notebook of a runbook in one language."""
    return project_root() / "notebooks" / language / f"{slug}.ipynb"


def job(slug: str, parameters: Parameters, outputs: Path, override: Mapping[str, Json], storage: str = "") -> Job:
    """Return what papermill is to run for a tenant. Raises `InvalidParametersError` when the override does not fit."""
    notebook = notebook_of(slug, parameters.language)
    values = {**parameters.model_dump(mode="json", exclude_unset=True), **override}
    check_parameters(values, source=parameters.tenant.name)
    run_id = new_run_id(slug, datetime.now(UTC))
    return Job(notebook, parameters.tenant.name, run_id, outputs, values, storage=storage)


def run(
    slug: str,
    jobs: Sequence[Job],
    printing: Printing,
    *,
    approved_by: str,
    options: FleetOptions = ONE_AFTER_ANOTHER,
    hear: Hearing | None = None,
) -> list[Outcome]:
    """Run the jobs, printing each step as it ends, and the table of tenants by steps. Returns outcomes in the order of the jobs;
    fewer after an interruption, and when a wave or the window let no further tenant be begun. `hear` prints the news meanwhile.
    """
    hear = hear or Hearing(jobs, printing, options)
    ended: dict[Path, Outcome] = {}
    ordered = {each.folder: each for each in jobs}

    def of_wave(wave: Sequence[Job], options: FleetOptions, hear: Callable[[News], None]) -> Iterator[Outcome]:
        return run_all(wave, approved_by=approved_by, hear=hear, options=options)

    for come in recorded(jobs, roll_out(jobs, options, of_wave, SystemClock(), hear), hear, options.fleet_plan):
        outcome = ended[come.folder] = _closed(ordered[come.folder], come, printing)
        hear.ended(outcome)
    if left := tuple(each.tenant for each in jobs if each.folder not in ended):
        _name_left(left, printing)
    outcomes = [ended[each.folder] for each in jobs if each.folder in ended]
    if len(jobs) <= FEW:
        printing.grid([step.id for step in find(slug).steps], {outcome.tenant: outcome.steps for outcome in outcomes})
    return outcomes


def _name_left(left: tuple[str, ...], printing: Printing) -> None:
    """Name those who were not run; of many the first, for the record of the fleet names them all."""
    if len(left) <= MOST_NAMED:
        printing.line("not-run", tenants=left)
    else:
        printing.line("not-run-many", tenants=left[:MOST_NAMED], count=len(left) - MOST_NAMED)


def _closed(job: Job, outcome: Outcome, printing: Printing) -> Outcome:
    """Attach the record of a run where that is asked for, and keep on its storage what that left."""
    told = attached(job, outcome, printing)
    return kept(job, told) if told.attachment else told


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
        "attachment": outcome.attachment,
    }


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code of runs: that of the worst. A record that is still to be attached leaves something for a person to do."""
    left = [NEEDS_OPERATOR for outcome in outcomes if is_left(outcome)]
    return worst([*(outcome.exit_code for outcome in outcomes), *left])


def is_left(outcome: Outcome) -> bool:
    """Tell whether somebody still has to attach the record of a run."""
    return bool(outcome.attachment and outcome.attachment["problem"])


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


def _show_page(outcome: Outcome, printing: Printing) -> None:
    """Print where the page is and what a person sets there, as it is called in both languages: the portal's is not the operator's."""
    by_hand = [change for change in outcome.changes if change["target"] == "operator"]
    if any(change["action"] == "set_in_wizard" for change in by_hand):
        printing.line("by-hand-wizard")
    elif by_hand:
        printing.line("by-hand", page=outcome.page)
    for change in by_hand:
        label = " / ".join(STEPS[change["step"]].where.say(language) for language in LANGUAGES)
        value = " / ".join((YES if change["after"] else NO).say(language) for language in LANGUAGES)
        printing.text(f"  {change['step'].upper()}  {label} → {value}")


def _conclude(
    options: argparse.Namespace,
    ordered: Sequence[Ordered],
    outcomes: Sequence[Outcome],
    hear: Watching,
    code: int,
    printing: Printing,
) -> None:
    """Say what comes next, for each tenant or for all of them, and print the document."""
    if len(ordered) <= FEW:
        words = {each.name: each.words for each in ordered}
        elsewhere = outputs_words(options)
        for outcome in outcomes:
            advise(options.runbook, ["apply", options.runbook, *words[outcome.tenant]], outcome, printing, elsewhere)
    ending = Ending(options, ordered, outcomes, hear, printing)
    ending.say()
    hear.events.ended(ending.data | {"exit_code": code})
    printing.document([as_data(outcome) for outcome in outcomes])


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
    if outcome.exit_code == 0 and not is_left(outcome):
        printing.line("nothing-to-do")
    elif outcome.exit_code == 3:
        _show_signing(outcome.folder / "plan.json", printing)
        printing.line("approve-with")
        printing.text(f"  {command}")
    elif outcome.exit_code == 5 and any(map(can_be_attested, outcome.steps)):
        _show_page(outcome, printing)
        printing.line("attest-with", digest=outcome.plan)
        printing.text(f"  {command} --attestation FILE")
    elif is_worth_resuming(outcome.folder):
        show_resuming(outcome.folder, printing)


def _show_signing(plan: Path, printing: Printing) -> None:
    """Print how people sign a plan that names a roster."""
    if asked := whole_plan(plan)[1]["parameters"].get("evidence"):
        printing.line("sign-with", needed=asked["approvals_needed"])
        printing.text(f"  {program()} {typed('approve', str(plan), '--roster', 'ROSTER.json')}")


def show_resuming(folder: Path, printing: Printing) -> None:
    """Print the command that goes on with a run that stopped."""
    printing.line("resume-with")
    printing.text(f"  {program()} {typed('resume', str(folder))}")
