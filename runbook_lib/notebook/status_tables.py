"""The records under the outputs as tables to sort, filter and export: one row a run, one row a tenant, and the levels over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from runbook_lib.evidence.levels import level_of
from runbook_lib.evidence.seals import HOLDS, Seal, seal_of
from runbook_lib.model import URGENCY, Json
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.runbooks.ladder import LEVELS, NONE
from runbook_lib.wiring.standings import Attention, Standing, exit_code_of, moment_of, standings

if TYPE_CHECKING:
    from runbook_lib.evidence.sealing.checking import Trust

# Best first. Empty: not known.
LADDER = (*reversed(LEVELS), NONE, "")

STEPS = tuple(step.id for runbook in RUNBOOKS.values() for step in runbook.steps)

_TIME = "datetime64[us, UTC]"
_KINDS: dict[str, str] = {
    "tenant": "string",
    "runbook": "string",
    "run_id": "string",
    "profile": "string",
    "mode": "string",
    "version": "string",
    "started_at": _TIME,
    "last_at": _TIME,
    "exit_code": "Int64",
    "attention": "string",
    "worst": "string",
    **dict.fromkeys(STEPS, "string"),
    "level": "string",
    "tenant_level": "string",
    "tenant_level_run": "string",
    "tenant_level_at": _TIME,
    "newest": "bool",
    "going_on": "bool",
    "resumable": "bool",
    "future": "bool",
    "seal": "string",
    "receipts": "Int64",
    "problems": "string",
}

_OF_A_TENANT = (
    *(
        "tenant",
        "profile",
        "attention",
        "worst",
        "level",
        "level_run",
        "level_at",
        "runs",
        "newest_run",
        "last_at",
        "age",
    ),
    *("damaged", "stopped", "unsealed", "future"),
)

Period = Literal["day", "week", "month", "quarter", "year"]

# How many months one of them is; days and weeks are none.
_MONTHS: dict[Period, int] = {"day": 0, "week": 0, "month": 1, "quarter": 3, "year": 12}

# What the worst of a run may be, worst first: a damaged record has no state, and one where nothing calls for action has none either.
_WORST = ("", *URGENCY, "")

# As many moments as fit beside each other on a page of A4.
MOST_MOMENTS = 16


def runs_table(outputs: Path | str, at: datetime | None = None, trust: Trust | None = None) -> pd.DataFrame:
    """Return one row a run under a folder of outputs, in the order in which they began, as of a moment (else now).

    Columns: `tenant`, `runbook`, `run_id` (together the folder: `tenant/run_id`); `profile`, `mode`, `version` as the run was
    opened; `started_at`, `last_at` (UTC, to the microsecond); `exit_code` (missing when it did not end); `attention` (`act`,
    `wait`, `fine`); `worst`, the state that calls for action first; a column a step of every runbook with its state, missing for
    steps of others; `level` that the run itself told, `tenant_level` once it was over, with the run that tells it and when
    (`tenant_level_run`, `tenant_level_at`); `newest` of its runbook and tenant; `going_on`, `resumable`; `future`: dated after
    `at`; `seal`, a `SealState`, empty without one, and how many `receipts` of its deliveries there are; `problems`, the keys of what is
    wrong with the record. `trust` is whom to believe of those who seal.

    Raises:
        EvidenceError: the folder is not there, or cannot be read.
    """
    found = standings(Path(outputs), at)
    return table_of(found, seals_of(found, trust))


def seals_of(found: Sequence[Standing], trust: Trust | None = None) -> dict[Path, Seal]:
    """Return how each run is sealed, by its folder. `trust` is whom to believe, where somebody said it."""
    return {each.run.path: seal_of(each.run.path, trust) for each in found}


def table_of(found: Sequence[Standing], seals: Mapping[Path, Seal]) -> pd.DataFrame:
    """Return `runs_table` of what was read already."""
    rows = [_row(each, seals[each.run.path]) for each in found]
    return pd.DataFrame(rows, columns=list(_KINDS)).astype(_KINDS)


def tenants_table(runs: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Return one row a tenant of `runs_table`, the worst first and then by name.

    Columns: `tenant`; `profile` of its newest run; `attention` and `worst` of all its runs that are the newest of their runbook
    or damaged; `level`, `level_run`, `level_at`; `runs`, how many; `newest_run`; `last_at` of its newest evidence and `age` at
    the moment given; `damaged`, `stopped`, `unsealed`, `future`: how many of its runs are.
    """
    marked = runs.assign(
        rank=_ranks(runs),
        damaged=runs["problems"] != "",
        unsealed=is_unsealed(runs),
    )
    found = marked.groupby("tenant", sort=False).agg(
        profile=("profile", "last"),
        rank=("rank", "min"),
        level=("tenant_level", "last"),
        level_run=("tenant_level_run", "last"),
        level_at=("tenant_level_at", "last"),
        runs=("run_id", "size"),
        newest_run=("run_id", "last"),
        last_at=("last_at", "max"),
        damaged=("damaged", "sum"),
        stopped=("resumable", "sum"),
        unsealed=("unsealed", "sum"),
        future=("future", "sum"),
    )
    found = found.reset_index().sort_values(["rank", "tenant"], ignore_index=True)
    asked = [[*Attention][rank // len(_WORST)].value for rank in found["rank"]]
    worst = [_WORST[rank % len(_WORST)] for rank in found["rank"]]
    found = found.assign(
        attention=pd.Series(asked, dtype="string"),
        worst=pd.Series(worst, dtype="string"),
        age=pd.Timestamp(at) - found["last_at"],
    )
    return found[list(_OF_A_TENANT)]


def levels_over_time(runs: pd.DataFrame, at: datetime) -> tuple[pd.DataFrame, Period]:
    """Return how many tenants had which level at the end of each period up to a moment, and which period that is.

    One row a moment (UTC), at most 16, the last one `at`; a column a level, best first, and empty for not known. A tenant counts
    from its first record on. What is dated after `at`, or not at all, is left out.
    """
    told = runs.dropna(subset="last_at")
    told = told[told["last_at"] <= pd.Timestamp(at)]
    if told.empty:
        return pd.DataFrame([], columns=list(LADDER), index=pd.DatetimeIndex([], tz="UTC")).astype("int64"), "day"
    moments, period = _moments(told["last_at"].min().to_pydatetime(), at)
    rows = [
        told[told["last_at"] <= pd.Timestamp(moment)].groupby("tenant")["tenant_level"].last().value_counts()
        for moment in moments
    ]
    counted = pd.DataFrame([row.reindex(list(LADDER), fill_value=0) for row in rows])
    return counted.set_axis(pd.DatetimeIndex(moments), axis="index").astype("int64"), period


def is_unsealed(runs: pd.DataFrame) -> pd.Series[bool]:
    """Tell of each run whether it came to its end, can be read, and has no seal of its record as it is."""
    return ~runs["seal"].isin(list(HOLDS)) & (runs["problems"] == "") & runs["exit_code"].notna()


def _row(each: Standing, seal: Seal) -> dict[str, Json | datetime]:
    run, leveller = each.run, each.leveller
    opened = next((line.data for line in run.journal if line.event == "opened"), {})
    parameters = opened.get("parameters")
    told: dict[str, Json] = parameters if isinstance(parameters, dict) else {}
    return {
        "tenant": as_text(run.tenant),
        "runbook": as_text(each.runbook),
        "run_id": as_text(run.run_id),
        "profile": _one_of(told.get("profile"), "lab", "live"),
        "mode": _one_of(told.get("mode"), "plan", "apply"),
        "version": as_text(str(opened.get("version", ""))),
        "started_at": moment_of(run.started_at),
        "last_at": moment_of(run.last_at),
        "exit_code": exit_code_of(run),
        "attention": each.attention,
        "worst": each.worst or "",
        **each.states,
        "level": level_of(run),
        "tenant_level": level_of(leveller),
        "tenant_level_run": as_text(leveller.run_id) if leveller else "",
        "tenant_level_at": moment_of(leveller.last_at) if leveller else None,
        "newest": each.is_newest,
        "going_on": each.is_going_on,
        "resumable": each.is_resumable,
        "future": each.is_from_the_future,
        "seal": seal.state,
        "receipts": seal.receipts,
        "problems": " ".join(problem.key for problem in run.problems),
    }


def _one_of(said: Json, *known: str) -> str:
    return said if isinstance(said, str) and said in known else ""


def as_text(text: str) -> str:
    """Return text that every file can hold: names on a disk may be no text at all."""
    return text.encode("utf-8", "replace").decode()


def _ranks(runs: pd.DataFrame) -> pd.Series[int]:
    """Return a number a run that is the less the more it calls for action: what it asks for first, then its worst state."""
    attention = runs["attention"].map({each.value: place for place, each in enumerate(Attention)})
    worst = runs["worst"].map({each: place for place, each in enumerate(_WORST)})
    is_damaged = runs["problems"] != ""
    counts = runs["newest"] | runs["future"] | is_damaged
    last = len(Attention) * len(_WORST) - 1
    return (attention * len(_WORST) + worst.mask(is_damaged, 0)).where(counts, last).astype("int64")


def _moments(first: datetime, at: datetime) -> tuple[list[datetime], Period]:
    """Return the ends of periods between two moments and the later one, in periods so long that there are not too many."""
    for period in _MONTHS:
        found = list(islice(takewhile(lambda start: start > first, _starts(at, period)), MOST_MOMENTS))
        if len(found) < MOST_MOMENTS:
            return [*reversed(found), at], period
    return [*reversed(found[:-1]), at], "year"


def _starts(at: datetime, period: Period) -> Iterator[datetime]:
    """Yield the beginnings of periods up to a moment, the last one first."""
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    months = _MONTHS[period]
    start = day - timedelta(days=day.weekday()) if period == "week" else day
    counted = (day.year * 12 + day.month - 1) // (months or 1)
    while True:
        if months:
            year, month = divmod(counted * months, 12)
            yield datetime(year, month + 1, 1, tzinfo=UTC)
            counted -= 1
        else:
            yield start
            start -= timedelta(days=7 if period == "week" else 1)
