"""The reader of CLIXML, on what powershell.exe is known to write and on anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.adapters.sync_server.clixml import Record, read_standard_error, unescape

OBJS = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">{}</Objs>'
PROGRESS = (
    '<Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN>'
    '<MS><I64 N="SourceId">1</I64><PR N="Record"><AV>Preparing modules for first use.</AV></PR></MS></Obj>'
)


def document(inside: str) -> bytes:
    return b"#< CLIXML\r\n" + OBJS.format(inside).encode()


def escaped(text: str) -> str:
    """Write a text as PowerShell does: what XML cannot hold, and what looks like an escape, as UTF-16 units."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"_x{units[at : at + 2].hex().upper()}_" for at in range(0, len(units), 2))


def test_records_are_kept_apart_by_stream_in_order():
    read = read_standard_error(document('<S S="Warning">w</S><S S="Error">one_x000D__x000A_</S><S S="Error">two</S>'))

    assert read.records == (Record("warning", "w"), Record("error", "one\r\n"), Record("error", "two"))
    assert read.complaint == "one\r\ntwo"


def test_progress_alone_is_no_complaint():
    read = read_standard_error(document(PROGRESS))

    assert [record.stream for record in read.records] == ["progress"]
    assert read.complaint == ""


def test_an_object_is_told_by_its_text_form():
    read = read_standard_error(document('<Obj S="Error" RefId="0"><ToString>it broke</ToString></Obj>'))

    assert read.complaint == "it broke"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"native words\r\n", b"\xff\xfe"])
def test_what_stands_before_a_document_does_not_hide_it(before):
    read = read_standard_error(before + document('<S S="Error">it broke</S>'))

    assert read.stream("error") == "it broke"


def test_several_documents_after_one_or_more_marks_are_all_read():
    one, two = OBJS.format('<S S="Error">1</S>'), OBJS.format('<S S="Error">2</S>')

    assert read_standard_error(f"#< CLIXML\r\n{one}{two}".encode()).complaint == "12"
    assert read_standard_error(f"#< CLIXML\r\n{one}#< CLIXML\r\n{two}".encode()).complaint == "12"


def test_native_text_is_the_complaint_when_there_is_no_error_record():
    assert read_standard_error(b"The command line is too long.\r\n").complaint == "The command line is too long."
    assert read_standard_error(document(PROGRESS) + b"'x' is not recognized").complaint == "'x' is not recognized"


def test_a_document_that_is_not_xml_is_native_text():
    read = read_standard_error(b'#< CLIXML\r\n<Objs><S S="Error">a & b</S></Objs>')

    assert read.records == ()
    assert read.native == '<Objs><S S="Error">a & b</S></Objs>'


def test_entities_cannot_be_declared_so_they_cannot_grow():
    read = read_standard_error(b'<!DOCTYPE Objs [<!ENTITY a "aaaa">]><Objs><S S="Error">&a;</S></Objs>')

    assert read.records == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a_x000A_b", "a\nb"),
        ("_x001B_[31m", "\x1b[31m"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "\ufffd"),
        ("_x005F_x000A_", "_x000A_"),
        ("_xZZZZ_", "_xZZZZ_"),
        ("_x00e9_", "é"),
    ],
)
def test_escapes_are_decoded_once(written, meant):
    assert unescape(written) == meant


@given(st.text())
def test_any_text_survives_being_escaped(text):
    assert unescape(escaped(text)) == text


@given(st.one_of(st.binary(), st.text().map(lambda text: f"#< CLIXML\r\n<Objs>{text}</Objs>".encode())))
def test_nothing_makes_the_reader_fail(data):
    read_standard_error(data)


@given(st.binary())
def test_a_cut_document_never_makes_the_reader_fail(junk):
    whole = document('<S S="Error">one_x000D__x000A_</S>') + junk
    for cut in range(0, len(whole), 7):
        read_standard_error(whole[:cut])
