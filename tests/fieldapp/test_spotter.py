"""The spotter finds faces, covers whole heads, and says when it cannot look.

The faces are drawn, so that no photo of a person is in this tree; `python -m bench.faces` looks
at photographs.
"""

import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from math import exp
from pathlib import Path
from shutil import copyfile
from time import thread_time
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from fieldapp.adapters import centerface_spotter
from fieldapp.adapters.centerface_boxes import MAX_BOXES, distinct
from fieldapp.adapters.centerface_spotter import (
    INPUT,
    OFFSET,
    SCORE,
    SIZE,
    STEM,
    CenterfaceSpotter,
    _extract,
    _floats,
    _load_net,
    _run_stem,
)
from fieldapp.adapters.pillow_darkroom import masked
from fieldapp.ports import Frame, Mask, Refused
from tests.fieldapp.awaited import AwaitedSpotter

MODELS = Path(__file__).parents[2] / "assets/models"
EYES = AwaitedSpotter(CenterfaceSpotter(MODELS / "centerface"))
SKIN, HAIR, LIPS = (214, 170, 140), (45, 32, 25), (160, 70, 70)
Spot = tuple[int, int, int]  # left and top of a face, and how wide it is, in px


def a_face(draw: ImageDraw.ImageDraw, x: float, y: float, w: float) -> None:
    """As far as a camera sees one across a street: hair, brows, eyes, nose, mouth, neck."""
    h = w * 1.35
    draw.ellipse((x - w * 0.12, y - h * 0.22, x + w * 1.12, y + h * 0.75), fill=HAIR)
    draw.ellipse((x, y, x + w, y + h), fill=SKIN)
    draw.pieslice((x - w * 0.05, y - h * 0.2, x + w * 1.05, y + h * 0.45), 180, 360, fill=HAIR)
    for eye in (x + w * 0.28, x + w * 0.72):
        draw.ellipse((eye - w * 0.11, y + h * 0.40, eye + w * 0.11, y + h * 0.48), fill="white")
        draw.ellipse((eye - w * 0.05, y + h * 0.40, eye + w * 0.05, y + h * 0.48), fill="black")
        draw.line((eye - w * 0.14, y + h * 0.33, eye + w * 0.14, y + h * 0.33), fill=HAIR, width=2)
    draw.line((x + w * 0.5, y + h * 0.45, x + w * 0.44, y + h * 0.64), fill=(160, 110, 90))
    draw.ellipse((x + w * 0.3, y + h * 0.75, x + w * 0.7, y + h * 0.84), fill=LIPS)
    draw.rectangle((x + w * 0.3, y + h * 0.95, x + w * 0.7, y + h * 1.3), fill=SKIN)


def a_street(*faces: Spot, size: tuple[int, int] = (1200, 900)) -> Frame:
    street = Image.new("RGB", size, (150, 160, 165))
    draw = ImageDraw.Draw(street)
    for face in faces:
        a_face(draw, *face)
    sheet = BytesIO()
    street.filter(ImageFilter.GaussianBlur(1)).save(sheet, "JPEG", quality=92)
    return Frame(sheet.getvalue(), *size)


def covers(mask: Mask, spot: Spot, frame: Frame) -> bool:
    """The drawn head with its hair, from side to side and from top to chin."""
    x, y, w = spot
    h = w * 1.35
    left, top = mask.x * frame.width, mask.y * frame.height
    right, bottom = left + mask.w * frame.width, top + mask.h * frame.height
    return left <= x - w * 0.12 and top <= y - h * 0.2 and right >= x + w * 1.12 and bottom >= y + h


@pytest.mark.parametrize("width", [20, 24, 28, 34, 40])
@pytest.mark.parametrize("size", [(1200, 900), (900, 1200), (1600, 900), (500, 300)])
def test_every_face_is_covered_with_its_head(width: int, size: tuple[int, int]) -> None:
    faces = [(60, 60, width), (size[0] - 120, 90, width), (size[0] // 2, size[1] - 120, width)]
    frame = a_street(*faces, size=size)
    masks = EYES.spot(frame)
    for face in faces:
        assert any(covers(mask, face, frame) for mask in masks), (face, masks)
    assert len(masks) == len(faces)


def test_one_spotter_looks_at_photos_of_many_shapes_in_turn() -> None:
    """A net that has seen one shape answers garbage for the next."""
    wide, tall = a_street((300, 200, 30), size=(1600, 900)), a_street((300, 200, 30))
    first = EYES.spot(wide)
    assert EYES.spot(tall) and EYES.spot(wide) == first


def test_an_empty_street_has_no_faces() -> None:
    assert EYES.spot(a_street()) == []


def test_a_face_at_the_edge_is_covered_within_the_photo() -> None:
    masks = EYES.spot(a_street((2, 12, 34), (1164, 845, 34)))
    assert len(masks) == 2
    for mask in masks:
        assert mask.x >= 0 and mask.x + mask.w <= 1 + 1e-9
        assert mask.y >= 0 and mask.y + mask.h <= 1 + 1e-9


def test_a_covered_face_is_none_any_more() -> None:
    frame = a_street((300, 200, 30), (700, 500, 34))
    masks = EYES.spot(frame)
    assert len(masks) == 2
    assert EYES.spot(masked(frame, masks)) == []


def test_it_looks_at_the_whole_frame_and_no_further() -> None:
    frame = a_street((1500, 60, 30), size=(1600, 400))
    assert len(EYES.spot(frame)) == 1


def test_a_phone_without_ncnn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ncnn", None)
    with pytest.raises(Refused, match="no_spotter"):
        EYES.spot(a_street())


@pytest.mark.parametrize("part", ["param", "bin"])
@pytest.mark.parametrize("content", [None, b"", b"no model", b"\x08\x07" * 4000])
def test_a_model_that_is_gone_or_broken_is_told(
    tmp_path: Path, part: str, content: bytes | None
) -> None:
    for kind in ("param", "bin"):
        copyfile(MODELS / f"centerface.{kind}", tmp_path / f"model.{kind}")
    (tmp_path / f"model.{part}").unlink()
    if content is not None:
        (tmp_path / f"model.{part}").write_bytes(content)
    with pytest.raises(Refused, match="no_spotter"):
        AwaitedSpotter(CenterfaceSpotter(tmp_path / "model")).spot(a_street())


def test_a_model_that_was_cut_short_is_told(tmp_path: Path) -> None:
    copyfile(MODELS / "centerface.param", tmp_path / "model.param")
    whole = (MODELS / "centerface.bin").read_bytes()
    (tmp_path / "model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused, match="no_spotter"):
        AwaitedSpotter(CenterfaceSpotter(tmp_path / "model")).spot(a_street())


def test_a_net_that_sees_faces_everywhere_does_not_take_all_day() -> None:
    cells = ((0.5 + 1e-6 * n, (20.0 * n, 0.0, 16.0, 16.0)) for n in range(60_000))
    found = distinct(cells)
    assert len(found) == MAX_BOXES and found[0][0] == 20.0 * 59_999


def test_a_net_that_answers_nonsense_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centerface_spotter, "heads", lambda *_: exp(1_000))
    with pytest.raises(Refused, match="no_spotter"):
        EYES.spot(a_street())


def test_the_model_is_the_one_that_its_note_names() -> None:
    note = (MODELS / "README.txt").read_text()
    for part in ("param", "bin"):
        assert sha256((MODELS / f"centerface.{part}").read_bytes()).hexdigest() in note
    assert "MIT" in note and "Permission is hereby granted" in (MODELS / "LICENSE.txt").read_text()


def test_strips_say_what_the_whole_photo_says() -> None:
    """To the last bit: a seam too narrow would be a line across the photo that finds no face."""
    import ncnn

    net, width, height = _load_net(MODELS / "centerface"), 320, 480
    rgb = Image.effect_noise((width, height), 80).convert("RGB").tobytes()
    passing = net.create_extractor()
    kind = ncnn.Mat.PixelType.PIXEL_RGB
    assert passing.input(INPUT, ncnn.Mat.from_pixels(rgb, kind, width, height)) == 0
    whole, strips = passing.extract(STEM)[1], _run_stem(net, rgb, width, height)
    assert (strips.w, strips.h, strips.c) == (whole.w, whole.h, whole.c) == (80, 120, 24)
    for layer in range(whole.c):
        assert list(_floats(strips, layer)) == list(_floats(whole, layer))


def test_the_net_cannot_say_where_eyes_and_mouths_are() -> None:
    """Aligned faces are the first step to recognising them: that part is not in the file."""
    net = _load_net(MODELS / "centerface")
    assert list(net.output_names()) == [SCORE, SIZE, OFFSET]


def test_no_step_is_half_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """ncnn keeps the interpreter while it works: a screen that is tapped waits for one step."""
    steps = list[float]()

    def timed(passing: Any, name: str) -> Any:
        began = thread_time()
        layers = _extract(passing, name)
        steps.append(thread_time() - began)
        return layers

    monkeypatch.setattr(centerface_spotter, "_extract", timed)
    EYES.spot(a_street((300, 200, 30), size=(1600, 900)))
    assert max(steps) < sum(steps) / 2


def test_ncnn_is_not_loaded_before_it_is_needed() -> None:
    """A phone that takes no photo never pays for it."""
    asked = "import sys, fieldapp.app, fieldapp.platforms.native; sys.exit('ncnn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
