"""Pictures for tests: real ones of both kinds, and files that only pretend."""

from io import BytesIO
from typing import Any
from zlib import crc32

from PIL import Image, ImageDraw


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png(width: int = 40, height: int = 30, colour: str = "white", **options: Any) -> bytes:
    return encoded(Image.new("RGB", (width, height), colour), **options)


def jpeg(width: int = 40, height: int = 30, colour: str = "white", **options: Any) -> bytes:
    return encoded(Image.new("RGB", (width, height), colour), "JPEG", **options)


def screen(width: int = 1920, height: int = 1080) -> Image.Image:
    """Something like a portal page: areas, lines and text."""
    image = Image.new("RGB", (width, height), "#faf9f8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 48), fill="#0078d4")
    for row in range(80, height, 26):
        draw.text((240, row), f"Write back passwords to your on-premises directory: row {row}", fill="#323130")
        draw.line((230, row + 20, width - 40, row + 20), fill="#edebe9")
    return image


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return len(data).to_bytes(4, "big") + name + data + crc32(name + data).to_bytes(4, "big")


def claims(width: int, height: int) -> bytes:
    """A PNG file of a few bytes that says it is this large."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"\x78\x9c\x03\x00") + chunk(b"IEND", b"")


# What only pretends to be a picture, and the key of what is said about it.
PRETENDERS = {
    "nothing": (b"", "picture-of-another-kind"),
    "markup": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture-of-another-kind"),
    "another kind": (b"GIF89a" + bytes(20), "picture-of-another-kind"),
    "a beginning alone": (b"\x89PNG\r\n\x1a\n", "picture-broken"),
    "a program behind a beginning": (b"\x89PNG\r\n\x1a\nMZ" + bytes(500), "picture-broken"),
    "a JPEG behind a PNG's beginning": (b"\x89PNG\r\n\x1a\n" + jpeg(), "picture-broken"),
    "a PNG behind a JPEG's beginning": (b"\xff\xd8\xff" + png(), "picture-broken"),
    "half a PNG": (encoded(screen(300, 200))[:900], "picture-broken"),
    "half a JPEG": (encoded(screen(300, 200), "JPEG")[:2000], "picture-broken"),
    "more pixels than any screen": (claims(60_000, 60_000), "picture-too-many-pixels"),
    "no pixels": (claims(0, 10), "picture-broken"),
    "a JPEG of a thousand passes": (jpeg()[:-2] + b"\xff\xda\x00\x02" * 1000 + b"\xff\xd9", "picture-broken"),
    "too many bytes": (png() + bytes(20 * 1024 * 1024), "picture-too-large"),
}
