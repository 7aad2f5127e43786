"""The last look finds a secret wherever a file can hold one, says where without saying it, and finds nothing else."""

import base64
import html
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image, PngImagePlugin

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Redactor, refuse_leaks, scan_content, scan_folder

CANARY = 'cAn4ry "é/+\\ of 2026'
LOOKS = "Server=db;Password=cAn4ry-2026;"


def picture(kind: str, text: str) -> bytes:
    image, stream = Image.new("RGB", (9, 9), "red"), io.BytesIO()
    if kind == "png":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("Comment", text, zip=True)
        image.save(stream, "png", pnginfo=texts)
    elif kind == "exif":
        exif = image.getexif()
        exif[0x9286] = "UNICODE\0" + text
        exif[0x010E] = text.encode("ascii", "replace").decode()
        image.save(stream, "jpeg", exif=exif)
    else:
        image.save(stream, "jpeg", comment=text.encode())
    return stream.getvalue()


def archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return stream.getvalue()


def notebook(text: str) -> bytes:
    data = {"image/png": base64.encodebytes(picture("png", text)).decode(), "text/plain": "<Figure>"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cells = [{"cell_type": "code", "id": "a", "source": [], "outputs": [output], "metadata": {}, "execution_count": 1}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def uri(text: str) -> bytes:
    return f'<img src="data:image/jpeg;base64,{base64.b64encode(picture("comment", text)).decode()}">'.encode()


# By file name: what makes its bytes of a text.
PLACES: dict[str, Callable[[str], bytes]] = {
    "report.html": lambda text: f"<p>x</p>\n<p>{html.escape(text)}</p>".encode(),
    "result.json": lambda text: json.dumps({"a": [{"b": text}]}, indent=2).encode(),
    "escaped.json": lambda text: '{{"a": "{}"}}'.format("".join(f"\\u{ord(each):04x}" for each in text)).encode(),
    "lines.jsonl": lambda text: b'{"n": 1}\n' + json.dumps({"text": text}).encode() + b"\n{torn",
    "url.txt": lambda text: quote(text, safe="/;=").encode(),
    "power.txt": lambda text: text.encode("utf-16"),
    "shot.png": lambda text: picture("png", text),
    "shot.jpg": lambda text: picture("comment", text),
    "old.zip": lambda text: archive("inner.json", json.dumps({"a": text}).encode()),
    "nested.zip": lambda text: archive("inner.zip", archive("a.txt", text.encode())),
    "notebook.ipynb": notebook,
    "cards.html": uri,
    "report.pdf": lambda text: b"%PDF-1.7\nstream\n" + zlib.compress(text.encode("latin-1")) + b"\nendstream",
}


@pytest.mark.parametrize("name", sorted(PLACES))
@pytest.mark.parametrize("text", [CANARY, LOOKS], ids=["known", "looks like one"])
def test_a_secret_is_found_in_every_kind_of_file_and_not_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_bytes(PLACES[name](text))
    redactor = Redactor([CANARY])

    leaks = scan_folder(tmp_path, redactor)

    assert leaks
    assert {leak.file for leak in leaks} == {f"sub/{name}"}
    with pytest.raises(EvidenceError) as refused:
        refuse_leaks(leaks, tmp_path)
    for language in ("en", "fr"):
        said = refused.value.say(language)
        assert f"sub/{name}" in said
        assert "cAn4ry" not in said


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_same_files_without_a_secret_are_clean(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PLACES[name]('nothing "é/+\\ of 2026'))

    leaks = scan_folder(tmp_path, Redactor([CANARY]))

    assert leaks == []
    refuse_leaks(leaks, tmp_path)


def test_exif_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "shot.jpg").write_bytes(picture("exif", "Pwd=cAn4ry-2026"))

    assert [(leak.place, leak.rule) for leak in scan_folder(tmp_path)] == [("APP1", "connection-string")]


def test_a_name_is_looked_at_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "hunter2-2026.png").write_bytes(b"x")

    (leak,) = scan_folder(tmp_path, Redactor(["hunter2-2026"]))

    assert (leak.file, leak.place) == ("[redacted].png", "name")


def test_a_place_is_named_as_exactly_as_the_file_allows() -> None:
    lines = json.dumps({"n": 1}) + "\n" + json.dumps({"deep": [{"x": LOOKS}]}) + "\n"
    places = {leak.place for leak in scan_content("journal.jsonl", lines.encode())}

    assert places == {"line 2", "line 2 /deep/0/x"}


@pytest.mark.parametrize(
    "bad", [b"PK\x03\x04torn", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**31, b"tEXt"), b"\xff\xd8\xff\xe1\xff"]
)
def test_a_damaged_file_ends_no_scan(bad: bytes) -> None:
    assert scan_content("bad", bad) == []


def test_pixels_are_no_text() -> None:
    """A short secret stands in any large number of bytes by chance; it would refuse a picture of nothing."""
    assert scan_content("shot.png", picture("png", "") + b"ab1x" * 9, Redactor(["ab1x"])) == []


def test_many_places_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text((LOOKS + "\n") * 30)

    with pytest.raises(EvidenceError, match=r"line 10 .*\+ 20"):
        refuse_leaks(scan_folder(tmp_path), tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text(LOOKS)
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "secret.txt")

    assert scan_folder(tmp_path / "in") == []
