"""The run at a glance: the banner at its start and the table of all steps at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from runbook_lib.model import DONE, Status, StepResult, as_json
from runbook_lib.notebook.card import Setting, plain, record
from runbook_lib.notebook.style import COLOURS, LINE, MONO, TINT, box, chip, escaped, pill, seconds, word
from runbook_lib.runbooks.ladder import LEVELS, Reached
from runbook_lib.texts import Language, fix_of, render
from runbook_lib.texts.steps import RUNBOOKS, STEPS
from runbook_lib.texts.words import LADDER_WORDS, STATUS_WORDS, STEPS_DONE, WORDS

OVERVIEW_MIME = "application/vnd.runbook.overview+json"

# Which state calls for action first.
URGENCY = (
    Status.UNKNOWN,
    Status.APPLIED,
    Status.FAILED,
    Status.CONTRADICTED,
    Status.BLOCKED,
    Status.NEEDS_OPERATOR,
    Status.PLANNED,
    Status.TO_DO,
)

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
        f"<b>{escaped(STEPS_DONE.say(language, done))} / {len(results)}</b>{counts}</div>"
        f"{_verdict(heading, language)}{_ladder(heading, language)}{_next(heading, results, language)}{_digest(heading, language)}{_table(results, language)}</div>"
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
        "steps": {result.step: {"status": result.status, "sha256": record(result)["sha256"]} for result in results},
    }


def plain_overview(heading: Heading, results: Sequence[StepResult], language: Language) -> str:
    """Return the overview as text, for terminals and viewers without markup."""
    lines = [plain(result, language) for result in results]
    if heading.ladder:
        lines += [f"{label}: {said}" for label, said in _ladder_lines(heading.ladder, language)]
    return "\n".join(lines)


def next_action(results: Sequence[StepResult]) -> StepResult | None:
    """Return the step that calls for action first, or None when all is done."""
    return next((result for status in URGENCY for result in results if result.status is status), None)


def _title(heading: Heading, language: Language) -> str:
    return escaped(RUNBOOKS[heading.runbook].title.say(language))


def _count(results: Sequence[StepResult], status: Status) -> int:
    return sum(result.status is status for result in results)


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
    said = f"{result.step.upper()} — {STEPS[result.step].title.say(language)} ({state})"
    why = next(
        (fix_of(finding.message, language) or render(finding.message, language) for finding in result.findings), ""
    )
    return box(COLOURS[result.status], f"<b>{word('next-action', language)}</b> · {escaped(said)}<br>{escaped(why)}")


def _digest(heading: Heading, language: Language) -> str:
    if not heading.plan_digest:
        return ""
    return (
        f'<div style="margin:6px 0;font-size:12px">{word("plan-digest", language)} '
        f'<span style="{MONO};word-break:break-all">{escaped(heading.plan_digest)}</span><br>{word("approve", language)}</div>'
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
        f'<td style="{style}"><b>{escaped(text.title.say(language))}</b><br>'
        f'<span style="font-size:12px;opacity:0.85">{escaped(text.where.say(language))}</span></td>'
        f'<td style="{style};font-size:12px;white-space:nowrap">{escaped(_when(result, language))}</td></tr>'
    )


def _when(result: StepResult, language: Language) -> str:
    if not result.finished_at:
        return "–"
    start, end = datetime.fromisoformat(result.started_at), datetime.fromisoformat(result.finished_at)
    return f"{end:%H:%M:%S} · {seconds(start, end, language)}"
