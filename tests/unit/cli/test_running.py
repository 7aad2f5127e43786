"""Plans and applications by the command line, over the served lab: every exit code, each by a run that calls for it."""

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from runbook_lib.evidence import read_journal
from runbook_lib.fleet import NOTEBOOK
from runbook_lib.lab.descriptor import CA_FILE
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests import stand_in_browser
from tests.notebooks.served import BIN, CONNECT, LONGEST, PORTAL, PREFLIGHT, Served, read, serve
from tests.unit.cli.conftest import Ended, Runbook, process

COLOUR = re.compile("\x1b")


def planned(runbook: Runbook, *files: Path, slug: str = CONNECT) -> Ended:
    return runbook("plan", slug, "-p", *files, "--json", "--language", "en")


def plan_of(outcome: dict[str, Any]) -> Path:
    return Path(outcome["folder"]) / "plan.json"


def test_plan_then_apply_as_an_operator_does(lab: Served, runbook: Runbook) -> None:
    """Plan ends with 3 and says the command that approves exactly this plan; that command ends with 0; so does the next plan."""
    before, file = lab.state(), lab.file(language="fr")
    plan = process("plan", CONNECT, "-p", file, "--language", "fr", environment=lab.environment())

    assert plan.code == 3, plan.err
    assert [line.split()[0] for line in plan.err.splitlines()] == ["Connexion"]
    assert COLOUR.search(plan.out) is None
    assert lab.state() == before
    (command,) = [line.split() for line in plan.out.splitlines() if f" apply {CONNECT} " in line]
    arguments = command[command.index("apply") :]
    digest = read(Path(command[-1]))["digest"]
    assert digest in plan.out

    applied = runbook(*arguments, "--language", "en")

    assert applied.code == 0, applied.err
    assert COLOUR.search(applied.out) is None
    assert "Verified" in applied.out
    assert lab.state()[1] is True
    (folder,) = [run for run in lab.runs() if (run / "plan.json") != Path(command[-1])]
    (approved,) = [line for line in read_journal(folder / "journal.jsonl") if line.event == "approved"]
    assert (approved.data["approval"]["digest"], approved.data["approval"]["how"]) == (digest, "command-line")
    assert (folder / NOTEBOOK).is_file()

    again = planned(runbook, file)

    assert again.code == 0
    assert again.document[0]["steps"]["c6"] == "compliant"


def test_a_tenant_that_is_blocked_does_not_hold_up_another(lab: Served, runbook: Runbook) -> None:
    """Code 1 for both together: the worst counts. The status shows what is known of each."""
    lab.world.tenant("contoso").faults.add("staging_mode")
    ended = planned(runbook, lab.file("contoso"), lab.file("fabrikam"))

    assert ended.code == 1
    contoso, fabrikam = ended.document
    assert (contoso["exit_code"], fabrikam["exit_code"]) == (1, 0)
    assert contoso["steps"]["c2"] == "blocked"
    assert contoso["problem"].startswith("✖ ")
    assert [found["message"]["key"] for found in contoso["findings"]["c2"]] == ["staging-mode"]
    assert ended.err.count("contoso") >= 1

    status = runbook("status", "--json").document
    assert {each["tenant"]: each["steps"]["c2"] for each in status} == {"contoso": "blocked", "fabrikam": "compliant"}
    shown = runbook("status", "--language", "fr").out
    assert "contoso" in shown
    assert "Bloqué" in shown


def test_a_plan_ends_by_itself_and_says_why_also_when_nobody_reads_on(lab: Served) -> None:
    """The terminal names the reason and the way out, so nobody has to open the notebook; a closed pipe holds nothing up."""
    lab.world.tenant("contoso").faults.add("staging_mode")
    command = f"{sys.executable} -m runbook_lib --language en plan {CONNECT} -p {lab.file('contoso')}"

    whole = subprocess.run(command.split(), capture_output=True, text=True, env=lab.environment(), check=False)
    cut = subprocess.run(
        ["sh", "-c", f"{command} | head -n 1"],
        capture_output=True,
        text=True,
        env=lab.environment(),
        check=True,
        timeout=60,
    )

    assert whole.returncode == 1
    assert (
        "C2  Blocked · This server is in staging mode: it would not write back.\n"
        "      Why · A server in staging mode runs neither password synchronization nor writeback, even where they are selected.\n"
        "      What to do · Use the active server.\n"
        "      Open next · preflight — "
    ) in whole.stdout
    assert "      Advice · docs/advice.md#staging-mode\n" in whole.stdout
    assert cut.stdout.count("\n") == 1


def test_what_was_sent_and_not_seen_to_work_is_unknown(runbook: Runbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 4: onboarding takes longer than the run may wait."""
    with serve(onboarding=3600) as lab:
        monkeypatch.setenv(LAB, str(lab.descriptors))
        monkeypatch.setenv(OUTPUTS, str(lab.outputs))
        tenant = lab.world.tenant("contoso")
        file = lab.file(connect={"wait_seconds": 0})
        plan = planned(runbook, file)
        assert plan.code == 3, plan.document
        tenant.faults.add("slow_onboarding")
        tenant.faults.add("lost_reply")

        applied = runbook("apply", CONNECT, "-p", file, "--plan", plan_of(plan.document[0]), "--json")

    assert applied.code == 4, applied.document
    assert applied.document[0]["steps"]["c7"] in {"applied", "unknown"}
    assert tenant.server.writeback().enabled


def test_an_outdated_plan_is_refused_and_nothing_is_sent(lab: Served, runbook: Runbook) -> None:
    """Somebody changed the tenant after the approval: what was read then does not hold any more."""
    file = lab.file()
    plan = planned(runbook, file)
    changed = lab.file(connect={"restart_service": True})
    before = lab.state()

    applied = runbook(
        "apply", CONNECT, "-p", changed, "--plan", plan_of(plan.document[0]), "--json", "--language", "en"
    )

    assert applied.code == 1
    assert plan.document[0]["plan"] in applied.document[0]["problem"]
    assert lab.state() == before
    events = {line.event for line in read_journal(Path(applied.document[0]["folder"]) / "journal.jsonl")}
    assert "refused" in events
    assert "sending" not in events


def attestation(folder: Path, digest: str, tenant: str, **changed: Any) -> Path:
    word = {
        "plan": digest,
        "tenant": tenant,
        "steps": ["p3", "p4", "p5"],
        "by": "Camille Martin",
        "at": "2026-11-22T15:30:00+01:00",
        "values": {"write_back": True, "unlock": True},
        **changed,
    }
    file = folder / "attestation.yml"
    file.write_text(yaml.safe_dump(word), encoding="utf-8")
    return file


def test_what_a_person_does_in_the_portal_is_planned_attested_and_done(
    lab: Served, runbook: Runbook, tmp_path: Path
) -> None:
    """Code 5 until somebody puts their name to it, for this plan and no other; then 0, and the word is kept."""
    file = lab.file("fabrikam", sspr={"provider": "guided"})
    plan = planned(runbook, file, slug=PORTAL)
    (outcome,) = plan.document
    assert plan.code == 5
    assert outcome["steps"]["p3"] == "needs-operator"

    def apply(word: Path) -> Ended:
        return runbook(
            "apply", PORTAL, "-p", file, "--plan", plan_of(outcome), "--attestation", word, "--json", "--language", "en"
        )

    tenant = lab.world.tenant("fabrikam").tenant_id
    other = apply(attestation(tmp_path, "0" * 64, tenant))
    assert other.code != 0
    assert "0" * 64 in other.document[0]["problem"] or outcome["plan"] in other.document[0]["problem"]

    word = attestation(tmp_path, outcome["plan"], tenant)
    applied = apply(word)

    assert applied.code == 0, applied.document
    assert applied.document[0]["steps"]["p5"] == "attested"
    kept = Path(applied.document[0]["folder"]) / "attestations" / word.name
    assert kept.read_bytes() == word.read_bytes()


def test_the_code_to_sign_in_with_is_shown_and_kept_nowhere(lab: Served) -> None:
    """On standard error, so that somebody can sign in also when standard output is one document."""
    plan = process(
        "plan", PORTAL, "-p", lab.file("fabrikam"), "--json", "--language", "en", environment=lab.environment()
    )
    codes = re.findall(r"enter ([A-Z0-9]{9}) \(counts until \d\d:\d\d UTC\)", plan.err)

    assert plan.code == plan.document[0]["exit_code"] == 0, plan.err
    assert len(codes) == 1
    assert [file for file in lab.outputs.rglob("*") if file.is_file() and codes[0].encode() in file.read_bytes()] == []


def test_a_person_signs_in_with_the_browser_that_the_run_opens(lab: Served) -> None:
    """The browser is a program of its own, started by the kernel of the run; what it brings back is kept nowhere."""
    admin = lab.lab.tenants["fabrikam"].cloud.auto_approval
    assert admin is not None
    program = [sys.executable, stand_in_browser.__file__, str(lab.descriptors / CA_FILE), admin.upn, "%s"]
    file = lab.file("fabrikam", sign_in={"method": "interactive"})

    plan = process(
        "plan",
        PORTAL,
        "-p",
        file,
        "--json",
        "--language",
        "en",
        environment=lab.environment(BROWSER=shlex.join(program)),
    )

    assert plan.code == plan.document[0]["exit_code"] == 0, plan.err
    assert re.search(r"Sign in for fabrikam in the browser .* \(until \d\d:\d\d UTC\)", plan.err)
    assert plan.document[0]["steps"]["p1"] == "compliant"


def test_without_a_browser_the_run_says_what_to_do_instead(lab: Served) -> None:
    file = lab.file("fabrikam", sign_in={"method": "interactive"})
    without = lab.environment(DISPLAY="", WAYLAND_DISPLAY="", BROWSER="")
    plan = process("plan", PORTAL, "-p", file, "--json", "--language", "en", environment=without)

    assert plan.code == 1
    (told,) = plan.document[0]["findings"]["p1"]
    assert told["message"]["key"] == "sign-in-no-browser"


def test_a_folder_named_for_the_records_is_used(lab: Served, runbook: Runbook, tmp_path: Path) -> None:
    """Also by the command that is printed to approve the plan, which can be typed as it is."""
    elsewhere = tmp_path / "else where"
    ended = runbook("plan", CONNECT, "-p", lab.file(), "--outputs", elsewhere, "--language", "en")

    assert ended.code == 3, ended.err
    (folder,) = [path for path in (elsewhere / "contoso").iterdir() if path.is_dir()]
    (command,) = [shlex.split(line) for line in ended.out.splitlines() if f" apply {CONNECT} " in line]
    assert command[-4:] == ["--plan", str(folder / "plan.json"), "--outputs", str(elsewhere)]
    assert not lab.outputs.exists()


@contextmanager
def begun(lab: Served, event: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """The command line as a process of its own, once a new run has recorded an event. No temporary file outlives it."""
    before = set(lab.runs())
    with TemporaryDirectory() as temporary:
        command = [str(BIN / "runbook"), *map(str, arguments), "--language", "en"]
        environment = lab.environment(TMPDIR=temporary)
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as running:
            until = time.monotonic() + LONGEST
            while not any(
                f'"event":"{event}"'.encode() in (run / "journal.jsonl").read_bytes()
                for run in set(lab.runs()) - before
            ):
                assert running.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
            yield running
        assert list(Path(temporary).iterdir()) == []
    assert list(lab.outputs.glob("*/*.ipynb")) == []


def test_an_end_in_the_middle_of_a_change_leaves_an_unknown_outcome_that_is_said(
    runbook: Runbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a polite request to end, as by Ctrl+C: code 4, in the document and in the status."""
    with serve(onboarding=3600) as lab:
        monkeypatch.setenv(LAB, str(lab.descriptors))
        monkeypatch.setenv(OUTPUTS, str(lab.outputs))
        file = lab.file(language="en")
        plan = plan_of(planned(runbook, file).document[0])
        lab.world.tenant("contoso").faults.add("slow_onboarding")

        with begun(lab, "sent", "apply", CONNECT, "-p", file, "--plan", plan, "--json") as applying:
            applying.terminate()
            out, errors = applying.communicate(timeout=LONGEST)
        (status,) = runbook("status", "--json").document

    assert applying.returncode == 4, errors
    (outcome,) = json.loads(out)
    assert (outcome["exit_code"], outcome["steps"]["c6"], outcome["steps"]["c7"]) == (4, "unknown", "unknown")
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert (status["steps"]["c6"], status["steps"]["c7"]) == ("unknown", "unknown")


def test_an_interrupted_plan_ends_with_130_and_begins_no_other_tenant(lab: Served) -> None:
    files = lab.file("contoso", language="en"), lab.file("fabrikam", language="en")

    with begun(lab, "step-result", "plan", CONNECT, "-p", *files) as planning:
        planning.send_signal(signal.SIGINT)
        out, errors = planning.communicate(timeout=LONGEST)

    assert planning.returncode == 130, errors
    assert "Not run: fabrikam" in out
    assert "contoso: ✖ The run was interrupted." in errors
    assert not (lab.outputs / "fabrikam").exists()


def test_without_a_lab_a_run_ends_as_a_usage_problem(runbook: Runbook, lab: Served, tmp_path: Path) -> None:
    """Code 2: whoever called can mend it."""
    (lab.descriptors / "lab.json").rename(tmp_path / "lab.json")
    ended = planned(runbook, lab.file())
    (tmp_path / "lab.json").rename(lab.descriptors / "lab.json")

    assert ended.code == 2
    assert "runbook lab" in ended.document[0]["problem"]
    assert json.dumps(ended.document).count("\\n") == 0


def test_a_preflight_ends_with_its_verdict_and_offers_nothing_to_apply(lab: Served, runbook: Runbook) -> None:
    """Code 0 when ready, 5 when a person has to look first, 1 when blocked; never a command to apply."""
    ready = runbook("plan", PREFLIGHT, "-p", lab.file("fabrikam"), "--language", "fr")
    lab.world.tenant("contoso").faults.add("double_hop")
    undecided = runbook("plan", PREFLIGHT, "-p", lab.file("contoso"), "--language", "en")
    lab.world.tenant("contoso").faults.add("staging_mode")
    blocked = planned(runbook, lab.file("contoso"), slug=PREFLIGHT)

    assert (ready.code, undecided.code, blocked.code) == (0, 5, 1)
    assert "Prêt" in ready.out
    assert "Not decided" in undecided.out
    assert blocked.document[0]["verdict"] == "blocked"
    assert blocked.document[0]["steps"]["f8"] == "compliant"
    assert [said for said in (ready.out, undecided.out) if " apply " in said or "attestation" in said] == []
