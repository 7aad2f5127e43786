"""A client reduced to what the unit tests need: it writes requests as text and reads answers with the standard library."""

from __future__ import annotations

import base64
import uuid
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest

from runbook_lib.lab.wsman.envelope import NAMESPACES, SHELL, TRANSFER

ACTIONS = {name: f"{TRANSFER}/{name}" for name in ("Create", "Delete", "Get")} | {
    name: f"{SHELL}/{name}" for name in ("Command", "Send", "Receive", "Signal")
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


class Client:
    """Speaks to one Service as one user, without HTTP."""

    def __init__(self, service, user="LAB\\one"):
        self.service = service
        self.user = user

    @staticmethod
    def message(
        action, body="", *, shell="", options=None, size=153_600, timeout="PT5S", uri=f"{SHELL}/cmd", message_id=""
    ):
        """Return one request; ``body`` is XML, everything else plain text."""
        chosen = "".join(f"<w:Option Name={quoteattr(k)}>{escape(v)}</w:Option>" for k, v in (options or {}).items())
        return (
            f"<s:Envelope {DECLARED}><s:Header><a:Action>{ACTIONS.get(action, action)}</a:Action>"
            f"<a:MessageID>{message_id or f'uuid:{uuid.uuid4()}'}</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>"
            f"<w:MaxEnvelopeSize>{size}</w:MaxEnvelopeSize><w:OperationTimeout>{timeout}</w:OperationTimeout>"
            f"<w:OptionSet>{chosen}</w:OptionSet>"
            f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></s:Header>'
            f"<s:Body>{body}</s:Body></s:Envelope>"
        ).encode()

    def send(self, action, body="", **header):
        """Return the Answer and its parsed envelope (None when there is none)."""
        answer = self.service.answer(self.message(action, body, **header), self.user)
        return answer, ET.fromstring(answer.body) if answer.body else None

    def fault(self, action, body="", **header):
        """Send what must be answered by a fault; return its code."""
        answer, envelope = self.send(action, body, **header)
        assert answer.status == 500
        return int(envelope.find(".//f:WSManFault", NAMESPACES).get("Code"))

    def open(self, inside="", **header):
        """Open a shell and return its identifier."""
        answer, envelope = self.send("Create", f"<rsp:Shell>{inside}</rsp:Shell>", **header)
        assert answer.status == 200
        return envelope.findtext(".//rsp:ShellId", namespaces=NAMESPACES)

    def start(self, shell, line, **header):
        """Start a command and return its identifier."""
        body = f"<rsp:CommandLine><rsp:Command>{escape(line)}</rsp:Command></rsp:CommandLine>"
        answer, envelope = self.send("Command", body, shell=shell, **header)
        assert answer.status == 200
        return envelope.findtext(".//rsp:CommandId", namespaces=NAMESPACES)

    def feed(self, shell, command, data, *, end=True):
        """Send standard input."""
        text = base64.b64encode(data).decode()
        return self.send(
            "Send",
            f'<rsp:Send><rsp:Stream Name="stdin" CommandId="{command}" End="{end}">{text}</rsp:Stream></rsp:Send>',
            shell=shell,
        )[0]

    def signal(self, shell, command, code):
        """Send a signal by its short name."""
        body = f'<rsp:Signal CommandId="{command}"><rsp:Code>{SHELL}/signal/{code}</rsp:Code></rsp:Signal>'
        return self.send("Signal", body, shell=shell)[0]

    @staticmethod
    def receive_body(command):
        """Return the body of a Receive of both streams."""
        return f'<rsp:Receive><rsp:DesiredStream CommandId="{command}">stdout stderr</rsp:DesiredStream></rsp:Receive>'

    def receive(self, shell, command, **header):
        """Receive once: the Answer, bytes by stream name, and the exit code or None."""
        answer, envelope = self.send("Receive", self.receive_body(command), shell=shell, **header)
        streams = {}
        for stream in envelope.iterfind(".//rsp:Stream", NAMESPACES):
            streams[stream.get("Name")] = streams.get(stream.get("Name"), b"") + base64.b64decode(stream.text or "")
        code = envelope.findtext(".//rsp:ExitCode", namespaces=NAMESPACES)
        return answer, streams, None if code is None else int(code)

    def read(self, shell, command, **header):
        """Receive until the command is done: standard output, standard error, exit code, size of each envelope."""
        stdout, stderr, code, sizes = b"", b"", None, []
        while code is None:
            answer, streams, code = self.receive(shell, command, **header)
            assert answer.status == 200
            stdout, stderr = stdout + streams.get("stdout", b""), stderr + streams.get("stderr", b"")
            sizes.append(len(answer.body))
        return stdout, stderr, code, sizes


@pytest.fixture(scope="session")
def client_of():
    """Make a client of a service: ``client_of(service)`` or ``client_of(service, user)``."""
    return Client
