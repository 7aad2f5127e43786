"""What an operator, a log and a machine see of a fleet while it runs: a live part on a terminal, lines in a pipe, events."""

import json
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

from runbook_lib.cli.fleet import FEW, Watching
from runbook_lib.cli.live import can_be_drawn_on, drawn
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.progress import Kind, Progress, Wave, clock, counted, kind_of
from runbook_lib.fleet import FleetOptions, Job, Outcome
from runbook_lib.model import Status
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.wiring import project_root
from tests.made_up_fleet import MadeUpFleet, made_up_fleet
from tests.notebooks.served import CONNECT, PREFLIGHT, Served
from tests.unit.cli.conftest import Runbook

ESCAPES = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
COLOUR = re.compile("\x1b\\[[0-9;]*3[0-7]")
SCHEMA = json.loads((project_root() / "docs" / "fleet-events.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
SHAPES = [shape["properties"]["event"]["const"] for shape in SCHEMA["oneOf"]]


@pytest.fixture(scope="module")
def fleet() -> Iterator[MadeUpFleet]:
    """One tenant more than are told step by step; one of them is in trouble."""
    with made_up_fleet(FEW + 1) as made:
        made.world.tenant(made.tenants[1]).faults.add("staging_mode")
        yield made


@pytest.fixture(scope="module")
def piped(fleet: MadeUpFleet) -> "subprocess.CompletedProcess[str]":
    return fleet.piped("plan", CONNECT, "-p", *fleet.files, "--jobs", "4", "--language", "en")


@pytest.fixture(scope="module")
def shown(fleet: MadeUpFleet) -> tuple[int, str]:
    return fleet.on_a_terminal("plan", CONNECT, "-p", *fleet.files, "--jobs", "4", "--language", "en")


def lines_of(sent: str) -> list[str]:
    """What a terminal was sent as lines, without its colours; what was drawn over stands there, too."""
    return re.split(r"[\r\n]+", ESCAPES.sub("", sent))


def test_on_a_terminal_a_live_part_says_how_far_the_fleet_is_and_is_gone_at_the_end(shown: tuple[int, str]) -> None:
    code, sent = shown

    assert code == 1
    assert sent.count(HIDE) == sent.count(SHOW) == 1
    during, after = sent.split(SHOW)
    assert f"of {FEW + 1} tenants done" in during
    assert "running" in during
    assert "a minute" in during
    assert "a minute ·" not in ESCAPES.sub("", after)


def test_on_a_terminal_each_tenant_has_one_line_and_a_trouble_is_told_in_full(
    fleet: MadeUpFleet, shown: tuple[int, str]
) -> None:
    """No line a step. Words of a reason are not cut where the terminal ends."""
    lines = lines_of(shown[1])
    for tenant in fleet.tenants:
        assert len([line for line in lines if re.match(rf"[✔◇✖] {tenant}  ", line)]) == 1, tenant
    troubled = fleet.tenants[1]
    said = " ".join(" ".join(lines).split())
    assert f"✖ {troubled} Blocked C2" in said
    assert f"{troubled}: C2 · This server is in staging mode" in said


def test_a_log_gets_one_line_a_tenant_and_nothing_that_moves_a_cursor(
    fleet: MadeUpFleet, piped: "subprocess.CompletedProcess[str]"
) -> None:
    assert piped.returncode == 1
    assert "\x1b" not in piped.stdout + piped.stderr
    for tenant in fleet.tenants:
        assert len(re.findall(rf"^. {tenant}  ", piped.stdout, re.MULTILINE)) == 1
    assert f"{fleet.tenants[1]}: C2 · This server is in staging mode" in piped.stderr


def test_a_terminal_without_colour_has_a_live_part_and_a_simple_one_has_none(fleet: MadeUpFleet) -> None:
    command = ("plan", PREFLIGHT, "-p", *fleet.files[:2], "--jobs", "2", "--language", "fr")
    _, plain = fleet.on_a_terminal(*command, NO_COLOR="1")
    _, simple = fleet.on_a_terminal(*command, TERM="dumb")

    assert HIDE in plain
    assert COLOUR.search(plain) is None
    assert "sur 2 locataires" in plain
    assert "\x1b" not in simple


def test_a_document_that_goes_to_a_file_is_whole_while_the_terminal_shows_how_far_it_is(
    fleet: MadeUpFleet, tmp_path: Path
) -> None:
    file = tmp_path / "document.json"
    _, sent = fleet.on_a_terminal("plan", PREFLIGHT, "-p", *fleet.files[:2], "--jobs", "2", "--json", to=file)

    assert [each["tenant"] for each in json.loads(file.read_bytes())] == fleet.tenants[:2]
    assert "of 2 tenants done" in sent


def test_colour_that_is_forced_makes_no_terminal_of_a_pipe() -> None:
    assert not can_be_drawn_on(Console(file=StringIO(), force_terminal=True))


def test_one_tenant_alone_is_told_step_by_step_on_a_terminal_too(fleet: MadeUpFleet) -> None:
    _, sent = fleet.on_a_terminal("plan", PREFLIGHT, "-p", fleet.files[0], "--language", "en")

    assert HIDE not in sent
    assert len([line for line in lines_of(sent) if re.match(rf"  {fleet.tenants[0]} +F\d ", line)]) == len(
        find(PREFLIGHT).steps
    )


def events(output: str) -> list[dict[str, Any]]:
    """The events on standard output, each of a known shape."""
    found = [json.loads(line) for line in output.splitlines()]
    for each in found:
        VALID.validate(each)
    return found


def test_events_say_what_happens_in_the_order_in_which_it_happens(fleet: MadeUpFleet) -> None:
    """One tenant after another; the second fails, and nobody more may."""
    rollout = ("--waves", "1,rest", "--soak", "1", "--max-failures", "0")
    ended = fleet.piped("plan", CONNECT, "-p", *fleet.files, "--events", *rollout)
    told = events(ended.stdout)
    names = [each["event"] for each in told]

    assert names[0] == "planned"
    assert [each["tenant"] for each in told[0]["tenants"]] == fleet.tenants
    assert names[-1] == "ended"
    assert [each for each in names if each in {"wave", "soaking", "stopped"}] == ["wave", "soaking", "wave", "stopped"]
    assert (told[-1]["exit_code"], ended.returncode) == (1, 1)
    assert [each["reason"] for each in told if each["event"] == "stopped"] == ["max-failures"]
    assert told[-1]["not_run"] == fleet.tenants[2:]
    assert {each["batch"] for each in told} == {Path(told[0]["record"]).stem}
    for run in {each["run"] for each in told if each["run"]}:
        of_run = [each["event"] for each in told if each["run"] == run]
        assert (of_run[0], of_run[-1]) == ("tenant-begun", "tenant-ended")
        assert of_run.count("step") == len(find(CONNECT).steps)
    assert told[-1]["counts"]["failed"] == 1


def test_a_code_to_sign_in_with_is_an_event_and_in_no_file(lab: Served, runbook: Runbook) -> None:
    told = events(runbook("plan", CONNECT, "-p", lab.file(language="en"), "--events").out)

    (asked,) = [each for each in told if each["event"] == "device-code"]
    assert (asked["tenant"], asked["again"]) == ("contoso", False)
    files = [path for path in lab.outputs.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert [path for path in files if asked["code"].encode() in path.read_bytes()] == []
    assert told[0]["record"] == told[0]["batch"] == ""


def test_what_is_refused_is_an_event_and_one_document_with_events_is_refused(lab: Served, runbook: Runbook) -> None:
    nobody = runbook("plan", CONNECT, "-p", lab.outputs / "nobody.yml", "--events")
    both = runbook("plan", CONNECT, "-p", lab.file(), "--events", "--json")

    (refused,) = events(nobody.out)
    assert (refused["event"], refused["exit_code"], nobody.code) == ("refused", 2, 2)
    assert both.code == 2
    assert "json-and-events" in both.out


def test_every_shape_is_explained_and_every_one_explained_is_a_shape() -> None:
    page = (project_root() / "docs" / "fleet.md").read_text(encoding="utf-8")
    table = page.partition("| event |")[2].partition("\n\n")[0]

    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == SHAPES


def test_a_tenant_that_waits_for_its_turn_says_so_where_it_runs_and_as_an_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And not in a line of its own: in a fleet that is throttled there would be hundreds."""
    printing = Printing("en", as_json=False, as_events=True)
    watching = Watching([job(number) for number in range(FEW + 1)], printing, FleetOptions(), lambda outcome: {})
    for news in ({"event": "begun"}, {"event": "waiting", "service": "graph", "seconds": "20"}):
        watching({"run": "run-1", **news})
    lines = [line.plain for line in drawn(watching.progress, "en", 80, 24)]
    said = capsys.readouterr()

    assert re.search(r"tenant-1 +0:00  waits for its turn at graph, 0:(19|20)", "\n".join(lines))
    assert [each["event"] for each in events(said.out)] == ["tenant-begun", "waiting"]
    assert said.err == ""


class At:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def job(number: int) -> Job:
    return Job(Path("x.ipynb"), f"tenant-{number}", f"run-{number}", Path("outputs"), {})


@given(
    st.sampled_from(LANGUAGES), st.booleans(), st.tuples(st.integers(20, 300), st.integers(3, 60)),
    st.tuples(st.integers(0, 40), st.integers(0, 400)), st.lists(st.sampled_from(Kind), max_size=60),
)  # fmt: skip
def test_the_live_part_has_no_more_lines_than_the_terminal(
    language: Language, is_plain: bool, size: tuple[int, int], now_running: tuple[int, int], ended: list[Kind]
) -> None:
    """On one that is too low it has its head at least."""
    (running, seconds), now = now_running, At()
    progress = Progress([job(number) for number in range(100)], 30, now)
    progress.begin_wave(Wave(1, 3, 50))
    for kind in ended:
        now.seconds += 1
        progress.end("", kind)
    for number in range(running):
        progress.begin(f"run-{number}")
        progress.ended_step(f"run-{number}", "c7", Status.NEEDS_OPERATOR)
    now.seconds += seconds
    if seconds % 2:
        progress.soak(30)

    lines = drawn(progress, language, *size, is_plain=is_plain)

    assert len(lines) < max(size[1], 5)
    assert str(len(ended)) in lines[1].plain
    assert not is_plain or not {"━", "─"} & set("".join(line.plain for line in lines))


def test_how_fast_it_goes_is_judged_by_who_ended_and_pauses_are_left_out() -> None:
    now = At()
    progress = Progress([job(number) for number in range(10)], 60, now)
    assert (progress.rate, progress.left) == (None, None)
    progress.begin_wave(Wave(1, 2, 4))
    for number in range(4):
        progress.begin(f"run-{number}")
        now.seconds += 10
        assert progress.end(f"run-{number}", Kind.FINE) == 10
    assert progress.rate == pytest.approx(6)
    assert progress.left == pytest.approx(60 + 60)

    progress.soak(60)
    now.seconds += 60
    progress.begin_wave(Wave(2, 2, 6))
    assert progress.rate == pytest.approx(6)
    assert progress.left == pytest.approx(60)
    assert (progress.done, progress.waiting) == (4, 6)

    progress.begins_no_more = True
    assert progress.left is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [(0, "fine"), (1, "failed"), (2, "failed"), (3, "planned"), (4, "unknown"), (5, "operator"), (130, "stopped")],
)
def test_every_exit_code_is_counted_as_what_it_means(code: int, kind: str) -> None:
    outcome = Outcome("contoso", Path("run"), code)

    assert kind_of(outcome) == kind
    assert counted([outcome, outcome]) == {kind: 2}


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (7.9, "0:07"), (750, "12:30"), (3723, "1:02:03")])
def test_a_time_span_reads_as_a_clock(seconds: float, said: str) -> None:
    assert clock(seconds) == said
