"""What the service reads from a request and writes into an answer."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.lab.wsman import envelope, faults
from runbook_lib.lab.wsman.envelope import NAMESPACES, Node, WsmanFault, parse_request, seconds

# What XML 1.0 can carry; a carriage return is left out because every parser reads it as a line feed.
xml_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(text=xml_text, value=xml_text)
def test_a_rendered_element_reads_back_as_it_was(text, value):
    """No text or attribute value can break out of its element."""
    answer = envelope.response("an:action", "uuid:1", [Node("rsp:Stream", text, {"Name": value})])

    stream = ET.fromstring(answer).find("s:Body/rsp:Stream", NAMESPACES)
    assert (stream.text or "", stream.get("Name")) == (text, value)


def test_a_request_is_read_whole(client_of):
    """Every header the service uses is found, options by upper-case name."""
    message = client_of.message(
        "Create",
        "<rsp:Shell/>",
        shell="abc-1",
        options={"WinRS_NoProfile": "True"},
        size=9000,
        timeout="PT1.5S",
        message_id="uuid:7",
    )

    request = parse_request(message)

    assert request.action.endswith("/transfer/Create")
    assert request.resource_uri.endswith("/shell/cmd")
    assert (request.message_id, request.shell_id) == ("uuid:7", "ABC-1")
    assert (request.max_envelope_size, request.operation_timeout) == (9000, 1.5)
    assert request.flag("WINRS_NOPROFILE", default=False)
    assert request.flag("WINRS_OTHER", default=True)
    assert request.element("rsp:Shell") is not None


def test_headers_left_out_have_their_documented_defaults():
    """A client that says nothing of size and time gets 150 kB and a minute."""
    request = parse_request(b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>')

    assert (request.max_envelope_size, request.operation_timeout) == (153_600, 60.0)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&b;</s:Body></s:Envelope>'


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"not xml",
        b"<a><b></a>",
        b"<a/>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        BOMB,
        BOMB.decode().encode("utf-16"),
    ],
)
def test_a_malformed_request_is_a_schema_fault(message):
    """Nothing but a SOAP envelope without document type is read."""
    with pytest.raises(WsmanFault) as caught:
        parse_request(message)

    assert caught.value.code == faults.SCHEMA_VALIDATION_ERROR


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_parser(message):
    """Any input is a request or a fault."""
    with pytest.raises(WsmanFault):
        parse_request(message)


@pytest.mark.parametrize("size", ["-1", "1e3", "many", "²"])
def test_a_size_that_is_no_number_is_refused(client_of, size):
    """A header the service cannot read is not guessed."""
    with pytest.raises(WsmanFault):
        parse_request(client_of.message("Create", size=size))


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("PT20S", 20), ("PT0.5S", 0.5), ("PT1H1M1S", 3661), ("P1DT1S", 86_401), ("P0DT0H0M7.000S", 7), ("", 9)],
)
def test_a_duration_is_seconds(duration, expected):
    """xs:duration is read as clients write it; an absent one is the default."""
    assert seconds(duration, 9) == expected


@pytest.mark.parametrize("duration", ["P", "PT", "20", "PT-1S", "P1Y", "PT1S1H"])
def test_another_duration_is_a_fault(duration):
    """What is not understood is refused."""
    with pytest.raises(WsmanFault):
        seconds(duration, 9)


def test_a_fault_says_what_clients_look_for():
    """Code, sub-code with a declared prefix, reason, machine, and the message it relates to."""
    fault = ET.fromstring(envelope.fault(faults.unknown_shell("A<B"), "uuid:5", "LAB-7"))

    assert fault.findtext("s:Header/a:RelatesTo", namespaces=NAMESPACES) == "uuid:5"
    assert fault.findtext(".//s:Code/s:Value", namespaces=NAMESPACES) == "s:Sender"
    assert fault.findtext(".//s:Subcode/s:Value", namespaces=NAMESPACES) == "w:InvalidSelectors"
    assert fault.findtext(".//w:FaultDetail", namespaces=NAMESPACES).endswith("/faultDetail/UnexpectedSelectors")
    windows = fault.find(".//f:WSManFault", NAMESPACES)
    assert (windows.get("Code"), windows.get("Machine")) == ("2150858843", "LAB-7")
    assert "ShellId A<B failed" in windows.findtext("f:Message", namespaces=NAMESPACES)
