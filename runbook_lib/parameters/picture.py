"""What may be a screenshot: a PNG or JPEG picture that any machine can open. Judged by what it holds, never by its name.

A picture comes from outside, so it is opened by the reader of its own kind only, its size is looked at before anything is
unpacked, and then it is unpacked as a whole: what begins like a picture may be none.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from runbook_lib.texts import Message, message

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PICTURE_BYTES = 20 * 1024 * 1024
MOST_PICTURES = 6
# An 8K screen has 33 million pixels; unpacked, 40 million take 160 MB.
MOST_PIXELS = 40_000_000
# A JPEG may ask to be drawn in passes, each over the whole picture: a small file could keep a machine busy for hours.
MOST_PASSES = 100
_PASS = b"\xff\xda"


# How a file of each kind begins.
_BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class Picture:
    """A picture that was opened: `suffix` is `png` or `jpg`, `content` the bytes it was opened from, `image` their pixels."""

    suffix: str
    content: bytes
    image: Image


def opened(content: bytes) -> Picture | Message:
    """Return a picture with all its pixels, or why these bytes are none that we take."""
    if len(content) > MOST_PICTURE_BYTES:
        return message("picture-too-large", most=MOST_PICTURE_BYTES // 1024**2)
    suffix = next((suffix for suffix, begins in _BEGINS.items() if content.startswith(begins)), None)
    if suffix is None:
        return message("picture-of-another-kind")
    if suffix == "jpg" and content.count(_PASS) > MOST_PASSES:
        return message("picture-broken")
    try:
        image = _header(suffix, content)
        if image.width * image.height > MOST_PIXELS:
            return message("picture-too-many-pixels", most=MOST_PIXELS // 1_000_000)
        image.load()
    except Exception:  # noqa: BLE001  # a reader fails in a dozen ways over bytes that only begin like a picture
        return message("picture-broken")
    return Picture(suffix, content, image)


def _header(suffix: str, content: bytes) -> Image:
    """Open a picture without unpacking it. Not by Pillow's `open`: that tries other kinds, and warns about a large picture itself."""
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415  # slow to import, and few runs have pictures
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415  # as above

    return {"png": PngImageFile, "jpg": JpegImageFile}[suffix](BytesIO(content))
