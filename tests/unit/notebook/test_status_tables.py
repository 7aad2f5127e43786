"""The records as tables: one row a run, one row a tenant, the levels over time, and what becomes of them as CSV and Parquet."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.errors import EvidenceError
from runbook_lib.notebook.status_chart import BOTTOM, HEIGHT, TOP, chart_of
from runbook_lib.notebook.status_files import csv_of, parquet_of
from runbook_lib.notebook.status_tables import LADDER, MOST_MOMENTS, levels_over_time, runs_table, tenants_table
from runbook_lib.runbooks import RUNBOOKS
from tests.fleet import NOW, all_steps, finished, judged, run_of
from tests.notebooks.served import CONNECT, LONGEST, PORTAL, PREFLIGHT

FIRST = datetime(1970, 1, 1, tzinfo=UTC)

# When, by how many seconds before now, each tenant was seen at which level.
HISTORIES = st.dictionaries(
    st.sampled_from(["anna", "bert", "carl", "dora"]),
    st.lists(
        st.tuples(st.integers(-86_400, int((NOW - FIRST).total_seconds())), st.sampled_from(LADDER)),
        min_size=1,
        max_size=5,
        unique_by=lambda seen: seen[0],
    ),
    min_size=1,
)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """A tenant in order, one that waits, one that stopped in the middle of a change, and a damaged record."""
    run_of(tmp_path, "anna", *all_steps("compliant"), finished(), level="L1", ago=timedelta(days=40))
    run_of(
        tmp_path, "anna", *all_steps("verified", PORTAL), finished(), runbook=PORTAL, level="L2", ago=timedelta(hours=5)
    )
    run_of(
        tmp_path,
        "bert",
        *judged(c1="compliant", c6="planned"),
        finished(3),
        level="none",
        mode="plan",
        ago=timedelta(hours=2),
    )
    run_of(tmp_path, "carl", *judged(c1="compliant", c6="planned"), ("sending", {"change": {}}))
    damaged = run_of(tmp_path, "dora", *all_steps("verified"), finished(), level="L4")
    (damaged / "journal.jsonl").write_bytes(
        (damaged / "journal.jsonl").read_bytes().replace(b"verified", b"compliant", 1)
    )
    return tmp_path


def frame(history: Mapping[str, list[tuple[int, str]]]) -> pd.DataFrame:
    """What the levels over time are made of: each run as the last word on its tenant."""
    seen = [(NOW - timedelta(seconds=ago), tenant, level) for tenant, each in history.items() for ago, level in each]
    rows = [{"last_at": at, "tenant": tenant, "tenant_level": level} for at, tenant, level in sorted(seen)]
    return pd.DataFrame(rows)


def test_every_run_is_a_row_in_the_order_in_which_they_began(outputs: Path) -> None:
    runs = runs_table(outputs, NOW)

    assert runs["tenant"].tolist()[1:] == ["anna", "anna", "bert", "carl"]
    assert runs["tenant"][0] == "dora"  # nobody knows when that one began
    assert runs["attention"].tolist() == ["act", "fine", "fine", "wait", "act"]
    assert runs["problems"].tolist() == ["journal-damaged", "", "", "", ""]
    assert runs["exit_code"].dropna().tolist() == [0, 0, 3]
    assert runs["tenant_level"].tolist() == ["", "L1", "L2", "none", ""]
    assert runs.loc[4, ["c1", "c6", "c7", "c8"]].tolist() == ["compliant", "unknown", "unknown", "to-do"]
    assert runs.loc[2, "c1"] is pd.NA
    assert runs["last_at"][2].to_pydatetime() == NOW - timedelta(hours=5)


def test_the_columns_are_those_that_are_documented() -> None:
    """With a column for each step of every runbook."""
    assert runs_table.__doc__ is not None
    steps = {step.id for runbook in RUNBOOKS.values() for step in runbook.steps}
    columns = list(runs_table(Path(__file__).parent, NOW).columns)  # a folder without a run

    assert steps <= set(columns)
    assert [name for name in columns if name not in steps and f"`{name}`" not in runs_table.__doc__] == []


def test_every_tenant_is_a_row_the_worst_first(outputs: Path) -> None:
    tenants = tenants_table(runs_table(outputs, NOW), NOW).set_index("tenant")

    assert tenants.index.tolist() == ["dora", "carl", "bert", "anna"]
    assert tenants["attention"].tolist() == ["act", "act", "wait", "fine"]
    assert tenants["worst"].tolist() == ["", "unknown", "planned", ""]
    assert tenants["level"].tolist() == ["", "", "none", "L2"]
    assert tenants[["damaged", "stopped", "unsealed"]].to_numpy().tolist() == [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 2],
    ]
    assert tenants["age"]["anna"] == timedelta(hours=5)
    assert tenants["age"].isna()["dora"]


def test_what_a_run_of_another_runbook_came_to_does_not_hide_what_is_open(tmp_path: Path) -> None:
    run_of(tmp_path, "anna", *judged(f1="blocked"), finished(1), runbook=PREFLIGHT, ago=timedelta(days=2))
    run_of(tmp_path, "anna", *all_steps("compliant"), finished())

    assert tenants_table(runs_table(tmp_path, NOW), NOW)["worst"].tolist() == ["blocked"]


def test_a_later_run_of_the_same_runbook_settles_it(tmp_path: Path) -> None:
    run_of(tmp_path, "anna", *judged(c1="blocked"), finished(1), ago=timedelta(days=2))
    run_of(tmp_path, "anna", *all_steps("compliant"), finished())

    assert tenants_table(runs_table(tmp_path, NOW), NOW)["attention"].tolist() == ["fine"]


def test_no_folder_is_refused_and_an_empty_one_is_an_empty_table(tmp_path: Path) -> None:
    empty = runs_table(tmp_path, NOW)

    assert (len(empty), len(tenants_table(empty, NOW)), len(levels_over_time(empty, NOW)[0])) == (0, 0, 0)
    with pytest.raises(EvidenceError):
        runs_table(tmp_path / "nowhere")


@given(history=HISTORIES)
@settings(max_examples=50)
def test_each_moment_counts_every_tenant_with_a_record_by_then_at_its_last_level(
    history: dict[str, list[tuple[int, str]]],
) -> None:
    """Whatever is dated after now is left out; the last moment is now."""
    counts, _ = levels_over_time(frame(history), NOW)
    moments = [each.to_pydatetime() for each in counts.index]

    assert moments == sorted(set(moments))
    assert len(moments) <= MOST_MOMENTS
    for moment, row in zip(moments, counts.to_dict("records"), strict=True):
        by_then = [[seen for seen in each if NOW - timedelta(seconds=seen[0]) <= moment] for each in history.values()]
        last = [min(each)[1] for each in by_then if each]
        assert row == {level: last.count(level) for level in LADDER}
    assert moments[-1:] in ([NOW], [])
    assert bool(moments) == any(ago >= 0 for each in history.values() for ago, _ in each)


@given(
    rows=st.lists(st.lists(st.integers(0, 2000), min_size=len(LADDER), max_size=len(LADDER)), min_size=1, max_size=16)
)
def test_the_parts_of_a_bar_stand_on_each_other_and_are_as_high_as_they_count(rows: list[list[int]]) -> None:
    chart = chart_of(pd.DataFrame(rows, columns=list(LADDER)), ["x"] * len(rows))
    (_, least), *_, (_, most) = chart.lines
    unit = (HEIGHT - TOP - BOTTOM) / most

    assert least == 0
    assert most >= max(map(sum, rows))
    assert 2 <= len(chart.lines) <= 7
    for bar, row in zip(chart.bars, rows, strict=True):
        floor = HEIGHT - BOTTOM
        assert [(part.level, part.count) for part in bar.parts] == [(n, count) for n, count in enumerate(row) if count]
        for part in bar.parts:
            assert part.y + part.height == pytest.approx(floor, abs=0.2)
            assert part.height == pytest.approx(part.count * unit, abs=0.2)
            floor = part.y
        assert floor >= TOP


def test_parquet_holds_the_table_as_it_is(outputs: Path) -> None:
    runs = runs_table(outputs, NOW)

    pd.testing.assert_frame_equal(pd.read_parquet(BytesIO(parquet_of(runs))), runs)


def test_csv_holds_the_same_values(outputs: Path) -> None:
    """To the microsecond; missing and empty text look alike in CSV."""
    runs = runs_table(outputs, NOW)
    times = [name for name, kind in runs.dtypes.items() if str(kind).startswith("datetime")]

    read = pd.read_csv(BytesIO(csv_of(runs)), dtype="string", parse_dates=times)

    texts = [name for name, kind in runs.dtypes.items() if str(kind) == "string"]
    assert read.columns.tolist() == runs.columns.tolist()
    assert read[texts].fillna("").to_numpy().tolist() == runs[texts].fillna("").to_numpy().tolist()
    for name in times:
        assert pd.to_datetime(read[name], utc=True).tolist() == runs[name].tolist()
    assert pd.to_numeric(read["exit_code"]).tolist() == runs["exit_code"].tolist()


@pytest.mark.parametrize("name", ["=1+1", "@sum", "-2", "+3", "\tx", "=HYPERLINK(1)"])
def test_no_name_becomes_a_formula_of_a_spreadsheet(tmp_path: Path, name: str) -> None:
    """The page and Parquet have it as it is."""
    run_of(tmp_path, "anna", *all_steps("compliant"), finished()).parent.rename(tmp_path / name)
    runs = runs_table(tmp_path, NOW)

    assert pd.read_csv(BytesIO(csv_of(runs)))["tenant"].tolist() == [f"'{name}"]
    assert pd.read_parquet(BytesIO(parquet_of(runs)))["tenant"].tolist() == [name]


def test_a_name_that_is_no_text_is_exported_all_the_same(tmp_path: Path) -> None:
    """Such as one that an old system wrote in its own code page."""
    folder = run_of(tmp_path, "anna", *all_steps("compliant"), finished()).parent
    folder.rename(folder.with_name("caf\udce9"))
    runs = runs_table(tmp_path, NOW)

    assert pd.read_parquet(BytesIO(parquet_of(runs)))["tenant"].tolist() == ["caf?"]
    assert csv_of(runs).count(b"caf?") == 1


def test_without_pyarrow_the_extra_to_install_is_named_and_nothing_is_written(outputs: Path, tmp_path: Path) -> None:
    """In a process of its own, in which importing pyarrow fails; the page and CSV need none of it."""
    broken = tmp_path / "elsewhere" / "pyarrow"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('no wheel for this machine')\n", encoding="utf-8")
    program = "import sys; from runbook_lib.cli import main; sys.exit(main())"

    def status(*files: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, "status", str(outputs), "--language", "en", *files],
            env={"PYTHONPATH": str(broken.parent), "PATH": "", "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    refused = status("--html", "a.html", "--parquet", "a.parquet")
    written = status("--html", "b.html", "--csv", "b.csv")

    assert refused.returncode == 2
    assert "pip install '.[parquet]'" in refused.stderr
    assert sorted(path.name for path in tmp_path.glob("?.*")) == ["b.csv", "b.html"]
    assert (written.returncode, "Traceback" in written.stderr) == (1, False)
    assert CONNECT in (tmp_path / "b.csv").read_text(encoding="utf-8")
