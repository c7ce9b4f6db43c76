"""Camera and position adapters: what the plugins say, in the codes that the screens know."""

import io

import pytest
from PIL import Image, ImageOps

from fieldapp.adapters.flet_camera import refusal_of, turned
from fieldapp.adapters.flet_geolocator import sight_of
from fieldapp.ports import Sight
from fieldapp.state.nearby import found, metres, nearest
from tests.builders import a_fix
from tests.fieldapp.a_phone import TOWN


@pytest.mark.parametrize(
    ("said", "sight"),
    [
        ("Location permission denied: User denied Geolocation.", Sight.DENIED),
        ("Location request timed out.", Sight.TIMED_OUT),
        ("The location service on the device is disabled.", Sight.SWITCHED_OFF),
        ("something new", Sight.UNAVAILABLE),
    ],
)
def test_a_failed_position_has_a_name(said: str, sight: Sight) -> None:
    assert sight_of(said) is sight


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
    assert refusal_of(said) == code


def test_a_mirrored_picture_is_turned_by_its_orientation_alone() -> None:
    picture = Image.new("RGB", (64, 32), "white")
    picture.paste("black", (0, 0, 16, 32))
    paper = io.BytesIO()
    picture.save(paper, "JPEG", quality=95)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(turned(paper.getvalue(), 2))))
    assert upright.size == (64, 32)
    row = upright.convert("L").tobytes()[16 * 64 : 17 * 64]
    assert row[4] > 200 and row[60] < 50


def test_what_is_not_a_jpeg_is_left_alone() -> None:
    assert turned(b"GIF89a", 2) == b"GIF89a"


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
    away = metres(TOWN.compounds[0], a_fix(lat=38.60223))
    assert away and 110 < away < 113


def test_a_compound_is_found_by_a_piece_of_its_name() -> None:
    assert [c.id for c in found(TOWN, None, "公寓")] == ["sfgy"]
