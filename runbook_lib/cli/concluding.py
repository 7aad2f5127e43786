"""The end of a fleet: how it came out, what needs attention, where its files are, and the next command for all of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from runbook_lib.cli.fleet import FEW, Watching
from runbook_lib.cli.fleet_plans import offer
from runbook_lib.cli.live import SIGNS, speed
from runbook_lib.cli.ordering import FAILED, Ordered, outputs_of, outputs_words, who_typed
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.cli.progress import Kind, clock, counted, kind_of
from runbook_lib.cli.reasons import Reason, reasons_of
from runbook_lib.cli.status import write_page
from runbook_lib.cli.worklist import work_of, write_worklist
from runbook_lib.errors import RunbookError
from runbook_lib.fleet import Outcome
from runbook_lib.model import Json
from runbook_lib.texts import Language
from runbook_lib.texts.progress import FLEET_END, FLEET_KIND_WORDS, FLEET_KINDS

# What needs somebody's attention, the worst first; who needs a person is on the worklist.
_ATTENTION = (Kind.UNKNOWN, Kind.FAILED, Kind.STOPPED)

# So many causes are told, and so many tenants are named beside each and on a command line.
MOST_CAUSES, MOST_NAMED, MOST_TYPED = 30, 6, 60

# The page over all tenants, in the folder of the records.
STATUS_PAGE = "status.html"


class Ending:
    """The end of a fleet, said to people; `data` is the same for machines."""

    def __init__(
        self,
        options: argparse.Namespace,
        ordered: Sequence[Ordered],
        outcomes: Sequence[Outcome],
        hear: Watching,
        printing: Printing,
    ) -> None:
        """Nothing is said yet."""
        self._options = options
        self._outcomes = outcomes
        self._hear = hear
        self._printing = printing
        self._language: Language = printing.language
        self._words = {each.name: each.words for each in ordered}
        ended = {outcome.tenant for outcome in outcomes}
        self._not_run = [each.name for each in ordered if each.name not in ended]
        self._files: dict[str, Path] = {}

    @property
    def data(self) -> dict[str, Json]:
        """Return how the fleet came out, for machines."""
        return {
            "seconds": round(self._hear.progress.elapsed, 3),
            "counts": {kind.value: count for kind, count in counted(self._outcomes).items()},
            "not_run": self._not_run,
            "files": {name: str(path) for name, path in self._files.items()},
        }

    def say(self) -> None:
        """Say how it came out, what needs attention, where its files are, and what comes next. One tenant alone has said all."""
        record = self._hear.record
        if record is None:
            return
        self._files["record"] = record
        self._say_counts()
        if len(self._words) > FEW:
            self._say_what_needs_attention()
        if self._outcomes:
            self._write_status()
            self._write_worklist(record)
        if self._hear.fleet_plan:
            self._files["plan"] = self._hear.fleet_plan
            offer(self._hear.fleet_plan, self._options, self._printing)
        self._say_files()
        self._say_next(record)

    def _say_counts(self) -> None:
        language, outcomes = self._language, self._outcomes
        counts = [FLEET_KINDS[kind].say(language, count=count) for kind, count in counted(outcomes).items()]
        said = FLEET_END["came-out"].say(
            language, count=len(outcomes), total=len(self._words), time=clock(self._hear.progress.elapsed)
        )
        self._printing.text("")
        seconds = self._hear.progress.elapsed
        rate = speed(len(outcomes) * 60 / seconds if outcomes and seconds else None, language)
        self._printing.text(" · ".join(filter(None, [said, *counts, rate])), "bold")

    def _say_what_needs_attention(self) -> None:
        """Say who did not come out well, by what stands in the way: what many have in common is one thing to do."""
        causes: dict[tuple[Kind, Reason], list[str]] = {}
        for outcome in self._outcomes:
            if (kind := kind_of(outcome)) in _ATTENTION:
                unsaid = Reason("", FLEET_KIND_WORDS[kind].say(self._language))
                for reason in reasons_of(outcome, self._language) or [unsaid]:
                    causes.setdefault((kind, reason), []).append(outcome.tenant)
        rows = sorted(causes.items(), key=lambda item: (_ATTENTION.index(item[0][0]), -len(item[1])))
        heads = [FLEET_END[name].say(self._language) for name in ("count", "stands", "tenants")]
        if rows:
            self._printing.table(heads, [self._cause(*key, names) for key, names in rows[:MOST_CAUSES]])
        if len(rows) > MOST_CAUSES:
            self._printing.text(FLEET_END["more-causes"].say(self._language, count=len(rows) - MOST_CAUSES))

    def _cause(self, kind: Kind, reason: Reason, names: Sequence[str]) -> list[tuple[str, str]]:
        sign, colour = SIGNS[kind]
        return [
            (f"{sign} {len(names)}", colour),
            (str(reason), ""),
            (_some(names), "dim"),
        ]

    def _write_status(self) -> None:
        page = outputs_of(self._options) / STATUS_PAGE
        try:
            write_page(page, self._language)
        except (RunbookError, OSError) as error:
            self._say_unwritten(page, error)
        else:
            self._files["status"] = page

    def _write_worklist(self, record: Path) -> None:
        """Write what persons have to do, where there is something; and name who needs one."""
        works = work_of(self._outcomes, self._attest)
        if not works:
            return
        self._printing.text(
            FLEET_END["worklist"].say(self._language, count=len(works), tenants=_some([each.tenant for each in works]))
        )
        try:
            slug, total = self._options.runbook, len(self._words)
            self._files |= write_worklist(slug, record, total, works, self._language, self._files.get("status"))
        except (RunbookError, OSError) as error:
            self._say_unwritten(record, error)

    def _say_unwritten(self, path: Path, error: RunbookError | OSError) -> None:
        """Say that a page is missing. What became of the tenants is what it is, and so is the exit code."""
        detail = error.say(self._language) if isinstance(error, RunbookError) else str(error.strerror)
        self._printing.problem(FLEET_END["unwritten"].say(self._language, path=str(path), detail=detail))

    def _attest(self, tenant: str, plan: Path | None) -> str:
        """Return what is typed for a tenant once a person has done their part."""
        words = [self._options.runbook, *self._words[tenant]]
        if plan is None:
            return f"{program()} {typed('plan', *words, *outputs_words(self._options))}"
        return f"{program()} {typed('apply', *words, '--plan', str(plan), *outputs_words(self._options))} --attestation FILE"

    def _say_files(self) -> None:
        self._printing.text("")
        for name in ("record", "status", "worklist"):
            if path := self._files.get(name):
                self._printing.text(FLEET_END[f"file-{name}"].say(self._language, path=_short(path)))

    def _say_next(self, record: Path) -> None:
        for key, command in self._next(record):
            self._printing.text(FLEET_END[key].say(self._language))
            self._printing.text(f"  {program()} {command}")

    def _next(self, record: Path) -> Iterator[tuple[str, str]]:
        """Yield what to type next for the fleet, and under which words."""
        options, kinds = self._options, counted(self._outcomes)
        how = [*(["--jobs", str(options.jobs)] if options.jobs else []), *outputs_words(self._options)]
        who, many = who_typed(options), len(self._words) > FEW
        if many and any(kind in kinds for kind in _ATTENTION):
            yield "again", f"plan {typed(options.runbook)} {who} {typed('--limit', FAILED, *how)}"
        if self._not_run and len(self._not_run) <= MOST_TYPED:
            plans = [word for plan in getattr(options, "plans", [])[:1] for word in ("--plan", plan)]
            if options.verb == "plan" or len(getattr(options, "plans", [])) == 1:
                yield (
                    "rest",
                    f"{options.verb} {typed(options.runbook)} {who} {typed('--limit', *self._not_run, *plans, *how)}",
                )
        if options.verb == "apply":
            yield "seal", typed("seal", "--rollup", _short(record))


def _short(path: Path) -> str:
    """Return a path as it is reached from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if here in path.parents else path)


def _some(names: Sequence[str]) -> str:
    """Return names, of many the first and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMED])} +{more}"
