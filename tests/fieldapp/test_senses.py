"""Camera and position adapters: what the plugins say, in the codes that the screens know."""

import asyncio
import io
from typing import Any

import flet_camera as fc
import pytest
from PIL import Image, ImageOps

from fieldapp.adapters import flet_camera
from fieldapp.adapters.flet_camera import FletCamera, refusal_code, with_orientation
from fieldapp.adapters.flet_geolocator import outcome_of
from fieldapp.ports import FixOutcome, Refused
from fieldapp.state.nearby import distance_m, find_compounds, nearest
from tests.builders import a_fix
from tests.fieldapp.a_phone import TOWN


@pytest.mark.parametrize(
    ("said", "sight"),
    [
        ("Location permission denied: User denied Geolocation.", FixOutcome.DENIED),
        ("Location request timed out.", FixOutcome.TIMED_OUT),
        ("The location service on the device is disabled.", FixOutcome.SWITCHED_OFF),
        ("something new", FixOutcome.UNAVAILABLE),
    ],
)
def test_a_failed_position_has_a_name(said: str, sight: FixOutcome) -> None:
    assert outcome_of(said) is sight


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (
            "CameraException(cameraNotFound, No camera found for the given camera options.)",
            "no_camera",
        ),
        ("CameraException(CameraAccessDenied, …)", "camera_denied"),
        ("CameraException(cameraNotReadable, The camera is in use)", "camera_busy"),
        ("Exception: Camera is not initialized. Call initialize() first.", "camera_busy"),
    ],
)
def test_a_failed_camera_has_a_name(said: str, code: str) -> None:
    assert refusal_code(said) == code


def test_a_mirrored_photo_is_turned_by_its_orientation_alone() -> None:
    photo = Image.new("RGB", (64, 32), "white")
    photo.paste("black", (0, 0, 16, 32))
    paper = io.BytesIO()
    photo.save(paper, "JPEG", quality=95)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(with_orientation(paper.getvalue(), 2))))
    assert upright.size == (64, 32)
    row = upright.convert("L").tobytes()[16 * 64 : 17 * 64]
    assert row[4] > 200 and row[60] < 50


def test_what_is_not_a_jpeg_is_left_alone() -> None:
    assert with_orientation(b"GIF89a", 2) == b"GIF89a"


class Lamp:
    """All that the light needs of a camera's view."""

    def __init__(self, error: str = "") -> None:
        self.modes: list[fc.FlashMode] = []
        self.error = error

    async def set_flash_mode(self, mode: fc.FlashMode) -> None:
        if self.error:
            raise RuntimeError(self.error)
        self.modes.append(mode)


def a_camera(lamp: Any) -> FletCamera:
    camera = FletCamera(web=False)
    camera._control.current = lamp
    return camera


@pytest.mark.asyncio
async def test_the_light_shines_or_is_off_and_never_flashes() -> None:
    lamp = Lamp()
    camera = a_camera(lamp)
    await camera.shine(True)
    await camera.shine(False)
    assert lamp.modes == [fc.FlashMode.TORCH, fc.FlashMode.OFF]


@pytest.mark.asyncio
async def test_a_camera_without_a_light_says_so() -> None:
    lamp = Lamp("setFlashModeFailed")  # flet holds it loosely: it needs a name
    with pytest.raises(Refused, match="no_torch"):
        await a_camera(lamp).shine(True)


class Slow:
    """A camera whose photo comes when the test says so."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    async def take_picture(self) -> bytes:
        await self.came.wait()
        return b"raw"


@pytest.mark.asyncio
async def test_its_screen_stays_until_the_camera_has_answered() -> None:
    slow = Slow()
    camera = a_camera(slow)
    photo = asyncio.create_task(camera.shoot())
    leaving = asyncio.create_task(camera.rest())
    await asyncio.sleep(0.12)
    assert not leaving.done()
    slow.came.set()
    await leaving
    assert photo.done() and await photo == b"raw"


@pytest.mark.asyncio
async def test_a_camera_that_never_answers_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flet_camera, "LEAVING_S", 0.1)
    slow = Slow()
    camera = a_camera(slow)
    photo = asyncio.create_task(camera.shoot())
    await asyncio.sleep(0)
    await camera.rest()
    assert not photo.done()
    photo.cancel()


def test_the_nearest_compound_is_chosen_with_a_good_fix() -> None:
    near = nearest(TOWN, a_fix(accuracy_m=20))
    assert near and near.id == "yly"


@pytest.mark.parametrize(
    "changes", [{"accuracy_m": 51}, {"accuracy_m": None}, {"mock": True}, {"lat": 38.65}]
)
def test_no_compound_is_chosen_with_a_poor_fix(changes: dict[str, object]) -> None:
    assert nearest(TOWN, a_fix(**changes)) is None


def test_no_compound_is_chosen_without_a_fix() -> None:
    assert nearest(TOWN, None) is None


def test_a_thousandth_of_a_degree_north_is_about_111_metres() -> None:
    away = distance_m(TOWN.compounds[0], a_fix(lat=38.60223))
    assert away and 110 < away < 113


def test_a_compound_is_found_by_a_piece_of_its_name() -> None:
    assert [c.id for c in find_compounds(TOWN, None, "公寓")] == ["sfgy"]
