"""The sync server's adapter over real WinRM exchanges: the lab's endpoint, with a PowerShell played in Python behind it."""

import math
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from runbook_lib.adapters.scripts import bootstrap_arguments, load_script
from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.adapters.sync_server.client import IDLE_SECONDS, Client
from runbook_lib.adapters.sync_server.shell import SEND_BYTES
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    OutcomeUnknown,
    ScriptFailed,
    SignInFailed,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.lab.wsman import (
    Accounts,
    Limits,
    Listener,
    Process,
    Verdict,
    WsmanFault,
)
from runbook_lib.ports import Answer, Request
from tests.contract.powershell import CHANGE, HOST, PASSWORD, Stopped, answer_with_arguments

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def until_finished(process: Process) -> Verdict:
    process.finished.wait(5)
    return Verdict.PROCEED


def hang(process: Process) -> int:
    process.read_stdin()
    process.cancelled.wait(10)
    return 1


def test_all_readings_of_a_call_share_one_process_and_four_exchanges(place, server):
    place.trouble.meet("before", "Receive", until_finished, times=0)
    answers = server.read([Request("host"), Request("scheduler"), Request("writeback_events", {"minutes": 5})])

    assert [answer.name for answer in answers] == ["host", "scheduler", "writeback_events"]
    assert answers[2].body == {"minutes": 5}
    assert place.actions == ["Create", "Command", "Send", "Receive", "Signal"]
    assert server.exchanges == 5
    assert [item["script"] for item in place.remote.ran] == [load_script(answer.name) for answer in answers]


def test_the_shell_is_kept_between_calls_and_deleted_at_the_end(place, server):
    server.read(HOST)
    server.read(HOST)

    assert place.actions.count("Create") == 1
    assert len(place.remote.processes) == 2
    server.close()
    server.close()
    assert place.service.open_shells == 0
    assert place.actions.count("Delete") == 1


def test_the_process_is_started_without_cmd_and_fed_through_a_pipe_in_utf_8(place, server):
    server.read(HOST)

    (process,) = place.remote.processes
    assert process.command_line == " ".join(["powershell.exe", *bootstrap_arguments()])
    assert process.skip_cmd_shell
    assert not process.console_mode_stdin
    assert process.encoding == "utf-8"
    assert process.read_stdin().count(b"\n") == 1


def test_an_answer_says_when_it_came_and_how_to_find_it_in_the_servers_log(place, server):
    (answer,) = server.read(HOST)

    (exchange,) = [each for each in place.service.exchanges if each.action == "Send"]
    assert answer.at == "2026-01-02T03:04:05+00:00"
    assert answer.request_id == f"{exchange.shell_id}/{exchange.command_id}/host"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_any_arguments_arrive_and_come_back_unchanged(server, arguments):
    (answer,) = server.read([Request("host", arguments)])

    assert answer.body == arguments


@pytest.mark.parametrize(
    "text",
    [
        "'\"`",
        "a\r\nb\x00",
        "😀 é",
        "\u202e\u05d0\u0627",
        "$(Remove-Item x) ${env:x} `n",
        "<script>&amp;]]>",
        "_x000A_",
        "%PATH%^&|",
    ],
)
def test_text_with_a_meaning_elsewhere_is_only_data(server, text):
    (answer,) = server.read([Request("host", {text: [text]})])

    assert answer.body == {text: [text]}


def test_large_requests_are_sent_in_parts_and_large_answers_put_together(place, server):
    large = {"text": "é" * 60_000}
    (answer,) = server.read([Request("host", large)])

    assert answer.body == large
    assert place.actions.count("Send") == math.ceil(len(place.remote.processes[0].read_stdin()) / SEND_BYTES) > 1
    assert place.actions.count("Receive") > 1


def test_a_script_that_fails_has_its_error_in_its_place(place, server):
    problem = {"message": "no", "type": "System.Exception", "id": "x,y", "category": "NotSpecified"}
    place.remote.answer = lambda item: (
        {"name": item["name"], "ok": False, "problem": problem}
        if item["name"] == "host"
        else answer_with_arguments(item)
    )

    failed, answered = server.read([Request("host"), Request("scheduler")])

    assert isinstance(failed, ScriptFailed)
    assert failed.error_id == "x,y"
    assert isinstance(answered, Answer)


@pytest.mark.parametrize(
    "values",
    [
        {"transport": "basic"},
        {"transport": "certificate"},
        {"transport": "ntlm", "username": "LAB\\svc"},
        {"transport": "ntlm", "username": "LAB\\svc", "plain": True, "ca_file": None},
        {"transport": "credssp", "username": "LAB\\svc"},
    ],
    ids=["basic", "certificate", "ntlm", "ntlm sealed over http", "credssp"],
)
def test_readings_and_changes_go_over_every_transport(place, values):
    if values["transport"] == "certificate":
        values = {**values, "certificate_file": place.client_certificate, "key_file": place.client_key}
    server = place.server(**values)

    (answer,) = server.read(HOST)
    changed = server.perform(CHANGE)
    server.close()

    assert isinstance(answer, Answer)
    assert changed.body == CHANGE.arguments
    assert place.service.open_shells == 0


@pytest.mark.parametrize(("transport", "expected"), [("credssp", True), ("ntlm", False), ("basic", False)])
def test_only_credssp_hands_the_password_over_for_a_second_hop(place, transport, expected):
    server = place.server(transport=transport, username="LAB\\svc")

    server.read(HOST)
    server.close()

    assert [process.is_delegated for process in place.remote.processes] == [expected]


@pytest.mark.parametrize("change", [{"password": SecretStr("wrong")}, {"username": "LAB\\nobody"}])
def test_a_refused_credssp_sign_in_is_said_and_nothing_is_sent(place, change):
    server = place.server(**{"transport": "credssp", "username": "LAB\\svc", **change})

    (error,) = server.read(HOST)
    with pytest.raises(SignInFailed):
        server.perform(CHANGE)
    server.close()

    assert (type(error), error.message.key) == (SignInFailed, "credssp-refused")
    assert "Enable-WSManCredSSP" in error.say("fr")
    assert place.actions == []


def test_a_server_without_credssp_says_so(place, papers):
    with Listener(place.service, Accounts([]), tls=papers["context"], certificate=papers["server"]) as plain:
        values = {"username": "LAB\\svc", "password": SecretStr(PASSWORD), "ca_file": place.ca}
        server = SyncServer(Connection(plain.url, "credssp", **values), clock=Stopped())
        (error,) = server.read(HOST)
        server.close()

    assert error.message.key == "credssp-refused"


def test_a_fault_in_answer_to_the_first_request_is_no_failed_sign_in(place):
    place.trouble.meet("before", "Create", WsmanFault(5, "w:AccessDenied", "Access is denied."))
    server = place.server(transport="credssp", username="LAB\\svc")

    (error,) = server.read(HOST)
    server.close()

    assert isinstance(error, NotPermitted)


def test_a_refused_account_is_named_and_its_password_is_not(place):
    wrong = "not the passw0rd"
    server = place.server(password=SecretStr(wrong))

    first, second = server.read([*HOST, Request("scheduler")])

    assert first is second
    assert isinstance(first, SignInFailed)
    assert "svc" in first.say("fr")
    assert wrong not in f"{first!r} {first.say('en')} {first.say('fr')} {first.__cause__!r}"
    with pytest.raises(SignInFailed):
        server.perform(CHANGE)
    server.close()


def test_a_server_of_another_authority_is_refused_and_the_ca_file_named(place, papers):
    other = papers["folder"] / "other.pem"
    server = place.server(ca_file=other)

    (error,) = server.read(HOST)

    assert isinstance(error, CannotConnect)
    assert error.message.key == "winrm-not-trusted"
    assert str(other) in error.say("en")
    with pytest.raises(CannotConnect):
        server.perform(CHANGE)
    assert place.actions == []


def test_the_environment_changes_neither_trust_nor_route(place, papers):
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CURL_CA_BUNDLE"] = str(papers["folder"] / "other.pem")
    os.environ["HTTPS_PROXY"] = os.environ["ALL_PROXY"] = "http://127.0.0.1:9"
    trusting = place.server()
    (answer,) = trusting.read(HOST)
    trusting.close()
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CURL_CA_BUNDLE"] = str(place.ca)
    (error,) = place.server(ca_file=papers["folder"] / "other.pem").read(HOST)

    assert isinstance(answer, Answer)
    assert isinstance(error, CannotConnect)


def test_a_netrc_file_does_not_replace_the_certificate(place, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n", encoding="ascii")
    os.environ["NETRC"] = str(netrc)
    server = place.server(transport="certificate", certificate_file=place.client_certificate, key_file=place.client_key)

    (answer,) = server.read(HOST)
    server.close()

    assert isinstance(answer, Answer)


def test_the_environments_proxy_is_used_when_asked_for(place):
    os.environ["HTTPS_PROXY"] = "http://127.0.0.1:9"
    (error,) = place.server(use_environment_proxy=True).read(HOST)

    assert isinstance(error, CannotConnect)
    assert place.actions == []


def test_without_a_ca_file_the_operating_systems_authorities_are_trusted(place):
    (unknown,) = place.server(ca_file=None).read(HOST)
    os.environ["SSL_CERT_FILE"] = str(place.ca)  # where OpenSSL looks for the system's
    server = place.server(ca_file=None)
    (known,) = server.read(HOST)
    server.close()

    assert unknown.message.key == "winrm-not-trusted"
    assert isinstance(known, Answer)


def test_a_reading_that_takes_too_long_is_ended(place):
    place.remote.speak = hang
    server = place.server(deadline_seconds=1)

    (error,) = server.read(HOST)
    server.close()

    assert isinstance(error, TargetTimeout)
    assert error.message.key == "winrm-deadline"
    assert place.remote.processes[0].cancelled.is_set()
    assert place.service.open_shells == 0


def test_a_reading_may_be_silent_for_longer_than_one_operation(place):
    def slow(process: Process) -> int:
        process.cancelled.wait(1.2)
        place.remote.speak = None
        return place.remote(process)

    place.remote.speak = slow
    server = place.server(operation_timeout_seconds=1)

    (answer,) = server.read(HOST)
    server.close()

    assert isinstance(answer, Answer)
    assert place.actions.count("Receive") >= 2


def test_a_change_that_takes_too_long_has_an_unknown_outcome(place):
    place.remote.speak = hang
    server = place.server(deadline_seconds=1)

    with pytest.raises(OutcomeUnknown) as unknown:
        server.perform(CHANGE)

    server.close()
    assert unknown.value.message.key == "change-unanswered"
    assert len(place.remote.processes) == 1


@pytest.mark.parametrize(
    ("when", "action"), [("after", "Command"), ("before", "Send"), ("after", "Send"), ("after", "Receive")]
)
def test_a_change_whose_reply_is_lost_has_an_unknown_outcome_and_is_not_sent_again(place, server, when, action):
    place.trouble.meet(when, action, Verdict.DROP)

    with pytest.raises(OutcomeUnknown) as unknown:
        server.perform(CHANGE)

    assert unknown.value.exit_code == 4
    assert "set_password_writeback" in unknown.value.say("fr")
    assert place.actions.count("Command") == 1
    assert len(place.remote.ran) <= 1


def test_a_change_refused_before_the_process_started_was_certainly_not_sent(place, server):
    place.trouble.meet("before", "Command", Verdict.REFUSE)

    with pytest.raises(SignInFailed):
        server.perform(CHANGE)

    assert place.remote.processes == []


def test_a_change_that_cannot_connect_was_certainly_not_sent(place):
    gone = SyncServer(Connection("https://localhost:9/wsman", "basic", "svc", SecretStr(PASSWORD)), clock=Stopped())

    with pytest.raises(CannotConnect) as refused:
        gone.perform(CHANGE)

    assert "localhost:9" in refused.value.say("fr")


@pytest.mark.parametrize("number", [2150858843, 2150859174])
def test_a_change_in_a_spent_shell_is_not_sent_and_the_next_call_opens_a_new_one(place, server, number):
    server.read(HOST)
    place.remote.ran.clear()
    place.trouble.meet("before", "Command", WsmanFault(number, "w:InvalidSelectors", "spent"))

    with pytest.raises((CannotConnect, Throttled)):
        server.perform(CHANGE)

    assert place.remote.ran == []
    assert server.perform(CHANGE).body == CHANGE.arguments
    assert place.actions.count("Create") == 2


def test_an_unknown_fault_to_a_change_is_not_taken_for_a_refusal(place, server):
    place.trouble.meet("after", "Command", WsmanFault(995, "w:InternalError", "aborted", by_sender=False))

    with pytest.raises(OutcomeUnknown):
        server.perform(CHANGE)


def test_a_change_that_the_script_refuses_says_why(place, server):
    problem = {"message": "E_FAIL", "type": "x", "id": "x", "category": "NotSpecified"}
    place.remote.answer = lambda item: {"name": item["name"], "ok": False, "problem": problem}

    with pytest.raises(ScriptFailed) as refused:
        server.perform(CHANGE)

    assert refused.value.message.key == "writeback-invalid-state"


@pytest.mark.parametrize("exit_code", [0, 1])
def test_a_change_whose_process_ends_without_an_answer_has_an_unknown_outcome(place, server, exit_code):
    def mute(process: Process) -> int:
        process.read_stdin()
        process.write_stderr(b"out of memory")
        return exit_code

    place.remote.speak = mute

    with pytest.raises(OutcomeUnknown) as unknown:
        server.perform(CHANGE)

    assert "out of memory" in str(unknown.value)


@pytest.mark.parametrize("number", [2150858843, 2150859174, 2147943418])
@pytest.mark.parametrize("action", ["Command", "Send", "Receive"])
def test_a_reading_in_a_spent_shell_is_asked_again_in_a_new_one(place, server, action, number):
    server.read(HOST)
    place.trouble.meet("before", action, WsmanFault(number, "w:InvalidSelectors", "spent"))

    (answer,) = server.read(HOST)

    assert isinstance(answer, Answer)
    assert place.actions.count("Create") == 2


def test_a_process_whose_shell_is_gone_is_not_asked_for_its_output(place, server):
    place.trouble.meet("before", "Send", WsmanFault(2150858843, "w:InvalidSelectors", "spent"))

    server.read(HOST)

    assert place.actions[:4] == ["Create", "Command", "Send", "Signal"]


def test_a_shell_that_stays_spent_is_reported_after_two_more_tries(place, server):
    place.trouble.meet("before", "Command", WsmanFault(2150859174, "w:QuotaLimit", "too many"), times=0)

    (error,) = server.read(HOST)

    assert isinstance(error, Throttled)
    assert "2150859174" in str(error)
    assert place.actions.count("Create") == 3


@pytest.fixture
def one_shell(place) -> Iterator[SyncServer]:
    other = place.server()
    other.read(HOST)
    yield other
    other.close()


@pytest.mark.parametrize("limits", [Limits(shells_per_user=1)], ids=["one shell"])
def test_no_room_for_another_shell_is_said_with_what_to_do(place, one_shell):
    (error,) = place.server().read(HOST)

    assert isinstance(error, Throttled)
    assert "2150859173" in str(error)
    assert error.say("en") != str(error)


def test_access_denied_by_the_service_is_no_failed_sign_in(place, server):
    place.trouble.meet("before", "Create", WsmanFault(5, "w:AccessDenied", "Access is denied."))

    (error,) = server.read(HOST)

    assert isinstance(error, NotPermitted)


@pytest.mark.parametrize("what", [Verdict.DROP, Verdict.REFUSE, WsmanFault(995, "w:InternalError", "aborted")])
def test_trouble_while_cleaning_up_hides_neither_answer_nor_error(place, server, what):
    place.trouble.meet("before", "Signal", what, times=0)
    place.trouble.meet("before", "Delete", what, times=0)
    (answer,) = server.read(HOST)
    place.trouble.meet("after", "Receive", Verdict.DROP, times=0)
    (error,) = server.read(HOST)
    server.close()

    assert isinstance(answer, Answer)
    assert isinstance(error, CannotConnect)
    assert error.message.arguments["operation"] == "Receive"


@pytest.mark.parametrize("values", [{}, {"transport": "ntlm", "plain": True, "ca_file": None}], ids=["https", "sealed"])
def test_a_connection_left_idle_is_replaced_before_the_server_drops_it(place, values):
    times = iter([0.0, *[1.0] * 2, *[2.0 + IDLE_SECONDS] * 2, *[3.0 + IDLE_SECONDS] * 9])
    client = Client(place.connection(**values), monotonic=lambda: next(times))

    first_shell = client.open_shell(codepage=65001)
    first_session = client.transport.session
    client.close_shell(first_shell, close_session=False)
    second_session = client.transport.session
    client.open_shell(codepage=65001)

    assert second_session is not first_session
    assert client.transport.session is second_session
    assert client.exchanges == 3
    client.transport.close_session()


def says(stdout: bytes = b"", stderr: bytes = b"", exit_code: int = 0) -> Callable[[Process], int]:
    def speak(process: Process) -> int:
        process.read_stdin()
        process.write_stdout(stdout)
        process.write_stderr(stderr)
        return exit_code

    return speak


@pytest.mark.parametrize("stdout", [b"", b"hello\r\n", b"\xff\r\n", b"\x1b[2J" + PASSWORD.encode() + b"\r\n"])
def test_output_that_is_no_answer_is_refused_with_a_safe_excerpt(place, server, stdout):
    place.remote.speak = says(stdout)

    (error,) = server.read(HOST)

    assert isinstance(error, UnexpectedReply)
    assert PASSWORD not in str(error)
    assert str(error).isprintable()


CLIXML = (
    b'#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    b'<S S="Warning">careful</S><S S="Error">it broke_x000D__x000A_</S></Objs>'
)


def test_a_process_that_fails_is_told_by_its_error_records(place, server):
    place.remote.speak = says(stderr=CLIXML, exit_code=1)

    (error,) = server.read(HOST)

    assert isinstance(error, ScriptFailed)
    assert error.detail == "(1) it broke"


def test_standard_error_of_a_process_that_answered_is_not_looked_at(place, server):
    def noisy(process: Process) -> int:
        process.write_stderr(CLIXML)
        place.remote.speak = None
        return place.remote(process)

    place.remote.speak = noisy

    (answer,) = server.read(HOST)

    assert isinstance(answer, Answer)


def test_a_process_that_ends_before_it_reads_its_input_is_told_by_its_output(place, server):
    def dies(process: Process) -> int:
        process.write_stderr(b"This program is blocked by group policy.")
        return 1

    def broken_pipe(process: Process) -> Verdict:
        process.finished.wait(5)
        raise WsmanFault(232, "w:InternalError", "The pipe is being closed.", by_sender=False)

    place.remote.speak = dies
    place.trouble.meet("before", "Send", broken_pipe)
    place.trouble.meet("before", "Receive", until_finished)

    (error,) = server.read(HOST)

    assert isinstance(error, ScriptFailed)
    assert "blocked by group policy" in error.detail


def test_input_refused_by_a_process_that_still_runs_is_reported_as_it_was_refused(place):
    place.trouble.meet("before", "Send", WsmanFault(87, "w:InternalError", "The parameter is incorrect."))
    server = place.server(operation_timeout_seconds=1)

    (error,) = server.read(HOST)
    server.close()

    assert isinstance(error, UnexpectedReply)
    assert error.message.arguments["operation"] == "Send"


@dataclass
class Impostor:
    """What a peer answers to every request, and the paths it was asked for."""

    endpoint: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def impostor(papers) -> Iterator[Impostor]:
    """An HTTPS server with a trusted certificate that is no WinRM."""
    played = Impostor()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            played.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(played.status)
            for name, value in played.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(played.body)))
            self.end_headers()
            self.wfile.write(played.body)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *arguments):
            pass

    peer = HTTPServer(("127.0.0.1", 0), Handler)
    peer.socket = papers["context"].wrap_socket(peer.socket, server_side=True)
    played.endpoint = f"https://localhost:{peer.server_port}/wsman"
    thread = threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield played
    peer.shutdown()
    thread.join()
    peer.server_close()


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (200, {}, b"<html>Welcome</html>", UnexpectedReply),
        (200, {}, b"", UnexpectedReply),
        (200, {}, b"not xml", UnexpectedReply),
        (404, {}, b"", CannotConnect),
        (503, {}, b"\xff\xfe", UnexpectedReply),
        (302, {"Location": "/elsewhere"}, b"", CannotConnect),
        (307, {"Location": "/elsewhere"}, b"", CannotConnect),
    ],
)
def test_a_peer_that_is_no_winrm_is_found_out_at_once(impostor, papers, status, headers, body, kind):
    impostor.status, impostor.headers, impostor.body = status, headers, body
    ca = papers["folder"] / "ca.pem"
    server = SyncServer(Connection(impostor.endpoint, "basic", "svc", SecretStr(PASSWORD), ca_file=ca), clock=Stopped())

    (error,) = server.read(HOST)
    server.close()

    assert isinstance(error, kind)
    assert re.search(r"\bCreate\b", str(error))
    assert impostor.asked == ["/wsman"]
