"""A new phone in a real browser: its camera sees the bureau's code, or may not look."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from sqlalchemy import select

from sync_server.accounts.invitations import invitation
from sync_server.store.schema import devices
from tests.fieldapp.test_scanner import needs_zbar
from tests.journeys.a_town import Town, a_town
from tests.journeys.conftest import Bureau

pytestmark = [pytest.mark.browser, needs_zbar]
FILM = (1280, 720)


def a_film_of(text: str) -> bytes:
    """The code on a sheet of paper, a little askew, as a camera with 1,280 × 720 px sees it."""
    paper = io.BytesIO()
    segno.make(text, micro=False, error="m").save(paper, kind="png", scale=5, border=2)
    code = Image.open(paper).convert("RGB").rotate(8, expand=True, fillcolor="white")
    scene = Image.new("RGB", FILM, (96, 90, 84))
    scene.paste(code, ((FILM[0] - code.width) // 2, (FILM[1] - code.height) // 2))
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=88)
    return out.getvalue() * 2


def devices_of(bureau: Bureau) -> int:
    with bureau.store.reading() as tx:
        return len(tx.run(select(devices)).all())


def test_one_tap_and_the_camera_has_enrolled_the_phone(tmp_path: Path) -> None:
    with a_town(tmp_path, b"no film yet") as town:
        asked = invitation(town.bureau.settings, town.bureau.code())
        film = a_film_of(asked.changed(address=town.bureau.address).text())
        (tmp_path / "film.mjpeg").write_bytes(film)  # read when the camera is switched on
        with town.newcomer() as one:
            one.phone.tap("scan")
            one.phone.at("add").wait_for(state="attached", timeout=30_000)
            assert (one.phone.taps, one.phone.typed) == (1, 0)
        assert devices_of(town.bureau) == 1


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town")) as found:
        yield found


def test_a_camera_that_sees_no_code_leads_back_to_typing(town: Town) -> None:
    with town.newcomer() as one:
        one.phone.tap("scan")
        one.phone.expect_text("notice", "没找到二维码", timeout_ms=60_000)
        one.phone.go("type-code")
        one.enrol(town.bureau.code())


def test_what_is_typed_stays_when_the_language_changes(town: Town) -> None:
    with town.newcomer() as one:
        one.phone.write("enrol-code", town.bureau.code())
        one.phone.tap("language")
        one.phone.expect_text("title", "Enrol this phone")
        one.phone.tap("enrol")
        one.phone.at("add").wait_for(state="attached", timeout=30_000)
        one.phone.expect_text("add", "Log a lead")


def test_a_worker_who_denies_the_camera_types_the_code(town: Town) -> None:
    with town.newcomer(allowed=["geolocation"]) as one:
        one.phone.tap("scan")
        one.phone.expect_text("notice", "没有相机权限，请输入", timeout_ms=30_000)
        one.phone.go("type-code")
        one.enrol(town.bureau.code())
