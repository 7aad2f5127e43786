"""The run at a glance: the banner at its start and the table of all steps at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runbook_lib.model import DONE, URGENCY, Status, StepResult, as_json
from runbook_lib.notebook.card import Setting, plain
from runbook_lib.notebook.identity import identity_line
from runbook_lib.notebook.style import COLOURS, LINE, MONO, TINT, box, chip, escaped, pill, step_link, word
from runbook_lib.notebook.times import duration, time_of_day
from runbook_lib.runbooks.ladder import LEVELS, Reached
from runbook_lib.texts import Language, fix_of, render
from runbook_lib.texts.steps import RUNBOOKS, STEPS
from runbook_lib.texts.words import LADDER_WORDS, STATUS_WORDS, STEPS_DONE, WORDS

# The mode of a heading whose runs begin at panels.
PANEL = "panel"

OVERVIEW_MIME = "application/vnd.runbook.overview+json"

# Which state's colour a verdict has; its word stands beside it.
_VERDICT_COLOURS = {
    "ready": "verified",
    "ready-with-warnings": "planned",
    "undecided": "needs-operator",
    "blocked": "blocked",
}


@dataclass(frozen=True)
class Heading:
    """What the run is about, as the banner and the overview show it. `folder` is relative to the outputs folder.

    `verdict` is that of a runbook that only looks; empty for others. `ladder` is the level reached, once the run has ended.
    """

    runbook: str
    tenant: str
    run_id: str
    mode: str
    folder: str
    change: str = ""
    plan_digest: str = ""
    verdict: str = ""
    ladder: Reached | None = None


def banner_bundle(heading: Heading, setting: Setting) -> dict[str, object]:
    """Return the banner as a MIME bundle."""
    return {"text/html": banner(heading, setting), "text/plain": plain_banner(heading, setting)}


def overview_bundle(heading: Heading, results: Sequence[StepResult], setting: Setting) -> dict[str, object]:
    """Return the overview as a MIME bundle: markup, plain text, and its language-neutral record."""
    return {
        "text/html": overview(heading, results, setting),
        "text/plain": plain_overview(heading, results, setting.language),
        OVERVIEW_MIME: overview_record(heading, results),
    }


def plain_banner(heading: Heading, setting: Setting) -> str:
    """Return the banner as text: lab or live first, as everywhere."""
    language = setting.language
    profile = WORDS["lab" if setting.is_lab else "live"].say(language)
    title = RUNBOOKS[heading.runbook].title.say(language)
    first = f"{profile}  {title}  {heading.tenant}  {heading.run_id}".rstrip()
    return f"{first}\n{WORDS[f'mode-{heading.mode}'].say(language)}"


def banner(heading: Heading, setting: Setting) -> str:
    """Return the first thing an operator sees: lab or live, plan or apply, which tenant."""
    language = setting.language
    profile = "lab" if setting.is_lab else "live"
    colour = COLOURS["attested"] if setting.is_lab else COLOURS["failed"]
    rows = [
        (word("tenant", language), escaped(heading.tenant)),
        (word("run", language), escaped(heading.run_id)),
        (word("folder", language), escaped(heading.folder)),
    ]
    if heading.change:
        rows.append((word("change-record", language), escaped(heading.change)))
    facts = " · ".join(f"{name} <b>{value}</b>" for name, value in rows)
    return (
        f'<div class="rk-banner" lang="{language}" style="border:{LINE};border-left:6px solid {colour};border-radius:6px;padding:8px 14px;'
        f'max-width:980px;font-size:14px;line-height:1.45;background-color:{TINT}">'
        f"{pill(WORDS[profile].say(language), colour)} {word(f'{profile}-banner', language)}"
        f'<div style="font-size:17px;font-weight:600;margin:4px 0">{_title(heading, language)}</div>'
        f'<div>{word(f"mode-{heading.mode}", language)}</div><div style="font-size:12px">{facts}</div></div>'
    )


def overview(heading: Heading, results: Sequence[StepResult], setting: Setting) -> str:
    """Return all steps in a table, what is done, and what to do next."""
    language = setting.language
    done = sum(result.status in DONE for result in results)
    counts = "".join(
        f'<span style="white-space:nowrap">{chip(status, language)} × {_count(results, status)}</span>'
        for status in (*URGENCY, Status.VERIFIED, Status.ATTESTED, Status.COMPLIANT, Status.ROLLED_BACK)
        if _count(results, status)
    )
    return (
        f'<div class="rk-overview" lang="{language}" style="max-width:980px;line-height:1.4;font-size:14px">'
        f'<div style="font-size:17px;font-weight:600">{_title(heading, language)} — {escaped(heading.tenant)}</div>'
        '<div style="display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;margin:6px 0">'
        f"<b>{escaped(STEPS_DONE.say(language, count=done, total=len(results)))}</b>{counts}</div>"
        f"{_identity(results, language)}{_verdict(heading, language)}{_ladder(heading, language)}{_next(heading, results, language)}{_digest(heading, language)}{_table(results, language)}</div>"
    )


def overview_record(heading: Heading, results: Sequence[StepResult]) -> dict[str, object]:
    """Return the overview as data, so that it can be drawn again in either language."""
    return {
        "runbook": heading.runbook,
        "tenant": heading.tenant,
        "run_id": heading.run_id,
        "plan_digest": heading.plan_digest,
        "verdict": heading.verdict,
        "ladder": as_json(heading.ladder),
        "steps": {result.step: {"status": result.status, "sha256": result.digest} for result in results},
    }


def plain_overview(heading: Heading, results: Sequence[StepResult], language: Language) -> str:
    """Return the overview as text, for terminals and viewers without markup."""
    lines = [plain(result, language) for result in results]
    if heading.ladder:
        lines += [f"{label}: {said}" for label, said in _ladder_lines(heading.ladder, language)]
    return "\n".join(lines)


def next_action(results: Sequence[StepResult]) -> StepResult | None:
    """Return the step that calls for action first, or None when all is done. What is planned is acted on where it is applied: last."""
    urgent = next((status for status in URGENCY if _count(results, status)), None)
    of_it = [result for result in results if result.status is urgent]
    return None if not of_it else of_it[-1 if urgent is Status.PLANNED else 0]


def open_steps(results: Sequence[StepResult], language: Language) -> tuple[str, ...]:
    """Return the steps that have not come to their end, each with its state in words."""
    return tuple(
        f"{result.step.upper()} {STATUS_WORDS[result.status].say(language).lower()}"
        for result in results
        if result.status not in DONE
    )


def _title(heading: Heading, language: Language) -> str:
    return escaped(RUNBOOKS[heading.runbook].title.say(language))


def _count(results: Sequence[StepResult], status: Status) -> int:
    return sum(result.status is status for result in results)


def _identity(results: Sequence[StepResult], language: Language) -> str:
    """Say as whom the tenant is looked at and changed, as soon as a step has seen it."""
    said = identity_line({result.step: result for result in results}, language)
    return f'<div style="font-size:13px;margin:4px 0">{escaped(said)}</div>' if said else ""


def _verdict(heading: Heading, language: Language) -> str:
    if not heading.verdict:
        return ""
    said = f"<b>{word('verdict', language)}</b> · {word(heading.verdict, language)}"
    return box(COLOURS[_VERDICT_COLOURS[heading.verdict]], said)


def _ladder(heading: Heading, language: Language) -> str:
    if heading.ladder is None:
        return ""
    said = "<br>".join(
        f"<b>{escaped(label)}</b> · {escaped(text)}" for label, text in _ladder_lines(heading.ladder, language)
    )
    return box(COLOURS["compliant" if heading.ladder.level in LEVELS else "to-do"], said)


def _ladder_lines(reached: Reached, language: Language) -> list[tuple[str, str]]:
    """Return the level, and why it is not the next one."""
    lines = [(WORDS["ladder"].say(language), LADDER_WORDS[reached.level].say(language))]
    if reached.why:
        why = f"{render(reached.why, language)} {fix_of(reached.why, language)}".rstrip()
        lines.append((WORDS["not-higher"].say(language), why))
    return lines


def _next(heading: Heading, results: Sequence[StepResult], language: Language) -> str:
    result = next_action(results)
    if result is None and heading.verdict:
        return ""  # the verdict has said it
    if result is None:
        return box(COLOURS["verified"], f"<b>{word('done', language)}</b>")
    state = STATUS_WORDS[result.status].say(language).lower()
    title = STEPS[result.step].title.say(language)
    said = f"{step_link(result.step, f'{result.step.upper()} — {title}')} ({escaped(state)})"
    why = next(
        (fix_of(finding.message, language) or render(finding.message, language) for finding in result.findings), ""
    )
    if heading.plan_digest and result.status is Status.PLANNED:
        why = _how_to_approve(heading, result.step, language)
    return box(COLOURS[result.status], f"<b>{word('next-action', language)}</b> · {said}<br>{escaped(why)}")


def _how_to_approve(heading: Heading, step: str, language: Language) -> str:
    """Say what approves the plan: at a panel the step's name, elsewhere the digest."""
    key = "approve-at-panel" if heading.mode == PANEL else "approve"
    return WORDS[key].say(language, **({"step": step.upper()} if heading.mode == PANEL else {}))


def _digest(heading: Heading, language: Language) -> str:
    if not heading.plan_digest:
        return ""
    return (
        f'<div style="margin:6px 0;font-size:12px">{word("plan-digest", language)} '
        f'<span style="{MONO};word-break:break-all">{escaped(heading.plan_digest)}</span></div>'
    )


def _table(results: Sequence[StepResult], language: Language) -> str:
    style = f"text-align:left;vertical-align:top;padding:5px 8px;border-bottom:{LINE};font-size:13px;background-color:transparent"
    widths = (
        ("#", "1%"),
        (word("state", language), "1%"),
        (word("step", language), "auto"),
        (word("when", language), "1%"),
    )
    heads = "".join(
        f'<th scope="col" style="{style};font-weight:600;font-size:12px;white-space:nowrap;width:{width}">{text}</th>'
        for text, width in widths
    )
    rows = "".join(_row(result, style, language) for result in results)
    return (
        '<table style="border-collapse:collapse;table-layout:auto;width:100%;margin:4px 0">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(result: StepResult, style: str, language: Language) -> str:
    text = STEPS[result.step]
    return (
        f'<tr><td style="{style};white-space:nowrap"><b>{escaped(result.step.upper())}</b></td>'
        f'<td style="{style}">{chip(result.status, language)}</td>'
        f'<td style="{style}">{step_link(result.step, text.title.say(language))}<br>'
        f'<span style="font-size:12px;opacity:0.85">{escaped(text.where.say(language))}</span></td>'
        f'<td style="{style};font-size:12px;white-space:nowrap">{_when(result, language)}</td></tr>'
    )


def _when(result: StepResult, language: Language) -> str:
    """Return the time, and below it how long it took; a dash for a step that nobody has looked at."""
    took = duration(result.started_at, result.finished_at, language)
    return "<br>".join(filter(None, (time_of_day(result.finished_at, language), escaped(took))))
