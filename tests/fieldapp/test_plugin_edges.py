"""Whatever a plugin delivers or raises, its adapter keeps its port's promise."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import flet as ft
import flet_camera as fc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.adapters import flet_battery, flet_page, zbar_scanner
from fieldapp.adapters.flet_battery import FletBattery, percent
from fieldapp.adapters.flet_biometrics import FletBiometrics
from fieldapp.adapters.flet_camera import FletCamera
from fieldapp.adapters.flet_page import clipboard_writer, kinds, on_wifi
from fieldapp.adapters.flet_safe import FletSafe
from fieldapp.ports import Question, Refused
from fieldapp.state.warnings import find_warnings
from fieldapp.ui.measure import text_scale_probe
from fieldapp.ui.viewport import Viewport
from tests.fieldapp.anything import ANYTHING, answering

pytestmark = pytest.mark.asyncio
ON_PHONE, IN_BROWSER = (cast(ft.Page, SimpleNamespace(web=web)) for web in (False, True))
QUESTION = Question("巡查", "打开巡查", "输密码")
CAMERA_CODES = {"camera_busy", "camera_denied", "no_camera"}


def over(adapter: Any, plugin: Any) -> Any:
    """The adapter without a page, over this plugin."""
    made = object.__new__(adapter)
    made._service = plugin
    return made


@pytest.mark.parametrize(
    ("level", "charge"),
    [
        *[(0, 0), (100, 100), (57.9, 57), (-1, None), (101, None), (2**31, None), (True, None)],
        *[(float("nan"), None), (float("inf"), None), ("50", None), (None, None), ([50], None)],
        (10**400, None),
    ],
)
async def test_a_charge_is_whole_percent_or_unknown(level: object, charge: int | None) -> None:
    assert percent(level) == charge


@given(ANYTHING)
async def test_any_battery_is_a_charge_or_unknown(answer: object) -> None:
    charge = await over(FletBattery, answering("get_battery_level", answer=answer)).charge()
    assert charge is None or (type(charge) is int and 0 <= charge <= 100)
    find_warnings(None, charge, None)


async def test_a_battery_that_hangs_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flet_battery, "TIMEOUT_S", 0.05)
    hanging = SimpleNamespace(get_battery_level=lambda: asyncio.sleep(60))
    assert await over(FletBattery, hanging).charge() is None


@given(ANYTHING)
async def test_any_plugin_for_finger_and_face_is_a_yes_or_a_no(answer: object) -> None:
    verbs = "get_available_biometrics", "authenticate", "stop_authentication"
    one = over(FletBiometrics, answering(*verbs, answer=answer))
    assert await one.offered() is (isinstance(answer, list) and bool(answer))
    assert await one.recognised(QUESTION) is (answer is True)


@given(ANYTHING | st.lists(st.sampled_from(ft.ConnectivityType), max_size=3))
async def test_only_a_network_that_says_it_is_free_is_free(answer: object) -> None:
    plugin = answering("get_connectivity", answer=answer)
    free = isinstance(answer, list) and any(
        kind in (ft.ConnectivityType.WIFI, ft.ConnectivityType.ETHERNET) for kind in answer
    )
    assert await on_wifi(ON_PHONE, plugin)() is free
    assert await on_wifi(IN_BROWSER, plugin)() is True
    kinds(answer)


async def test_a_network_that_does_not_say_holds_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flet_page, "TIMEOUT_S", 0.05)
    hanging = cast(ft.Connectivity, SimpleNamespace(get_connectivity=lambda: asyncio.sleep(60)))
    assert await on_wifi(ON_PHONE, hanging)() is False


@given(ANYTHING)
async def test_any_clipboard_copies_or_says_that_it_cannot(answer: object) -> None:
    copied = await outcome(clipboard_writer(answering("set", answer=answer))("text"))
    assert copied == ("no_clipboard" if isinstance(answer, Exception) else None)


@given(ANYTHING)
async def test_any_safe_gives_a_text_nothing_or_an_os_error(answer: object) -> None:
    safe = over(FletSafe, answering("get", "set", "remove", answer=answer))
    try:
        kept = await safe.get("name")
    except OSError:
        assert answer is not None and not isinstance(answer, str)
    else:
        assert kept == answer
    for text in ("text", None):
        try:
            await safe.put("name", text)
        except OSError:
            assert isinstance(answer, Exception)


LENSES = st.lists(
    st.builds(
        fc.CameraDescription,
        name=st.text(max_size=3),
        lens_direction=st.sampled_from(fc.CameraLensDirection),
        sensor_orientation=st.integers(0, 3),
    ),
    max_size=2,
)


@given(ANYTHING | LENSES, st.booleans())
async def test_any_camera_gives_bytes_or_a_reason(answer: object, web: bool) -> None:
    names = "get_available_cameras", "initialize", "take_picture", "set_flash_mode"
    camera, plugin = FletCamera(web=web), answering(*names, answer=answer)
    camera._control = SimpleNamespace(current=plugin)  # type: ignore[assignment]  # no page
    assert await outcome(camera._switch_on()) in CAMERA_CODES | {None}
    shot = await outcome(camera.shoot())
    assert shot in CAMERA_CODES or (isinstance(shot, bytes) and shot)
    assert await outcome(camera.shine(True)) in {"no_torch", None}
    await camera.rest()


async def outcome(call: Any) -> Any:
    """What the call returned, or the code it was refused with."""
    try:
        return await call
    except Refused as refused:
        return refused.code


async def test_a_number_is_not_taken_for_a_picture_of_that_size() -> None:
    camera, plugin = FletCamera(web=False), answering("take_picture", answer=1 << 40)
    camera._control = SimpleNamespace(current=plugin)  # type: ignore[assignment]  # no page
    with pytest.raises(Refused, match="camera_busy"):
        await camera.shoot()


CODES = st.lists(st.builds(SimpleNamespace, data=ANYTHING) | ANYTHING, max_size=3)


@given(ANYTHING | CODES)
async def test_any_answer_of_zbar_is_a_text_or_none(answer: object) -> None:
    text = zbar_scanner.text_of(answer)
    assert text is None or text != ""


@given(ANYTHING, ANYTHING, ANYTHING)
async def test_a_window_of_no_size_changes_nothing(width: Any, height: Any, scale: Any) -> None:
    seen = Viewport().resized(width, height).with_text_scale(scale)
    assert seen.width > 0 and seen.height > 0 and 0 < seen.text_scale <= 20
    assert seen.cramped in (True, False) and seen.across in (2, 3)
    probe = text_scale_probe(lambda scale: None)
    cast(Any, probe).on_size_change(SimpleNamespace(height=height))
