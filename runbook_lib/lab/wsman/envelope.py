"""WS-Management messages: reads what a client sent, writes what the service answers. It knows nothing of shells."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from runbook_lib.lab.wsman.faults import WsmanFault, malformed_request

TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
FAULT_DETAIL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"

# The prefixes Windows uses. Some clients look for a prefix instead of a namespace, so all are declared on every envelope.
NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": WSMAN,
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
    "x": TRANSFER,
    "rsp": SHELL,
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "wsmid": IDENTITY,
}

DEFAULT_OPERATION_TIMEOUT = 60.0  # seconds; MaxTimeoutms of a fresh service
DEFAULT_MAX_ENVELOPE_SIZE = 153_600  # bytes; what clients that send no header are taken to accept

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


@dataclass(frozen=True)
class Node:
    """One element to send: ``name`` is written with a prefix of ``NAMESPACES``."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def render(self) -> str:
        """Return the element as XML text, every value escaped."""
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        content = escape(self.text) + "".join(child.render() for child in self.children)
        return f"<{self.name}{attributes}>{content}</{self.name}>"


@dataclass(frozen=True)
class Request:
    """One parsed request. Times are seconds, sizes bytes; option names are upper-case; ``body`` is the ``s:Body`` element."""

    action: str
    message_id: str
    resource_uri: str
    shell_id: str
    options: Mapping[str, str]
    operation_timeout: float
    max_envelope_size: int
    body: ET.Element

    def element(self, path: str) -> ET.Element:
        """Return the element at ``path`` under the body; WsmanFault when the client left it out."""
        found = self.body.find(path, NAMESPACES)
        if found is None:
            raise malformed_request()
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """Read a Boolean option, ``TRUE`` or ``1`` in any case being true; ``default`` when it was not sent."""
        return self.options.get(name, str(default)).strip().upper() in {"TRUE", "1"}


class _Builder(ET.TreeBuilder):
    """Refuses a document type declaration before any entity in it is expanded."""

    def doctype(self, *_declaration: object) -> None:
        raise malformed_request()


def parse_request(message: bytes) -> Request:
    """Parse one SOAP request; raises WsmanFault when it is not the XML the service expects."""
    parser = ET.XMLParser(target=_Builder())  # noqa: S314 - without a document type there is nothing to expand
    try:
        parser.feed(message)
        envelope = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: an encoding nobody knows
        raise malformed_request() from error
    header, body = envelope.find("s:Header", NAMESPACES), envelope.find("s:Body", NAMESPACES)
    if body is None:
        raise malformed_request()
    if header is None:
        header = ET.Element("none")
    return Request(
        action=_text(header, "a:Action"),
        message_id=_text(header, "a:MessageID"),
        resource_uri=_text(header, "w:ResourceURI"),
        shell_id=_named(header, "w:SelectorSet/w:Selector").get("SHELLID", "").upper(),
        options=_named(header, "w:OptionSet/w:Option"),
        operation_timeout=seconds(_text(header, "w:OperationTimeout"), DEFAULT_OPERATION_TIMEOUT),
        max_envelope_size=_size(_text(header, "w:MaxEnvelopeSize")),
        body=body,
    )


def _text(parent: ET.Element, path: str) -> str:
    return (parent.findtext(path, namespaces=NAMESPACES) or "").strip()


def _named(header: ET.Element, path: str) -> dict[str, str]:
    return {item.get("Name", "").upper(): item.text or "" for item in header.findall(path, NAMESPACES)}


def _size(text: str) -> int:
    if not text:
        return DEFAULT_MAX_ENVELOPE_SIZE
    if not (text.isascii() and text.isdigit()):
        raise malformed_request()
    return int(text)


def seconds(duration: str, default: float) -> float:
    """Convert an ``xs:duration`` of days and smaller to seconds; an empty one gives ``default``, another shape WsmanFault."""
    if not duration:
        return default
    match = _DURATION.fullmatch(duration)
    if match is None or match.lastindex is None:
        raise malformed_request()
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def response(action: str, relates_to: str, content: Iterable[Node]) -> bytes:
    """Write the envelope of a successful answer."""
    return _envelope(action, relates_to, content)


def fault(problem: WsmanFault, relates_to: str, machine: str) -> bytes:
    """Write the envelope of a fault, as the computer named ``machine``."""
    code = Node(
        "s:Code",
        children=(
            Node("s:Value", "s:Sender" if problem.by_sender else "s:Receiver"),
            Node("s:Subcode", children=(Node("s:Value", problem.subcode),)),
        ),
    )
    reason = Node("s:Reason", children=(Node("s:Text", problem.reason, {"xml:lang": "en-US"}),))
    named = (Node("w:FaultDetail", FAULT_DETAIL + problem.detail),) if problem.detail else ()
    windows = Node(
        "f:WSManFault",
        attributes={"Code": str(problem.code), "Machine": machine},
        children=(Node("f:Message", problem.message),),
    )
    return _envelope(
        FAULT_ACTION,
        relates_to,
        [Node("s:Fault", children=(code, reason, Node("s:Detail", children=(*named, windows))))],
    )


def _envelope(action: str, relates_to: str, content: Iterable[Node]) -> bytes:
    header = [
        Node("a:Action", action),
        Node("a:MessageID", f"uuid:{uuid.uuid4()}".upper().replace("UUID:", "uuid:")),
        Node("a:To", ANONYMOUS),
    ]
    if relates_to:
        header.append(Node("a:RelatesTo", relates_to))
    attributes = {"xml:lang": "en-US"} | {f"xmlns:{prefix}": uri for prefix, uri in NAMESPACES.items()}
    envelope = Node(
        "s:Envelope",
        attributes=attributes,
        children=(Node("s:Header", children=tuple(header)), Node("s:Body", children=tuple(content))),
    )
    return envelope.render().encode()
