"""The zip file of a bundle: the same bytes for the same files, and nothing else is read: no bomb, no name that leads elsewhere."""

import io
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.sealing.archive import MOST_BYTES, pack, unpack

FILES = {"journal.jsonl": b'{"n":1}\n' * 50, "raw/0001-x.json": b"{}", "empty.txt": b""}

PARTS = st.text("abz09_", min_size=1, max_size=6)
NAMES = st.builds(lambda parts, end: "/".join(parts) + end, st.lists(PARTS, min_size=1, max_size=4), st.just(".txt"))


@given(st.dictionaries(NAMES, st.binary(max_size=300), min_size=1, max_size=6))
def test_what_was_packed_is_what_is_unpacked(files: dict[str, bytes]) -> None:
    packed = pack(files)

    assert unpack(packed) == files
    assert pack(dict(reversed(files.items()))) == packed


def test_others_read_it_and_nobody_else_may(tmp_path: Path) -> None:
    """Zipfile and unzip find the same, without a complaint; the files are their owner's alone."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(pack(FILES))

    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        assert {each.filename: opened.read(each) for each in opened.infolist()} == FILES
        assert {each.date_time for each in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert subprocess.run(["unzip", "-tq", str(path)], capture_output=True, check=False).returncode == 0
    subprocess.run(["unzip", "-q", str(path), "-d", str(tmp_path / "to")], check=True)
    assert (tmp_path / "to" / "raw" / "0001-x.json").stat().st_mode & 0o777 == 0o600


def refusal(content: bytes) -> str:
    with pytest.raises(EvidenceError) as refused:
        unpack(content)
    return refused.value.message.key


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_no_byte_can_be_changed_but_where_two_streams_say_the_same(flip: int) -> None:
    """What is unpacked in spite of a changed byte is the same, to the byte."""
    packed = pack(FILES)
    survived = 0
    for at in range(len(packed)):
        changed = bytearray(packed)
        changed[at] ^= flip
        try:
            assert unpack(bytes(changed)) == FILES
            survived += 1
        except EvidenceError:
            continue

    assert survived <= len(FILES)  # the unused bits at the end of a stream


@pytest.mark.parametrize(
    "changed",
    [
        lambda packed: b"#!/bin/sh\n" + packed,
        lambda packed: packed + b"x",
        lambda packed: packed[:-2] + struct.pack("<H", 5) + b"note!",
        lambda packed: packed[:-1],
        lambda packed: packed * 2,
        lambda packed: b"",
        lambda packed: b"PK\x05\x06" + bytes(18),
        lambda packed: packed[: packed.index(b"PK\x01\x02")] + b"hidden" + packed[packed.index(b"PK\x01\x02") :],
    ],
    ids=["before", "after", "comment", "cut-off", "twice", "nothing", "no-files", "between"],
)
def test_nothing_may_stand_before_after_or_between_the_files(changed: Callable[[bytes], bytes]) -> None:
    assert refusal(changed(pack(FILES))).startswith("archive-")


def foreign(*names: str, content: bytes = b"x", **settings: int) -> bytes:
    """A zip file that another program wrote."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as writing:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for setting, value in settings.items():
                setattr(entry, setting, value)
            writing.writestr(entry, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/passwd",
        "a/../../evil",
        "C:\\evil.txt",
        "a\\b",
        "C:evil",
        "nul\x01.txt",
        ".hidden",
        "a//b",
        "a/",
        "a/./b",
        "name.",
        "é.txt",
        "a b.txt",
        "a/b/c/d/e.txt",
        "x" * 200,
    ],
)
def test_a_name_that_leads_elsewhere_or_that_some_system_cannot_hold_is_refused(name: str) -> None:
    assert refusal(foreign(name)) in ("archive-name", "archive-structure")
    with pytest.raises(EvidenceError):
        pack({name: b"x"})


@pytest.mark.parametrize("names", [("a.txt", "A.txt"), ("raw/x", "RAW/x"), ("a", "a/b"), ("A", "a/b")])
def test_names_that_would_be_one_file_on_some_system_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(EvidenceError) as refused:
        pack(dict.fromkeys(names, b"x"))

    assert refused.value.message.key in ("archive-alike", "archive-name")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused() -> None:
    twice = pack({"a.txt": b"1"})
    first = twice[: twice.index(b"PK\x01\x02")]

    assert refusal(first + first + twice[len(first) :]) == "archive-twice"
    assert refusal(foreign("a.txt", "a.txt")).startswith("archive-")


def test_a_link_is_refused() -> None:
    assert refusal(foreign("link", content=b"/etc/passwd", external_attr=0o120777 << 16)) == "archive-structure"


def test_what_another_program_packed_is_refused() -> None:
    assert refusal(foreign("a.txt")) == "archive-structure"


def bomb(claimed: int, real: int) -> bytes:
    """A file of zeros whose header says one size and whose stream holds another."""
    writing = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join(writing.compress(bytes(1 << 20)) for _ in range(real >> 20)) + writing.flush()
    name = b"a.txt"
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0x21, 0, len(stream), claimed, len(name), 0)
    return header + name + stream


@pytest.mark.parametrize(("claimed", "key"), [(10, "content"), (MOST_BYTES + 1, "large"), (2**32 - 1, "large")])
def test_a_bomb_is_not_unpacked(claimed: int, key: str) -> None:
    """Not further than its header says, and not at all when that is too much."""
    assert refusal(bomb(claimed, 64 << 20)) == f"archive-{key}"


def test_files_that_are_large_together_are_not_unpacked() -> None:
    packed = pack({f"{number}.txt": bytes(400) for number in range(3)})

    assert len(unpack(packed, most=1200)) == 3
    with pytest.raises(EvidenceError) as refused:
        unpack(packed, most=1199)
    assert (refused.value.message.key, refused.value.message.arguments["where"]) == ("archive-large", "2.txt")
