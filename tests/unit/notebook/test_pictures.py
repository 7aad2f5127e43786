"""A reduced picture is small, upright, and made of pixels alone; and a viewer that trusts nobody keeps it."""

import base64
from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from runbook_lib.notebook.pictures import MOST_BYTES, Reduced, picture_markup, reduced
from runbook_lib.parameters import Picture, opened
from tests.pictures import encoded, jpeg, png, screen
from tests.unit.notebook.made import HOSTILE
from tests.unit.notebook.markup import Markup, refused

SECRET = "taken by adele at 48.8584 north"


def picture(content: bytes) -> Picture:
    found = opened(content)
    assert isinstance(found, Picture)
    return found


def bytes_of(small: Reduced) -> bytes:
    start = "data:image/jpeg;base64,"
    assert small.address.startswith(start)
    return base64.b64decode(small.address.removeprefix(start), validate=True)


def noise(width: int, height: int) -> Image.Image:
    """The picture that compresses worst."""
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3))


@pytest.mark.parametrize(
    "image",
    [
        screen(),
        screen(5120, 1440),
        noise(900, 700),
        Image.new("RGB", (1, 3000)),
        Image.new("LA", (40, 40)),
        Image.new("1", (40, 40)),
        Image.new("P", (40, 40)),
        Image.new("I;16", (40, 40)),
    ],
    ids=lambda image: f"{image.mode} {image.size}",
)
def test_any_picture_becomes_small_enough_and_opens(image: Image.Image) -> None:
    small = reduced(picture(encoded(image)))
    content = bytes_of(small)

    assert len(content) <= MOST_BYTES
    with Image.open(BytesIO(content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (small.width, small.height))


def test_labels_on_a_screenshot_stay_readable() -> None:
    small = reduced(picture(encoded(screen())))

    assert (small.width, small.height) == (960, 540)


def test_nothing_but_pixels_comes_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    notes = PngInfo()
    notes.add_text("Comment", SECRET)
    carrying = [
        jpeg(exif=exif, comment=SECRET.encode(), icc_profile=SECRET.encode()),
        png(pnginfo=notes, exif=exif, icc_profile=SECRET.encode()),
    ]

    for content in carrying:
        assert SECRET.encode() in content or b"iTXt" in content or b"tEXt" in content
        small = bytes_of(reduced(picture(content)))
        assert SECRET.encode() not in small
        with Image.open(BytesIO(small)) as seen:
            assert not seen.getexif()
            assert seen.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_stands_as_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    small = reduced(picture(jpeg(60, 20, exif=exif)))

    assert (small.width, small.height) == (20, 60)


def test_what_is_transparent_is_white() -> None:
    small = reduced(picture(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)))))

    with Image.open(BytesIO(bytes_of(small))) as seen:
        assert min(seen.convert("L").tobytes()) > 250


@given(st.binary(max_size=60))
def test_notes_of_a_camera_that_make_no_sense_do_not_keep_a_picture_from_being_shown(notes: bytes) -> None:
    assert reduced(picture(jpeg(exif=b"Exif\x00\x00" + notes))).width == 40


@given(HOSTILE)
def test_the_markup_is_kept_where_nobody_is_trusted_and_holds_nothing_of_the_description_but_text(said: str) -> None:
    markup = Markup(picture_markup(reduced(picture(png())), said))

    assert refused(markup) == []
    assert [tag for tag, _ in markup.elements] == ["img"]
