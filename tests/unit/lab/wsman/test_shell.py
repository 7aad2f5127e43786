"""Commands without SOAP: streams, exit codes, cancellation."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.lab.wsman import faults
from runbook_lib.lab.wsman.faults import WsmanFault
from runbook_lib.lab.wsman.shell import Command, ShellSettings

SETTINGS = ShellSettings("LAB\\one", 65001, 7200.0)


def started(executor, line="anything", **options):
    command = Command(SETTINGS, line, **options)
    command.start(executor)
    return command


def read(command, capacity=4096):
    """Receive to the end: both streams, the exit code, and the most base64 any one Receive took."""
    streams, largest, code = {"stdout": b"", "stderr": b""}, 0, None
    while code is None:
        output = command.receive("", capacity, 5)
        largest = max(largest, sum((len(data) + 2) // 3 * 4 for data in output.streams.values()))
        for name, data in output.streams.items():
            streams[name] += data
        code = output.exit_code
    return streams["stdout"], streams["stderr"], code, largest


writes = st.lists(st.tuples(st.booleans(), st.binary(max_size=300)), max_size=20)


@given(written=writes, capacity=st.integers(4, 1000))
def test_any_output_comes_back_equal_whatever_the_capacity(written, capacity):
    """Cutting output into pieces loses, adds and reorders nothing, and no piece is over the capacity."""

    def write(process):
        for is_error, data in written:
            (process.write_stderr if is_error else process.write_stdout)(data)
        return 7

    stdout, stderr, code, largest = read(started(write), capacity)

    assert stdout == b"".join(data for is_error, data in written if not is_error)
    assert stderr == b"".join(data for is_error, data in written if is_error)
    assert code == 7
    assert largest <= capacity


def test_output_arrives_before_the_command_ends():
    """A client sees progress, and no exit code yet."""
    goes_on = threading.Event()

    def write(process):
        process.write_stdout(b"half")
        goes_on.wait(5)
        return 0

    command = started(write)
    output = command.receive("", 4096, 5)
    goes_on.set()

    assert (output.streams, output.exit_code) == ({"stdout": b"half"}, None)
    assert read(command)[2] == 0


def test_a_repeated_receive_gives_the_same_output_again():
    """A client whose connection broke repeats its request, and loses nothing."""
    command = started(lambda process: process.write_stdout(b"once") or 0)
    command.finished.wait(5)

    first = command.receive("uuid:1", 4096, 5)

    assert command.receive("uuid:1", 4096, 5) == first
    assert command.receive("uuid:2", 4096, 5).streams == {}


def test_silence_is_an_operation_timeout():
    """No output in time is the fault on which clients ask again."""
    command = started(lambda process: process.cancelled.wait(5) and 0)

    with pytest.raises(WsmanFault) as caught:
        command.receive("", 4096, 0.01)
    command.cancel()

    assert caught.value.code == faults.OPERATION_TIMED_OUT


def test_closing_a_command_fails_the_receive_that_waits():
    """A Receive never waits for a command that is gone."""
    command = started(lambda process: process.cancelled.wait(5) and 0)
    threading.Timer(0.02, command.close).start()

    with pytest.raises(WsmanFault) as caught:
        command.receive("", 4096, 5)

    assert caught.value.code == faults.OPERATION_ABORTED


def test_input_is_complete_only_once_it_has_ended():
    """Parts are joined, and what follows the end is dropped."""
    command = started(lambda process: process.write_stdout(process.read_stdin()) or 0)

    command.feed(b"one ", end=False)
    assert not command.finished.wait(0.02)
    command.feed(b"two", end=True)
    command.feed(b" three", end=True)

    assert read(command)[0] == b"one two"


def test_cancelling_wakes_a_reader_of_standard_input():
    """A cancelled executor is not left waiting for input that will not come."""
    command = started(lambda process: len(process.read_stdin()))

    command.cancel()

    assert read(command)[2] == 0


@pytest.mark.parametrize("error", [RuntimeError("no ✓"), SystemExit(0), KeyboardInterrupt()])
def test_an_executor_that_raises_has_failed(error):
    """Whatever is raised, even an exit with 0, is an error for the client."""

    def fail(process):
        process.write_stdout(b"so far")
        raise error

    stdout, stderr, code, _ = read(started(fail))

    assert (stdout, stderr, code) == (b"so far", f"{type(error).__name__}: {error}\r\n".encode(), 1)


def test_cmd_refuses_a_line_over_its_limit():
    """8,191 characters run; one more does not, and the executor never hears of it."""
    seen = []

    assert read(started(lambda process: seen.append(process) or 0, "x" * 8191))[2] == 0
    stdout, stderr, code, _ = read(started(lambda process: seen.append(process) or 0, "x" * 8192))

    assert (stdout, stderr, code, len(seen)) == (b"", b"The command line is too long.\r\n", 1, 1)


def test_create_process_refuses_a_line_over_its_limit():
    """Without cmd.exe the limit is 32,767 characters."""
    Command(SETTINGS, "x" * 32_767, skip_cmd_shell=True)

    with pytest.raises(WsmanFault):
        Command(SETTINGS, "x" * 32_768, skip_cmd_shell=True)


def test_arguments_are_part_of_the_command_line():
    """The executor has the line a program would see, and the pieces the client sent."""
    command = Command(SETTINGS, "program", ["-a", "b c"])

    assert (command.command_line, command.arguments) == ("program -a b c", ("-a", "b c"))
