"""The darkroom takes whole pictures only, and shows their true colours."""

import struct
from contextlib import suppress
from io import BytesIO
from random import Random
from typing import Any
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from fieldapp.adapters.pillow_darkroom import PillowDarkroom
from fieldapp.adapters.pillow_scans import covers_picture
from fieldapp.ports import Refused
from tests.fieldapp.awaited import AwaitedDarkroom

ROOM = AwaitedDarkroom(PillowDarkroom())
END = b"\xff\xd9"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED, BLUE = (220, 30, 30), (30, 30, 220)


def a_scene() -> Image.Image:
    """Red at the upper left, blue at the lower right."""
    scene = Image.new("RGB", (400, 300), (90, 140, 90))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, 100, 75), fill=RED)
    draw.rectangle((300, 225, 400, 300), fill=BLUE)
    return scene


def a_noise(width: int = 200, height: int = 150) -> Image.Image:
    return Image.frombytes("RGB", (width, height), Random(7).randbytes(width * height * 3))


def raw(scene: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    sheet = BytesIO()
    scene.save(sheet, form, **options)
    return sheet.getvalue()


def developed(content: bytes) -> Image.Image:
    return Image.open(BytesIO(ROOM.develop(content).jpeg)).convert("RGB")


def is_near(pixel: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 16 for a, b in zip(pixel, wanted, strict=True))


def swapped_profile() -> bytes:
    """Says that what is stored as red is blue, and the other way round."""
    data = bytearray(SRGB)
    names = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(data[131])}
    red, blue = names[b"rXYZ"], names[b"bXYZ"]
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


def a_png(bits: int, colours: int, row: bytes, width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    pixels = compress((b"\0" + row) * height)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_grey_of_16_bits_is_scaled() -> None:
    row = b"".join(struct.pack(">H", x * 163) for x in range(400))
    shown = developed(a_png(16, 0, row, 400, 300))
    for x in (20, 200, 380):
        assert is_near(shown.getpixel((x, 150)), (x * 163 // 257,) * 3), x


@pytest.mark.parametrize(("colours", "values"), [(2, "ggg"), (4, "ga"), (6, "ggga")])
def test_other_pictures_of_16_bits_are_scaled_too(colours: int, values: str) -> None:
    """Coloured or grey, with or without transparency."""
    pixel = b"".join(struct.pack(">H", {"g": 30_000, "a": 65_535}[each]) for each in values)
    shown = developed(a_png(16, colours, pixel * 64, 64, 48))
    assert is_near(shown.getpixel((30, 20)), (117, 117, 117))


def test_a_colour_profile_is_applied_before_it_is_dropped() -> None:
    stored = Image.merge("RGB", a_scene().split()[::-1])
    for form in ("JPEG", "PNG", "WEBP"):
        shown = developed(raw(stored, form, icc_profile=swapped_profile()))
        assert is_near(shown.getpixel((30, 20)), RED), form
        assert is_near(shown.getpixel((390, 290)), BLUE), form
        assert "icc_profile" not in shown.info


def test_a_profile_is_applied_to_a_turned_and_to_a_clear_picture() -> None:
    stored = Image.merge("RGB", a_scene().split()[::-1])
    exif = Image.Exif()
    exif[0x0112] = 3
    turned = developed(raw(stored, exif=exif, icc_profile=swapped_profile()))
    assert is_near(turned.getpixel((390, 290)), RED)
    stored.putalpha(Image.new("L", stored.size, 255))
    stored.putpixel((200, 150), (0, 0, 0, 0))
    clear = developed(raw(stored, "PNG", icc_profile=swapped_profile()))
    assert is_near(clear.getpixel((30, 20)), RED)


@pytest.mark.parametrize("profile", [b"xx" * 300, SRGB[:200], b"", b"\0" * 128])
def test_a_profile_that_cannot_be_read_is_ignored(profile: bytes) -> None:
    assert is_near(developed(raw(a_scene(), icc_profile=profile)).getpixel((30, 20)), RED)


def test_a_profile_for_other_colours_is_ignored() -> None:
    grey = developed(raw(a_scene().convert("L"), icc_profile=SRGB))
    assert is_near(grey.getpixel((390, 290)), (60, 60, 60))
    inks = developed(raw(a_scene().convert("CMYK"), icc_profile=SRGB))
    assert is_near(inks.getpixel((30, 20)), RED)


WHOLE: dict[str, dict[str, Any]] = {
    "plain": {},
    "optimised": {"optimize": True},
    "full colours": {"subsampling": 0},
    "restart marks": {"restart_marker_blocks": 3},
    "progressive": {"progressive": True},
    "best": {"quality": 100},
    "worst": {"quality": 1},
}
SIZES = [(200, 150), (1, 1), (1, 99), (99, 1), (8, 8), (16, 16), (17, 33)]


@pytest.mark.parametrize("options", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_whole_jpeg_is_taken(options: dict[str, Any], mode: str) -> None:
    for size in SIZES:
        for scene in (a_noise(*size), *(Image.new("RGB", size, (n, n, n)) for n in (0, 128, 255))):
            content = raw(scene.convert(mode), **options)
            assert covers_picture(content), (size, mode)
            assert covers_picture(content + b"SEFT" * 20)  # a motion photo's film, a gain map


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "progressive"])
@given(share=st.floats(0, 0.99))  # the last few bytes of a scan may be padding
def test_a_scan_that_was_cut_is_refused_though_an_end_mark_follows(name: str, share: float) -> None:
    content = raw(a_noise(), **WHOLE[name])
    begin = content.index(b"\xff\xda") + 14
    cut = content[: begin + int((len(content) - 40 - begin) * share)].rstrip(b"\xff") + END
    assert not covers_picture(cut)
    with pytest.raises(Refused, match="not_a_picture"):
        ROOM.develop(cut)


def test_a_progressive_picture_without_all_its_scans_is_refused() -> None:
    content = raw(a_noise(), progressive=True)
    last = content.rindex(b"\xff\xda")
    for at in range(content.index(b"\xff\xda") + 30, last, 997):
        with pytest.raises(Refused):
            ROOM.develop(content[:at].rstrip(b"\xff") + END)


def test_a_flat_picture_is_not_taken_for_a_cut_one() -> None:
    for grey in range(0, 256, 15):
        assert covers_picture(raw(Image.new("RGB", (300, 200), (grey, grey, grey))))


def test_a_size_that_the_coded_pixels_cannot_fill_is_refused() -> None:
    content = raw(a_scene())
    at = content.index(b"\xff\xc0")
    claims = content[: at + 5] + struct.pack(">HH", 7000, 7000) + content[at + 9 :]
    with pytest.raises(Refused):
        ROOM.develop(claims)


@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_no_damage_raises_anything_else(junk: bytes, at: int) -> None:
    content = raw(a_noise(40, 30))
    at %= len(content)
    for damaged in (content[:at] + junk + content[at:], content[:at] + junk, junk + content):
        with suppress(Refused):
            ROOM.develop(damaged)
