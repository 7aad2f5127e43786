"""powershell.exe as the client sees it: command line, exit code, code page, and CLIXML on standard error."""

import threading
import xml.etree.ElementTree as ET

import pytest

from runbook_lib.lab.powershell import Environment
from runbook_lib.lab.powershell.host import CANCELLED_EXIT_CODE, UNSUPPORTED_EXIT_CODE, run_powershell

NAMESPACE = "{http://schemas.microsoft.com/powershell/2004/04}"


def records(err, stream):
    """The texts of one stream of a CLIXML document, its line breaks decoded."""
    header, _, document = err.partition("\r\n")
    assert header == "#< CLIXML"
    root = ET.fromstring(document)
    lines = [item.text or "" for item in root.iter(f"{NAMESPACE}S") if item.get("S") == stream]
    return [line.replace("_x000D__x000A_", "\n") for line in lines]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("'done'", 0),
        ("exit 7", 7),
        ("try { exit 3 } catch { 'caught' }", 3),
        ("throw 'no'", 1),
        ("Get-Thing -Name none", 1),
        ("Get-Thing -Name none; 'after'", 0),
        ("Get-Thing -Name none -ErrorAction SilentlyContinue", 1),
        ("$all = @(Get-Thing -Name none -ErrorAction SilentlyContinue)", 0),
        ("return", 0),
    ],
)
def test_exit_codes(script, code, shell):
    """about_PowerShell_exe: exit's code, 1 after an uncaught error or a failed last statement, otherwise 0."""
    assert shell(script).code == code


def test_the_first_record_is_the_module_progress(shell):
    """A real server reports it before the script can silence progress, also when all goes well."""
    outcome = shell("$ProgressPreference = 'SilentlyContinue'; 'x'")
    assert outcome.code == 0
    assert "<AV>Preparing modules for first use.</AV>" in outcome.err
    assert records(outcome.err, "Error") == []


def test_an_error_is_shown_with_place_category_and_identifier(shell):
    """The error stream holds PowerShell's normal view, one line an element, wrapped like a console of 80 columns."""
    outcome = shell("'x'\nthrow '<" + "long " * 30 + ">'")
    lines = records(outcome.err, "Error")
    assert max(len(line.rstrip("\n")) for line in lines) <= 79
    assert lines[0].startswith("<long long")
    assert "At line:2 char:1\n" in lines
    assert "    + CategoryInfo          : OperationStopped: (:) [], RuntimeException\n" in lines


def test_an_error_of_a_cmdlet_names_it(shell):
    """The view begins with the cmdlet's name."""
    outcome = shell("Get-Thing -Name none; 'after'")
    assert records(outcome.err, "Error")[0] == "Get-Thing : There is no such thing.\n"
    assert outcome.out == "after\r\n"


def test_warnings_have_their_own_stream(shell):
    """A warning is no error, and its text is escaped."""
    outcome = shell("Set-Thing -Name loud; Write-Warning -Message 'and mine'")
    assert records(outcome.err, "warning") == ["Changing <loud>.", "and mine"]
    assert records(outcome.err, "Error") == []


def test_warnings_and_progress_can_be_silenced(shell):
    """The preference variables work from where they are set."""
    script = "$WarningPreference = 'SilentlyContinue'; $ProgressPreference = 'SilentlyContinue'\n"
    outcome = shell(script + "Write-Warning -Message 'x'; Write-Progress -Activity 'busy'")
    assert records(outcome.err, "warning") == []
    assert "busy" not in outcome.err


def test_progress_of_a_script_is_recorded(shell):
    """Progress that is not silenced arrives as a record."""
    assert "<AV>busy</AV>" in shell("Write-Progress -Activity 'busy'").err


def test_standard_error_written_directly_is_no_clixml(shell):
    """[Console]::Error bypasses the record stream, as on a real server."""
    assert shell("[Console]::Error.WriteLine('plain')").err.count("plain\r\n") == 1


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "é ł 語"), ("cp437", "é ? ?"), ("cp1252", "é ? ?")],
)
def test_the_code_page_decides_which_signs_survive(encoding, shown, shell):
    """Signs that the shell's code page lacks become question marks."""
    assert shell("'é ł 語'", encoding=encoding).out == f"{shown}\r\n"


def test_control_signs_survive_clixml(shell):
    """Error text with controls, signs beyond the basic plane and text that looks like an escape stays well-formed."""
    outcome = shell("throw 'a\x1b_x0041_\U0001f600'")
    assert records(outcome.err, "Error")[0] == "a_x001B__x005F_x0041__xD83D__xDE00_\n"


def test_standard_input_is_read_by_line_and_only_once(shell):
    """$input hands over the lines; a second reading finds nothing left."""
    outcome = shell('foreach ($l in $input) { "<$l>" }; @($input).Count', stdin=b"a\r\nb\r\n")
    assert outcome.out == "<a>\r\n<b>\r\n0\r\n"


def test_standard_input_as_a_whole(shell):
    """[Console]::In reads to the end."""
    assert shell("[Console]::In.ReadToEnd().Length", stdin=b"a\r\nb").out == "4\r\n"


def test_standard_input_is_left_alone_by_a_script_that_does_not_ask(shell):
    """A script without $input ends although the client never closes standard input."""

    def never():
        raise AssertionError("nobody asked for standard input")

    code = run_powershell(
        "powershell -NonInteractive -EncodedCommand MQA=",
        read_stdin=never,
        write_stdout=lambda _: None,
        write_stderr=lambda _: None,
        encoding="utf-8",
        environment=Environment(),
    )
    assert code == 0


@pytest.mark.parametrize(
    "line",
    [
        "cmd.exe /c dir",
        "powershell -NonInteractive -Command 1",
        "powershell -NonInteractive -File a.ps1",
        "powershell -NonInteractive -EncodedCommand not-base64!",
        "powershell -EncodedCommand MQA=",
        "powershell -NonInteractive",
        "powershell -NonInteractive -WindowStyle Hidden -EncodedCommand MQA=",
    ],
)
def test_other_command_lines_are_a_gap(line, shell):
    """Only the one form that the kit sends is understood."""
    assert shell(line=line).code == UNSUPPORTED_EXIT_CODE


@pytest.mark.parametrize(
    "line",
    [
        "powershell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand MQA=",
        r"C:\Windows\System32\WindowsPowerShell\v1.0\POWERSHELL.EXE -nologo -noninteractive -encodedcommand MQA=",
    ],
)
def test_the_form_that_is_understood(line, shell):
    """Names ignore case, and the program may be given with its folder."""
    outcome = shell(line=line)
    assert (outcome.code, outcome.out) == (0, "1\r\n")


def test_a_cancelled_process_stops_at_the_next_statement(shell):
    """Ctrl-C of the client ends the script; what was written stays."""
    cancelled = threading.Event()
    outcome = shell("'one'; Start-Sleep -Seconds 1; 'two'", cancelled=cancelled, sleep=lambda _: cancelled.set())
    assert (outcome.code, outcome.out) == (CANCELLED_EXIT_CODE, "one\r\n")
