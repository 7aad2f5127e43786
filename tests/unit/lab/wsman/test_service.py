"""The service without HTTP: shells, quotas, sizes, signals, and the disturbances a lab fault can ask for."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.lab.wsman import Exchange, Limits, Service, Undisturbed, Verdict, faults
from runbook_lib.lab.wsman.envelope import NAMESPACES, SHELL


def echo(process):
    process.write_stdout(process.command_line.encode(process.encoding, "replace"))
    return 0


def endless(process):
    process.cancelled.wait(10)
    return 5


@given(data=st.binary(max_size=30_000), size=st.integers(8192, 40_000))
def test_any_output_fits_any_envelope_and_comes_back_equal(client_of, data, size):
    """Every answer is within the client's MaxEnvelopeSize, and the pieces are the output."""

    def write(process):
        process.write_stdout(data)
        process.write_stderr(data[::-1])
        return 0

    client = client_of(Service(write))
    shell = client.open()

    stdout, stderr, code, sizes = client.read(shell, client.start(shell, "x"), size=size)

    assert (stdout, stderr, code) == (data, data[::-1], 0)
    assert max(sizes) <= size


def test_the_service_s_own_limit_applies_to_a_greedy_client(client_of):
    """A client that accepts a gigabyte gets no envelope over MaxEnvelopeSizekb."""
    client = client_of(
        Service(lambda process: process.write_stdout(b"x" * 100_000) or 0, limits=Limits(max_envelope_size=50_000))
    )
    shell = client.open()

    stdout, _, _, sizes = client.read(shell, client.start(shell, "x"), size=10**9)

    assert len(stdout) == 100_000
    assert max(sizes) <= 50_000


def test_a_shell_s_life_is_recorded_in_order(client_of):
    """Exchanges carry action, user and which of its kind they are."""
    service = Service(echo)
    client = client_of(service)
    shell = client.open()
    command = client.start(shell, "a b")
    client.feed(shell, command, b"")
    assert client.read(shell, command)[:3] == (b"a b", b"", 0)
    client.signal(shell, command, "Terminate")
    client.send("Delete", shell=shell)

    assert [exchange.action for exchange in service.exchanges] == [
        "Create",
        "Command",
        "Send",
        "Receive",
        "Signal",
        "Delete",
    ]
    assert service.exchanges[3] == Exchange("Receive", "LAB\\one", shell, command, 1)
    assert service.open_shells == 0


def test_the_quota_counts_shells_of_one_user(client_of):
    """The shell over the quota is refused until one is deleted; another user has his own."""
    service = Service(echo, limits=Limits(shells_per_user=2))
    one, two = client_of(service), client_of(service, "LAB\\two")
    first, _ = one.open(), one.open()

    assert one.fault("Create", "<rsp:Shell/>") == faults.QUOTA_MAX_SHELLS
    assert two.open()
    one.send("Delete", shell=first)
    assert one.open()


def test_a_leaked_shell_is_reclaimed_after_its_idle_timeout(client_of):
    """An idle shell makes room once its time is over; a busy one does not."""
    now = [0.0]
    service = Service(endless, limits=Limits(shells_per_user=2, idle_timeout=150.0), clock=lambda: now[0])
    client = client_of(service)
    busy = client.open()
    command = client.start(busy, "x")
    idle = client.open("<rsp:IdleTimeOut>PT50S</rsp:IdleTimeOut>")
    now[0] += 200

    client.open()

    assert client.fault("Delete", shell=idle) == faults.UNEXPECTED_SELECTORS
    assert client.signal(busy, command, "ctrl_c").status == 200
    service.close()


def test_a_shell_ends_when_its_longest_life_is_over_whatever_runs_in_it(client_of):
    """MaxShellRunTime: the next request finds it gone."""
    now = [0.0]
    service = Service(endless, limits=Limits(max_shell_run_time=100.0), clock=lambda: now[0])
    client = client_of(service)
    shell = client.open()
    client.start(shell, "x")
    now[0] += 101

    assert client.fault("Delete", shell=shell) == faults.UNEXPECTED_SELECTORS
    assert service.open_shells == 0


def test_a_shell_belongs_to_whoever_opened_it(client_of):
    """Another user is denied, whatever he asks of it."""
    service = Service(echo)
    shell = client_of(service).open()

    assert client_of(service, "LAB\\two").fault("Delete", shell=shell) == faults.ACCESS_DENIED
    assert service.open_shells == 1


def test_what_does_not_exist_is_a_fault(client_of):
    """Unknown shells, commands, resources, actions and signals each have their number."""
    client = client_of(Service(echo))
    shell = client.open()
    command = client.start(shell, "x")
    unknown = client.receive_body("11111111-0000-0000-0000-000000000000")

    assert client.fault("Delete", shell="nowhere") == faults.UNEXPECTED_SELECTORS
    assert client.fault("Receive", unknown, shell=shell) == faults.UNEXPECTED_SELECTORS
    assert client.fault("Create", "<rsp:Shell/>", uri=f"{SHELL}/other") == faults.INVALID_RESOURCE_URI
    assert client.fault("Get", shell=shell) == faults.ACTION_NOT_SUPPORTED
    assert client.fault("Create") == faults.SCHEMA_VALIDATION_ERROR
    assert client.fault("Create", "<rsp:Shell/>", options={"WINRS_CODEPAGE": "932"}) == faults.INVALID_OPTIONS
    assert client.fault("Create", "<rsp:Shell/>", size=8191) == faults.ENCODING_LIMIT
    assert client.signal(shell, command, "wave").status == 500


def test_a_request_over_the_service_s_limit_is_refused(client_of):
    """A client must cut its input, as Ansible and we do."""
    client = client_of(Service(echo, limits=Limits(max_envelope_size=20_000)))
    shell = client.open()
    command = client.start(shell, "x")

    assert client.feed(shell, command, b"x" * 10_000).status == 200
    assert client.feed(shell, command, b"x" * 20_000).status == 500


def test_input_that_is_not_base64_is_a_fault(client_of):
    """Garbage never becomes input."""
    client = client_of(Service(echo))
    shell = client.open()
    command = client.start(shell, "x")
    body = f'<rsp:Send><rsp:Stream Name="stdin" CommandId="{command}">*</rsp:Stream></rsp:Send>'

    assert client.fault("Send", body, shell=shell) == faults.SCHEMA_VALIDATION_ERROR


def test_the_executor_sees_what_the_client_asked_for(client_of):
    """Environment, directory, code page and options of the shell and command reach the process."""
    seen = []
    client = client_of(Service(lambda process: seen.append(process) or 0, code_page=850))
    shell = client.open(
        '<rsp:WorkingDirectory>C:\\x</rsp:WorkingDirectory><rsp:Environment><rsp:Variable Name="A">b</rsp:Variable></rsp:Environment>'
    )
    options = {"WINRS_SKIP_CMD_SHELL": "TRUE", "WINRS_CONSOLEMODE_STDIN": "FALSE"}
    client.read(shell, client.start(shell, "x", options=options))

    (process,) = seen
    assert (process.environment, process.working_directory) == ({"A": "b"}, "C:\\x")
    assert (process.encoding, process.user) == ("cp850", "LAB\\one")
    assert (process.skip_cmd_shell, process.console_mode_stdin) == (True, False)


def test_terminate_removes_the_command_and_ctrl_c_does_not(client_of):
    """After ctrl_c the exit code can be read; after terminate the command is unknown."""
    client = client_of(Service(endless))
    shell = client.open()
    command = client.start(shell, "x")

    client.signal(shell, command, "ctrl_c")
    assert client.read(shell, command)[2] == 5
    client.signal(shell, command, "Terminate")
    assert client.fault("Receive", client.receive_body(command), shell=shell) == faults.UNEXPECTED_SELECTORS


def test_terminate_cancels_a_command_that_runs(client_of):
    """The executor is told to stop, though nobody will read what it returns."""
    stopped = threading.Event()

    def wait(process):
        if process.cancelled.wait(5):
            stopped.set()
        return 0

    client = client_of(Service(wait))
    shell = client.open()
    client.signal(shell, client.start(shell, "x"), "terminate")

    assert stopped.wait(2)


def test_closing_the_service_cancels_every_command(client_of):
    """No executor outlives its lab."""
    stopped = threading.Event()

    def wait(process):
        if process.cancelled.wait(10):
            stopped.set()
        return 0

    service = Service(wait)
    client = client_of(service)
    client.start(client.open(), "x")

    service.close()

    assert stopped.wait(5)
    assert service.open_shells == 0


def test_a_stranger_may_only_identify_the_service(client_of):
    """Identify needs no sign-in; everything else does."""
    stranger = client_of(Service(echo), user="")

    answer, envelope = stranger.send("", "<wsmid:Identify/>")

    assert answer.status == 200
    assert envelope.findtext(".//wsmid:ProductVendor", namespaces=NAMESPACES).startswith("LAB")
    assert stranger.fault("Create", "<rsp:Shell/>") == faults.ACCESS_DENIED


class Disturb(Undisturbed):
    """Gives one verdict, or raises one fault, at one moment of one action."""

    def __init__(self, moment, action, effect):
        self.moment, self.action, self.effect = moment, action, effect
        self.processes = []

    def _judge(self, moment, exchange, process):
        if (moment, exchange.action) != (self.moment, self.action):
            return Verdict.PROCEED
        self.processes.append(process)
        if isinstance(self.effect, Exception):
            raise self.effect
        return self.effect

    def before(self, exchange, process):
        return self._judge("before", exchange, process)

    def after(self, exchange, process):
        return self._judge("after", exchange, process)


@pytest.mark.parametrize("verdict", [Verdict.DROP, Verdict.REFUSE])
def test_a_verdict_before_means_that_nothing_ran(client_of, verdict):
    """The executor is not called, and the command does not exist."""
    seen = []
    client = client_of(
        Service(lambda process: seen.append(process) or 0, disturbance=Disturb("before", "Command", verdict))
    )

    answer, _ = client.send(
        "Command", "<rsp:CommandLine><rsp:Command>x</rsp:Command></rsp:CommandLine>", shell=client.open()
    )

    assert (answer.verdict, answer.body, seen) == (verdict, b"", [])


def test_a_lost_reply_loses_nothing_but_the_reply(client_of):
    """Dropped after it was carried out, the command has run, and repeating the Receive gives its output."""
    disturb = Disturb("after", "Receive", Verdict.DROP)
    client = client_of(Service(echo, disturbance=disturb))
    shell = client.open()
    command = client.start(shell, "x")
    body = client.receive_body(command)

    answer, _ = client.send("Receive", body, shell=shell, message_id="uuid:1")
    disturb.effect = Verdict.PROCEED

    assert answer.verdict is Verdict.DROP
    assert disturb.processes[0].finished.wait(5)
    assert client.receive(shell, command, message_id="uuid:1")[1]["stdout"] == b"x"


def test_a_disturbance_may_raise_a_fault(client_of):
    """A quota or any other fault can be asked for by name."""
    client = client_of(Service(echo, disturbance=Disturb("before", "Command", faults.too_many_operations(1500))))

    body = "<rsp:CommandLine><rsp:Command>x</rsp:Command></rsp:CommandLine>"
    assert client.fault("Command", body, shell=client.open()) == faults.QUOTA_MAX_OPERATIONS
