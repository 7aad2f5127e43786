"""The shipped scripts, run by the interpreter over the world, agree with what the world says of itself."""

import base64
import threading
from typing import Any

import pytest

from runbook_lib.adapters.scripts import PROGRAM
from runbook_lib.errors import TargetError
from runbook_lib.facts import READINGS, surroundings, sync_server
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.executor import NOISE, ScriptRunner
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.memory import MemorySyncServer
from runbook_lib.lab.relays import RELAYS
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.lab.wsman import Exchange, Verdict, WsmanFault
from runbook_lib.model import Change
from runbook_lib.ports import Answer, Request
from tests.lab_fixtures import RecordedProcess, process, replies, run

NETWORK = surroundings.egress_to({RELAYS[0]: "endpoint", RELAYS[1]: "", "unheard-of.example": ""})
READINGS_HERE = [
    reading for reading in (READINGS | {NETWORK.name: NETWORK}).values() if reading.target == sync_server.SYNC_SERVER
]
ITEMS = [(reading.name, dict(reading.arguments)) for reading in READINGS_HERE]
SERVER_FAULTS = [fault.name for fault in FAULTS.values() if fault.side == "server"]
SET = "set_password_writeback"
ON = {"connector": "contoso.onmicrosoft.com - AAD", "enabled": True}
OFF = ON | {"enabled": False}
DENIED = "(denied)"
RECEIVE = Exchange("Receive", "", "", "", 1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def contoso(clock: ManualClock) -> LabTenant:
    return World(clock).tenant("contoso")


def problem(reply: dict[str, Any]) -> tuple[str, str]:
    found = reply["problem"]
    is_denial = found["category"] in ("PermissionDenied", "SecurityError")
    return found["message"], DENIED if is_denial else found["id"].partition(",")[0]


def by_script(server: SyncServer) -> dict[str, Any]:
    """Values, and for problems the message and the part of the error id that is not the command's class."""
    found = run(ScriptRunner(server), server.installation.account, *ITEMS)
    return {name: reply["value"] if reply["ok"] else problem(reply) for name, reply in found.items()}


def by_world(server: SyncServer) -> dict[str, Any]:
    answers = MemorySyncServer(server).read([reading.request for reading in READINGS_HERE])
    return {
        reading.name: described(answer) if isinstance(answer, TargetError) else answer.body
        for reading, answer in zip(READINGS_HERE, answers, strict=True)
    }


def described(error: TargetError) -> tuple[object, object]:
    """What a problem says, and its id where the error keeps it: a denial does not."""
    return error.message.arguments["detail"], getattr(error, "error_id", DENIED).partition(",")[0]


@pytest.mark.parametrize("fault", ["", *SERVER_FAULTS])
@pytest.mark.parametrize("tenant", [spec.name for spec in TENANTS])
def test_scripts_and_world_agree_on_every_reading(clock: ManualClock, tenant: str, fault: str) -> None:
    """For each tenant, with and without each fault of the server, problems included."""
    home = World(clock).tenant(tenant)
    if fault:
        home.faults.add(fault)

    assert by_script(home.server) == by_world(home.server)


@pytest.mark.parametrize(
    "name", ["diego", "megan", "nestor", "patti", "pradeep", "PATTI", "debra", "nobody", "a*(b)\\c"]
)
def test_scripts_and_world_agree_on_a_user_that_is_named(clock: ManualClock, name: str) -> None:
    """Also on one who does not exist, and on a name that means something in a filter."""
    home = World(clock).tenant("tailspin")
    asked = {"users": [f"{name}@tailspin.example"], "sample": 2}
    scripted = run(ScriptRunner(home.server), home.spec.account, ("directory_users", asked))["directory_users"]
    (answer,) = MemorySyncServer(home.server).read([Request("directory_users", asked)])

    assert isinstance(answer, Answer)
    assert scripted["value"] == answer.body
    pilots = READINGS["directory_users"].parse(answer).pilots
    assert [user.sam_account_name for user in pilots] == ([name.lower()] if name.isalpha() and name != "nobody" else [])


# What a person reads is in the language of the server; everything else is not.
FOR_PEOPLE = {"os_caption", "message"}


def unspoken(value: Any) -> Any:
    """A value without its texts for people."""
    if isinstance(value, dict):
        return {key: unspoken(item) for key, item in value.items() if key not in FOR_PEOPLE}
    return [unspoken(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("tenant", [spec.name for spec in TENANTS])
def test_every_script_gives_the_same_facts_on_english_and_on_french_windows(clock: ManualClock, tenant: str) -> None:
    """With a decimal comma, the day before the month, and messages in French; and the texts for people do differ."""
    english, french = (World(clock).tenant(tenant) for _ in range(2))
    french.faults.add("french_windows")
    answers = [by_script(home.server) for home in (english, french)]

    assert unspoken(answers[0]) == unspoken(answers[1])
    assert answers[0] != answers[1]


@pytest.mark.parametrize("fault", ["no_rsat", "double_hop", "two_cloud_connectors"])
def test_a_script_that_fails_gives_the_same_identifier_on_english_and_on_french_windows(
    clock: ManualClock, fault: str
) -> None:
    """The message is translated where Windows translates it."""
    found = []
    for faults in ((fault,), (fault, "french_windows")):
        home = World(clock).tenant("contoso")
        for name in faults:
            home.faults.add(name)
        replies = run(ScriptRunner(home.server), home.spec.account, *ITEMS)
        found.append({name: reply["problem"]["id"] for name, reply in replies.items() if not reply["ok"]})

    assert found[0]
    assert found[0] == found[1]


def test_the_standby_answers_like_any_server(contoso: LabTenant) -> None:
    assert by_script(contoso.standby) == by_world(contoso.standby)


CHANGES: dict[str, dict[str, Any]] = {
    SET: ON,
    "grant_writeback_rights": {"account_name": "MSOL_4c6f1d2a90be", "account_domain": "contoso.example"},
    "restart_sync_service": {},
    "start_delta_cycle": {},
}


@pytest.mark.parametrize("fault", ["", *SERVER_FAULTS])
@pytest.mark.parametrize("action", CHANGES)
def test_scripts_and_world_agree_on_every_change(clock: ManualClock, action: str, fault: str) -> None:
    """What is answered, and how the server looks afterwards."""
    scripted, direct = (World(clock).tenant("contoso") for _ in range(2))
    for home in (scripted, direct):
        if fault:
            home.faults.add(fault)

    reply = run(ScriptRunner(scripted.server), scripted.spec.account, (action, CHANGES[action]))[action]
    change = Change(sync_server.SYNC_SERVER, action, "setting", None, None, CHANGES[action])
    try:
        expected: Any = MemorySyncServer(direct.server).perform(change).body
    except TargetError as error:
        expected = described(error)
        reply["value"] = problem(reply)

    assert reply["value"] == expected
    assert by_world(scripted.server) == by_world(direct.server)


def test_a_request_that_does_not_offer_tls_12_gets_no_channel(contoso: LabTenant) -> None:
    """The relays want it; not every Windows PowerShell offers it by itself."""
    script = f"try {{ Invoke-WebRequest -Uri https://{RELAYS[0]}/ -UseBasicParsing }} catch {{ [string]$_.Exception.Status }}"
    encoded = base64.b64encode(script.encode("utf-16-le")).decode()
    shell = RecordedProcess(f"{PROGRAM} -NoProfile -NonInteractive -EncodedCommand {encoded}", b"", DENIED)

    assert ScriptRunner(contoso.server)(shell) == 0
    assert shell.stdout.decode().strip() == "SecureChannelFailure"


def test_a_fault_turned_on_between_two_scripts_shows(contoso: LabTenant) -> None:
    before = by_script(contoso.server)["scheduler"]["suspended"]
    contoso.faults.add("wizard_open")

    assert (before, by_script(contoso.server)["scheduler"]["suspended"]) == (False, True)


def test_a_credential_that_is_asked_for_is_a_binding_error(contoso: LabTenant) -> None:
    """A script without a person behind it cannot give one."""
    contoso.faults.add("credential_prompt")

    reply = run(ScriptRunner(contoso.server), contoso.spec.account, (SET, ON))[SET]

    assert reply["problem"]["id"].startswith("MissingMandatoryParameter,")
    assert not contoso.server.writeback().enabled


def test_an_invalid_state_is_cured_by_the_documented_pair_of_calls(contoso: LabTenant) -> None:
    contoso.faults.add("invalid_state")
    runner, account = ScriptRunner(contoso.server), contoso.spec.account

    results = [run(runner, account, (SET, arguments))[SET]["ok"] for arguments in (ON, OFF, ON)]

    assert results == [False, True, True]
    assert contoso.server.writeback().service_status == "Started"


def test_nothing_but_answers_is_written(contoso: LabTenant) -> None:
    recorded = process(ITEMS, contoso.spec.account)
    ScriptRunner(contoso.server)(recorded)

    assert len(replies(recorded)) == len(ITEMS)


def test_an_old_build_is_granted_without_its_protected_administrators(contoso: LabTenant) -> None:
    """Only old builds know the switch; giving it to a new one would be an error."""
    for fault in ("old_connect", None):
        if fault:
            contoso.faults.add(fault)
        else:
            contoso.faults.discard("old_connect")
        name = "grant_writeback_rights"
        assert run(ScriptRunner(contoso.server), contoso.spec.account, (name, CHANGES[name]))[name]["ok"]


def test_noise_comes_before_the_answer(contoso: LabTenant) -> None:
    contoso.faults.add("noisy_reply")
    recorded = process(ITEMS[:1], contoso.spec.account)

    ScriptRunner(contoso.server)(recorded)

    assert recorded.stdout.startswith(NOISE)
    assert len(recorded.stdout) > len(NOISE)


def test_a_truncated_reply_ends_early(contoso: LabTenant) -> None:
    whole, half = (process(ITEMS[:1], contoso.spec.account) for _ in range(2))
    ScriptRunner(contoso.server)(whole)
    contoso.faults.add("truncated_reply")

    ScriptRunner(contoso.server)(half)

    assert 0 < len(half.stdout) < len(whole.stdout)
    assert whole.stdout.startswith(half.stdout)


def test_a_hanging_script_ends_only_when_it_is_cancelled(contoso: LabTenant) -> None:
    """And changes nothing."""
    contoso.faults.add("hanging_script")
    recorded = process([(SET, ON)], contoso.spec.account)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(ScriptRunner(contoso.server)(recorded)))
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()

    recorded.cancelled.set()
    thread.join(5)

    assert codes == [1]
    assert not contoso.server.writeback().enabled
    assert not recorded.stdout


def execute(tenant: LabTenant, name: str, arguments: dict[str, Any]) -> Verdict:
    """Run a script and ask what becomes of the request for its output."""
    runner = ScriptRunner(tenant.server)
    recorded = process([(name, arguments)], tenant.spec.account)
    runner(recorded)
    recorded.finished.set()
    return runner.before(RECEIVE, recorded)


@pytest.mark.parametrize(("fault", "is_done"), [("lost_reply", True), ("lost_reply_not_done", False)])
def test_the_answer_to_a_change_is_lost(contoso: LabTenant, fault: str, is_done: bool) -> None:
    contoso.faults.add(fault)

    assert execute(contoso, SET, ON) is Verdict.DROP
    assert contoso.server.writeback().enabled is is_done


@pytest.mark.parametrize("fault", ["lost_reply", "lost_reply_not_done"])
def test_the_answer_to_a_reading_is_not_lost(contoso: LabTenant, fault: str) -> None:
    contoso.faults.add(fault)

    assert execute(contoso, "host", {}) is Verdict.PROCEED


def test_only_the_request_for_output_is_dropped(contoso: LabTenant) -> None:
    """So that the client can still clean up behind itself."""
    contoso.faults.add("lost_reply")
    runner = ScriptRunner(contoso.server)
    recorded = process([(SET, ON)], contoso.spec.account)
    runner(recorded)
    recorded.finished.set()

    assert runner.before(RECEIVE._replace(action="Signal"), recorded) is Verdict.PROCEED


def test_a_refused_account_gets_nowhere(contoso: LabTenant) -> None:
    contoso.faults.add("access_denied")

    assert ScriptRunner(contoso.server).before(RECEIVE._replace(action="Create"), None) is Verdict.REFUSE


def test_no_shell_is_left_when_the_quota_is_reached(contoso: LabTenant) -> None:
    contoso.faults.add("shell_quota")
    runner = ScriptRunner(contoso.server)

    with pytest.raises(WsmanFault, match="concurrent shells"):
        runner.before(RECEIVE._replace(action="Create"), None)
    assert runner.before(RECEIVE, None) is Verdict.PROCEED


def test_a_slow_server_makes_every_request_wait(contoso: LabTenant) -> None:
    """Measured by the thread that asks being still there after half the time."""
    contoso.faults.add("slow_server")
    runner = ScriptRunner(contoso.server, slow_seconds=0.2)
    thread = threading.Thread(target=runner.before, args=(RECEIVE, None))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()

    thread.join(5)
    assert not thread.is_alive()


def test_an_undisturbed_answer_goes_through(contoso: LabTenant) -> None:
    assert ScriptRunner(contoso.server).after(RECEIVE, None) is Verdict.PROCEED


@pytest.mark.parametrize(
    "text",
    [
        "Get-CimInstance -ClassName Win32_ComputerSystem",
        "Get-Item -Path C:\\pagefile.sys",
        "Get-Service -Name WinRM",
        "Get-Process -Name miiserver",
        "Test-NetConnection -ComputerName a -Port 80 -InformationLevel Quiet",
        "Get-Module -Name ADSync",
        "Import-Module -Name Sql",
        "Get-WinEvent -FilterHashtable @{ LogName = 'System' }",
        "Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'x'; StartTime = (Get-Date) }",
        "Get-ADObject -Identity 'OU=Staff,DC=contoso,DC=example' -Properties nTSecurityDescriptor",
        "Get-ADObject -Identity 'DC=contoso,DC=example' -Properties whenChanged",
        "Set-ADObject -Identity 'DC=contoso,DC=example' -Replace @{ nTSecurityDescriptor = 1 }",
        "Set-ADObject -Identity 'DC=contoso,DC=example' -Replace @{ description = 1 }",
        "Get-ADUser -LDAPFilter '(mail=*)' -SearchBase 'DC=contoso,DC=example' -Server contoso.example",
        "Get-ADUser -Identity adele -Server contoso.example -Properties mail",
        "Get-ADOrganizationalUnit -Filter 'x' -SearchBase 'DC=contoso,DC=example' -Server contoso.example",
        "([Security.Principal.WindowsPrincipal](New-Object Security.Principal.WindowsPrincipal $null)).IsInRole('x')",
        "Set-ADSyncScheduler -SyncCycleEnabled $false",
    ],
)
def test_what_the_lab_does_not_model_is_never_answered(contoso: LabTenant, text: str) -> None:
    """A gap ends the process with an error of the lab's own, never with a result."""
    recorded = process([], contoso.spec.account)
    encoded = base64.b64encode(text.encode("utf-16-le")).decode()
    recorded.command_line = f"powershell.exe -NoProfile -NonInteractive -EncodedCommand {encoded}"

    assert ScriptRunner(contoso.server)(recorded) == 120
    assert b"LabUnsupported" in recorded.stderr
    assert not recorded.stdout
