"""The verbs that run nothing, help, and what is refused before anything is run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runbook_lib.canonical import digest
from runbook_lib.cli import VERBS, carries_out
from runbook_lib.cli.printing import Printing
from runbook_lib.lab.faults import FAULTS
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import LANGUAGES
from runbook_lib.texts.advice import ADVICE
from runbook_lib.texts.commands import COMMANDS, LINES
from runbook_lib.wiring import project_root
from runbook_lib.wiring.places import OUTPUTS
from tests.notebooks.served import CONNECT, PORTAL, PREFLIGHT
from tests.unit.cli.conftest import Ended, Runbook, process

CONTOSO, FABRIKAM = (project_root() / "parameters" / "lab" / f"{name}.yml" for name in ("contoso", "fabrikam"))


@pytest.fixture(autouse=True)
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs would be recorded; each test may look that there are none."""
    folder = tmp_path / "outputs"
    monkeypatch.setenv(OUTPUTS, str(folder))
    return folder


def refused(ended: Ended, *said: str) -> None:
    """A usage problem: code 2, said on standard error, no traceback, nothing else."""
    assert ended.code == 2
    assert ended.out == ""
    assert "Traceback" not in ended.err
    for piece in said:
        assert piece in ended.err


def plain(text: str) -> str:
    """A text without line breaks and kinds of spaces."""
    return " ".join(text.split())


def changed(folder: Path, **values: object) -> Path:
    file = folder / f"changed-{len(list(folder.iterdir()))}.yml"
    data = yaml.safe_load(CONTOSO.read_text(encoding="utf-8"))
    for name, value in values.items():
        data[name] = {**data.get(name, {}), **value} if isinstance(value, dict) else value
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


def plan_file(folder: Path, **values: object) -> Path:
    """A whole plan as a run leaves it, for contoso unless told otherwise."""
    plan = {"tenant": "1f3c5a70-6b1e-4f0e-9d54-0c2b7a91e001", "runbook": CONNECT, "changes": [], **values}
    file = folder / f"plan-{len(list(folder.iterdir()))}.json"
    file.write_text(json.dumps({"digest": digest(plan), "plan": plan}), encoding="utf-8")
    return file


def test_as_a_process_a_document_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    """Also started as a module, in a folder that is not the project's."""
    ended = process("list", "--json", "--language", "fr", environment=dict(os.environ), folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert [each["runbook"] for each in ended.document] == list(RUNBOOKS)
    steps = {each["runbook"]: [step["id"] for step in each["steps"]] for each in ended.document}
    assert steps[CONNECT] == [f"c{number}" for number in range(1, 9)]
    assert steps[PREFLIGHT] == [f"f{number}" for number in range(1, 9)]


def test_as_a_process_a_refusal_is_on_standard_error_and_has_code_two() -> None:
    refused(process("plan", "no-such", "-p", CONTOSO, "--language", "en", environment=dict(os.environ)), "no-such")


def test_what_makes_no_sense_is_refused_with_how_it_is_used(runbook: Runbook) -> None:
    refused(runbook("plan"), "RUNBOOK")
    refused(runbook("dance"), "dance")
    refused(runbook(), "VERB")
    refused(runbook("list", "--language", "de"), "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_each_step_reads_and_may_change(runbook: Runbook, language: str) -> None:
    ended = runbook("list", "--language", language)

    assert ended.code == 0
    assert "set_password_writeback" in ended.out
    assert ("Peut changer" in ended.out) is (language == "fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_in_both_languages(runbook: Runbook, verb: str, language: str) -> None:
    ended = runbook(verb, "--help", "--language", language)

    assert ended.code == 0
    assert plain(COMMANDS[verb].say(language)) in plain(ended.out)
    assert LINES["usage"].say(language) in ended.out
    assert ended.out.splitlines()[-1].startswith(LINES["example"].say(language, command=f"runbook {verb}"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_carried_out_by_a_function(verb: str) -> None:
    assert callable(carries_out(verb))


def test_a_verb_that_reads_brings_no_lab_along() -> None:
    """It takes longer to import than the verb takes."""
    program = "import sys; from runbook_lib.cli import main; main(['--json', 'list']); print('runbook_lib.lab' in sys.modules)"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "False"


def test_what_is_asked_for_before_the_verb_counts_as_after_it(runbook: Runbook) -> None:
    before, after = runbook("--json", "--language", "fr", "list"), runbook("list", "--json", "--language", "fr")

    assert before.out == after.out
    assert before.out.startswith("[")


def test_a_reader_who_has_enough_is_no_failure_with_a_traceback() -> None:
    command = f"{sys.executable} -m runbook_lib --json list | head -n 1"

    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)

    assert (ended.stdout, ended.stderr) == ("[\n", "")


def test_the_language_of_the_surroundings_is_spoken_unless_another_is_asked_for(
    runbook: Runbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    assert "Peut changer" in runbook("list").out
    assert "May change" in runbook("list", "--language=en").out
    assert plain(COMMANDS["plan"].fr) in plain(runbook("--help").out)


def test_good_files_are_counted(runbook: Runbook) -> None:
    ended = runbook("check", CONTOSO, FABRIKAM, "--language", "en")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("2 files")
    assert runbook("check", CONTOSO, "--json").document == []


def test_every_problem_of_every_file_is_said_with_its_place(runbook: Runbook, tmp_path: Path) -> None:
    bad, worse = changed(tmp_path, mode="aply"), changed(tmp_path, colour="red")
    missing = tmp_path / "missing.yml"

    ended = runbook("check", bad, worse, missing, CONTOSO, "--json", "--language", "en")

    assert ended.code == 2
    assert {(Path(each["file"]).name, each["field"]) for each in ended.document} == {
        (bad.name, "mode"),
        (worse.name, "colour"),
        (missing.name, ""),
    }
    assert all(each["what"] for each in ended.document)
    assert [each["line"] for each in ended.document if each["field"]] != [None, None]


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_one_bad_file_among_several_and_nothing_at_all_is_run(
    runbook: Runbook, tmp_path: Path, outputs: Path, verb: str
) -> None:
    bad, worse = changed(tmp_path, mode="aply"), changed(tmp_path, colour="red")

    ended = runbook(verb, CONNECT, "-p", CONTOSO, bad, worse, "--language", "en")

    refused(ended, bad.name, "mode", worse.name, "colour")
    assert not outputs.exists()


def test_two_files_for_one_tenant_are_refused(runbook: Runbook, tmp_path: Path, outputs: Path) -> None:
    again = changed(tmp_path, language="en")

    refused(runbook("plan", CONNECT, "-p", CONTOSO, again, "--language", "en"), "contoso.yml", again.name)
    assert not outputs.exists()


def test_two_tenants_of_one_name_are_refused(runbook: Runbook, tmp_path: Path, outputs: Path) -> None:
    """They would share a folder, and a row of the table."""
    namesake = changed(tmp_path, tenant={"id": "2e8d4b91-7c2f-4a1d-8e65-1d3c8b02f002"})

    refused(runbook("plan", CONNECT, "-p", CONTOSO, namesake, "--language", "en"), "contoso.yml", namesake.name)
    assert not outputs.exists()


def test_a_file_that_names_its_run_is_refused(runbook: Runbook, tmp_path: Path, outputs: Path) -> None:
    """Its second run would be a run that exists."""
    file = changed(tmp_path, run_id="mine")

    refused(runbook("plan", CONNECT, "-p", file, "--language", "en"), file.name, "run_id")
    assert not outputs.exists()


@pytest.mark.parametrize("name", ["../../x", "..", "/absolute", "a/b", "a\\b", "C:x", "con\0toso", ".hidden", ""])
def test_a_tenant_cannot_lead_outside_the_outputs(runbook: Runbook, tmp_path: Path, outputs: Path, name: str) -> None:
    file = changed(tmp_path, tenant={"name": name})
    before = set(tmp_path.rglob("*"))

    refused(runbook("plan", CONNECT, "-p", file, "--language", "en"), "tenant")
    assert set(tmp_path.rglob("*")) == before


def test_a_secret_in_clear_is_refused_and_not_repeated(runbook: Runbook, tmp_path: Path) -> None:
    file = changed(tmp_path, sync_server={"password": "Sup3r-s3cret literal!"})
    ended = runbook("plan", CONNECT, "-p", file, "--language", "en")

    refused(ended, "sync_server.password")
    assert "Sup3r" not in ended.err


def test_a_plan_of_another_tenant_or_runbook_or_a_damaged_one_is_refused(
    runbook: Runbook, tmp_path: Path, outputs: Path
) -> None:
    def apply(*more: object) -> Ended:
        return runbook("apply", CONNECT, "-p", CONTOSO, "--language", "en", *more)

    other = "2e8d4b91-7c2f-4a1d-8e65-1d3c8b02f002"
    damaged = plan_file(tmp_path)
    damaged.write_text(damaged.read_text(encoding="utf-8").replace('"changes": []', '"changes": [1]'), encoding="utf-8")
    no_plan = tmp_path / "no-plan.json"
    no_plan.write_text("[]", encoding="utf-8")

    refused(apply(), "contoso")
    refused(apply("--plan", plan_file(tmp_path, tenant=other)), other)
    refused(apply("--plan", plan_file(tmp_path), "--plan", plan_file(tmp_path, tenant=other)), other)
    refused(apply("--plan", plan_file(tmp_path, runbook=PORTAL)), PORTAL)
    refused(apply("--plan", damaged), damaged.name)
    refused(apply("--plan", no_plan), no_plan.name)
    refused(apply("--plan", tmp_path / "missing.json"), "missing.json")
    assert not outputs.exists()


@pytest.mark.parametrize(
    "content", ['{"digest": "x", "plan": "text"}', '{"digest": "x", "plan": null}', "[1]", "\udcff", "5", "[" * 100_000]
)
def test_what_is_no_plan_is_refused_whatever_it_is(runbook: Runbook, tmp_path: Path, content: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))

    refused(runbook("apply", CONNECT, "-p", CONTOSO, "--plan", file, "--language", "en"), "plan.json")


def test_a_number_that_canonical_json_has_not_is_no_plan(runbook: Runbook, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    plan = {"tenant": "x", "runbook": CONNECT, "changes": [2**60]}
    file.write_text(json.dumps({"digest": "x", "plan": plan}), encoding="utf-8")

    refused(runbook("apply", CONNECT, "-p", CONTOSO, "--plan", file, "--language", "en"), "plan.json")


def test_two_approvals_for_one_tenant_are_refused(runbook: Runbook, tmp_path: Path, outputs: Path) -> None:
    first, second = plan_file(tmp_path), plan_file(tmp_path, changes=[1])

    def apply(*more: object) -> Ended:
        return runbook("apply", CONNECT, "-p", CONTOSO, "--language", "en", *more)

    refused(apply("--approved", "0" * 64, "--plan", first), "--approved", "--plan")
    refused(apply("--plan", first, "--plan", second), first.name, second.name)
    assert not outputs.exists()


def test_one_digest_cannot_approve_several_tenants(runbook: Runbook, outputs: Path) -> None:
    refused(runbook("apply", CONNECT, "-p", CONTOSO, FABRIKAM, "--approved", "0" * 64, "--language", "en"), "--plan")
    assert not outputs.exists()


def test_an_approval_that_is_no_digest_is_refused_before_anything_is_run(runbook: Runbook, outputs: Path) -> None:
    refused(runbook("apply", CONNECT, "-p", CONTOSO, "--approved", "yes", "--language", "en"))
    assert not outputs.exists()


def test_a_refusal_is_also_a_document(runbook: Runbook) -> None:
    ended = runbook("plan", "no-such", "-p", CONTOSO, "--json")

    assert ended.code == ended.document["exit_code"] == 2
    assert ended.document["error"]["key"] == "unknown-runbook"
    assert "no-such" in ended.document["text"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["no-such"], ["plan"], ["plan", CONNECT, "--jobs", "many"], ["status", "one", "two"], ["--no-such"]],
)
def test_a_command_line_that_makes_no_sense_is_refused_in_the_language_and_form_it_asks_for(
    runbook: Runbook, arguments: list[str]
) -> None:
    ended = runbook(*arguments, "--language", "fr", "--json")

    assert ended.code == ended.document["exit_code"] == 2
    assert ended.err.startswith("Cette ligne de commande ne se comprend pas")
    assert ended.document["text"] == ended.err.strip()


def test_the_faults_of_the_lab_are_listed(runbook: Runbook) -> None:
    assert set(runbook("lab", "--list-faults", "--json").document) == set(FAULTS)
    assert all(name in runbook("lab", "--list-faults").out for name in FAULTS)


@pytest.mark.parametrize("fault", ["no_such", "contoso:no_such", "nobody:staging_mode"])
def test_an_unknown_fault_or_tenant_is_refused(runbook: Runbook, fault: str) -> None:
    refused(runbook("lab", "--fault", fault, "--language", "en"), fault.split(":")[0 if "nobody" in fault else -1])


@pytest.mark.parametrize("text", ["[fe80:a:b::1]", "C:\\runs\\", ":warning:", "[red]x[/red]", "[/]"])
def test_text_is_printed_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses and paths look like the markup and the emoji codes of what prints them."""
    printing = Printing("en", as_json=False)
    printing.text(text)
    printing.problem(text)

    assert capsys.readouterr() == (f"{text}\n", f"{text}\n")
    printing.change("c6", "x", text, None)
    assert text in capsys.readouterr().out


def test_what_nobody_foresaw_is_one_line_without_details(runbook: Runbook) -> None:
    """A name with a zero byte, which no shell can give us, reaches the system unseen."""
    ended = runbook("plan", CONNECT, "-p", CONTOSO, "--outputs", "a\0b", "--language", "en")

    assert ended.code == 1
    assert "ValueError" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("port", ["-5", "65535", "65530", "70000"])
def test_a_port_that_leaves_no_room_is_refused(runbook: Runbook, port: str) -> None:
    refused(runbook("lab", "--port", port, "--language", "en"), port)


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_is_looked_up_without_a_lab_or_a_run(runbook: Runbook, language: str) -> None:
    why, then = {"en": ("Why ·", "Open next ·"), "fr": ("Pourquoi ·", "Ouvrir ensuite ·")}[language]
    shown = runbook("--language", language, "advice", "31034")

    assert shown.code == 0
    assert shown.out.count("31034  —  ServiceBusListenerError") == shown.out.count(why) == shown.out.count(then) == 2
    assert "docs/advice.md#event-31034-certificate" in shown.out


def test_all_advice_is_listed_for_people_and_machines(runbook: Runbook) -> None:
    listed, data = runbook("advice"), runbook("advice", "--json").document

    assert [each["id"] for each in data] == list(ADVICE)
    assert len(listed.out.splitlines()) == len(ADVICE)
    assert "SSPR_0029  —  " in listed.out


def test_a_code_without_advice_is_a_usage_problem_that_names_the_nearest(runbook: Runbook) -> None:
    refused(runbook("--language", "fr", "advice", "32002x"), "32002x", "32002")
    assert runbook("advice", "32002x", "--json").document["error"]["key"] == "advice-unknown-code"
