"""The scanner reads the bureau's code as a phone's camera sees it, and says when it cannot."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from contract.invitation import Invitation
from fieldapp.adapters.flet_camera import with_orientation
from fieldapp.adapters.zbar_scanner import ZbarScanner, scanner
from fieldapp.ports import Refused
from tests.fieldapp.awaited import AwaitedScanner

needs_zbar = pytest.mark.skipif(
    scanner() is None, reason="no zbar on this machine: apt-get install libzbar0"
)
pytestmark = needs_zbar
EYES = AwaitedScanner(ZbarScanner())
WALL = (120, 125, 130)
INVITED = Invitation(
    code="12345678", address="https://bureau.example:8443", fingerprint="0f" * 32
).text()
Look = Callable[[Image.Image], Image.Image]


def a_code(text: str | bytes = INVITED, scale: int = 6) -> Image.Image:
    """As `enrol` prints it: the same correction, the same margin."""
    paper = io.BytesIO()
    segno.make(text, micro=False, error="m").save(paper, kind="png", scale=scale, border=2)
    return Image.open(io.BytesIO(paper.getvalue())).convert("RGB")


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def in_a_photo(code: Image.Image, size: tuple[int, int] = (1920, 1080)) -> Image.Image:
    photo = Image.new("RGB", size, WALL)
    photo.paste(code, ((size[0] - code.width) // 3, (size[1] - code.height) // 3))
    return photo


def aslant(photo: Image.Image) -> Image.Image:
    """Seen from below: what is above is smaller."""
    w, h = photo.size
    corners = (0, 0, w * 0.12, h, w * 0.88, h, w, 0)
    return photo.transform((w, h), Image.Transform.QUAD, corners, fillcolor=WALL)


CODES: dict[str, Look] = {
    "straight": lambda code: code,
    "upside down": lambda code: code.rotate(180),
    "turned": lambda code: code.rotate(23, expand=True, fillcolor=WALL),
    "on its corner": lambda code: code.rotate(45, expand=True, fillcolor=WALL),
    "light on dark": ImageOps.invert,
}
LIGHTS: dict[str, Look] = {
    "aslant": aslant,
    "dim": lambda photo: ImageEnhance.Brightness(photo).enhance(0.12),
    "pale": lambda photo: ImageEnhance.Contrast(photo).enhance(0.25),
    "out of focus": lambda photo: photo.filter(ImageFilter.GaussianBlur(2)),
}


@pytest.mark.parametrize("name", CODES)
def test_a_code_is_read_however_it_is_held(name: str) -> None:
    assert EYES.scan(jpeg(in_a_photo(CODES[name](a_code())))) == INVITED


@pytest.mark.parametrize("name", LIGHTS)
def test_a_code_is_read_in_bad_light_and_from_the_side(name: str) -> None:
    assert EYES.scan(jpeg(LIGHTS[name](in_a_photo(a_code())))) == INVITED


@pytest.mark.parametrize("scale", [3, 4, 8])
@pytest.mark.parametrize("size", [(720, 1280), (1600, 1200), (4000, 3000)])
def test_a_code_is_read_in_a_larger_photo(scale: int, size: tuple[int, int]) -> None:
    if size[0] == 4000:
        scale *= 2  # a twentieth of the picture at least: nearer than that is asked for
    assert EYES.scan(jpeg(in_a_photo(a_code(scale=scale), size))) == INVITED


def test_a_mirroring_camera_is_turned_by_its_orientation() -> None:
    """Browsers mirror a camera that looks at its owner."""
    mirrored = jpeg(ImageOps.mirror(in_a_photo(a_code())))
    assert EYES.scan(with_orientation(mirrored, 2)) == INVITED


def test_where_there_is_no_code_none_is_read() -> None:
    assert EYES.scan(jpeg(in_a_photo(Image.new("RGB", (200, 200), "white")))) is None


def test_another_code_says_what_it_says() -> None:
    assert EYES.scan(jpeg(in_a_photo(a_code("https://shop.example/pay")))) == (
        "https://shop.example/pay"
    )


def test_a_code_without_text_is_none_to_enrol_with() -> None:
    said = EYES.scan(jpeg(in_a_photo(a_code(b"\xff\xfe\x80\x81" * 5))))
    assert said is None or not Invitation.parse(said)


@pytest.mark.parametrize("raw", [b"", b"no picture", jpeg(a_code())[:40]])
def test_what_is_no_picture_is_told(raw: bytes) -> None:
    with pytest.raises(Refused, match="not_a_picture"):
        EYES.scan(raw)


def test_a_phone_without_zbar_has_no_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scanner()
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    assert scanner() is None
    with pytest.raises(Refused, match="no_scanner"):
        EYES.scan(jpeg(a_code()))


def test_a_phone_whose_zbar_does_not_load_has_no_scanner(tmp_path: Path) -> None:
    (tmp_path / "pyzbar").mkdir()
    (tmp_path / "pyzbar/__init__.py").touch()
    (tmp_path / "pyzbar/pyzbar.py").write_text("raise OSError('libzbar.so: not found')")
    asked = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r});"
        "from fieldapp.adapters.zbar_scanner import scanner; sys.exit(scanner() is not None)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
