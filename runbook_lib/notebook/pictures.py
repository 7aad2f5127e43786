"""Reduced pictures for cards: small enough to stand in a notebook, made of pixels alone. The original is kept beside the journal."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from runbook_lib.notebook.style import LINE, escaped
from runbook_lib.parameters import Picture

# A notebook holds several of them, and is opened over slow lines.
MOST_BYTES = 60 * 1024
# Tried in this order until a picture is small enough: sharpness matters more than size, for labels must be readable.
_WIDTHS = (960, 720, 560, 400, 240, 120)
_QUALITIES = (80, 60, 40)
_TALLEST = 2  # times the width


@dataclass(frozen=True)
class Reduced:
    """A reduced picture: its `data:` address, and its size in pixels."""

    address: str
    width: int
    height: int


def reduced(picture: Picture, most_bytes: int = MOST_BYTES, widest: int = _WIDTHS[0]) -> Reduced:
    """Return a picture as JPEG of at most so many bytes, upright, without anything but its pixels.

    No place, author, comment or colour profile of the original comes along.
    """
    small = _plain(picture.image)
    content, size = b"", (0, 0)
    for width in (width for width in _WIDTHS if width <= widest):
        small.thumbnail((width, _TALLEST * width), Image.Resampling.LANCZOS, reducing_gap=3)
        for quality in _QUALITIES:
            content, size = _jpeg(small, quality), small.size
            if len(content) <= most_bytes:
                return _reduced(content, size)
    return _reduced(content, size)


def picture_markup(small: Reduced, described: str) -> str:
    """Return the picture as markup that a viewer keeps in a notebook that it does not trust."""
    return (
        f'<img src="{small.address}" alt="{escaped(described)}" width="{small.width}" '
        f'style="max-width:100%;border:{LINE};border-radius:4px;margin:4px 0">'
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels on white, turned as the camera said, in an image that knows nothing else."""
    upright = _upright(image).convert("RGBA")
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  # notes of the camera that make no sense do not keep us from showing the pixels
        return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()


def _reduced(content: bytes, size: tuple[int, int]) -> Reduced:
    return Reduced(f"data:image/jpeg;base64,{base64.b64encode(content).decode()}", *size)
