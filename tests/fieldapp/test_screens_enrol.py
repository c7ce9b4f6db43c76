"""The first screen: an invitation that the camera saw or that was pasted, or a code, typed."""

from pathlib import Path

import pytest

from contract.invitation import Invitation
from fieldapp.screens.remedies import REMEDIES
from fieldapp.state import enrolment
from fieldapp.ui.words import sentences
from tests.fieldapp.a_phone import CODE, Hands, Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_photo import written_under

pytestmark = pytest.mark.asyncio
PIN = "ab" * 32
INVITED = Invitation(code=CODE, address="https://10.0.0.5:8443", fingerprint=PIN)


async def test_a_pasted_invitation_brings_address_and_certificate_along(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    async with phone as app:
        await app.write("enrol-code", INVITED.text())
        await app.tap("enrol")
        assert app.shows("add")
    identity = phone.memory.identity()
    assert identity and identity.address == f"https://10.0.0.5:8443#{PIN}"


async def test_a_typed_code_goes_to_the_typed_address(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    async with phone as app:
        await app.write("enrol-code", CODE)
        await app.write("enrol-address", "https://bureau.example")
        await app.tap("enrol")
    identity = phone.memory.identity()
    assert identity and identity.address == "https://bureau.example"


async def test_a_new_phone_speaks_either_language_before_it_is_enrolled(tmp_path: Path) -> None:
    async with Phone(tmp_path, enrolled=False) as app:
        assert app.texts()[:2] == ["登记这部手机", "English"]
        await app.write("enrol-code", "12")
        await app.tap("language")
        assert app.texts()[:2] == ["Enrol this phone", "中文"]
        await app.tap("enrol")
        assert app.says(sentences()["why.code_not_valid"][1])
        await app.tap("language")
        assert app.says("登记这部手机")


async def test_another_certificate_has_words_and_a_next_step() -> None:
    assert "why.other_certificate" in sentences()
    assert REMEDIES["other_certificate"].next in sentences()


async def scanned(app: Headless) -> None:
    """The tap that opens the camera, and all looks that come of it."""
    await app.tap("scan")
    for _ in range(100):
        if not app.shows("type-code") or app.shows("retry"):
            return
        await app.settle(1)
    raise AssertionError("it never ends")


async def test_one_tap_and_the_camera_enrols_with_address_and_certificate(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(code=INVITED.text()), enrolled=False)
    async with phone as app:
        await scanned(app)
        await app.settle()
        assert app.shows("add")
    identity = phone.memory.identity()
    assert identity and identity.address == f"https://10.0.0.5:8443#{PIN}"


async def test_the_code_comes_into_sight_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "PAUSE_S", 0.05)
    phone = Phone(tmp_path, Hands(), enrolled=False)
    async with phone as app:
        await app.tap("scan")
        assert app.says("正在找二维码") and not app.shows("retry")
        phone.hands.code = INVITED.text()
        await app.settle(60)
        assert app.shows("add")


async def test_nothing_that_the_camera_saw_is_kept(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(code=INVITED.text()), enrolled=False)
    async with phone as app:
        await scanned(app)
        assert phone.hands.shots == 1
    assert phone.album.used_bytes() == 0
    assert not any(b"raw 1" in written for written in written_under(tmp_path))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "没找到二维码，靠近再试"),
        ("https://shop.example/pay", "这不是登记用的二维码"),
        ("xuncha:9;a;b;c", "请先更新本应用"),
        ("\ufffd", "这不是登记用的二维码"),
    ],
)
async def test_what_is_no_invitation_has_words_and_a_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str | None, words: str
) -> None:
    monkeypatch.setattr(enrolment, "PAUSE_S", 0)
    phone = Phone(tmp_path, Hands(code=code), enrolled=False)
    async with phone as app:
        await scanned(app)
        assert app.says(words)
        phone.hands.code = INVITED.text()
        await app.tap("retry")
        await app.settle()
        assert app.shows("add")


@pytest.mark.parametrize(
    ("hands", "words"),
    [
        (Hands(refusal="camera_denied"), "没有相机权限，请输入"),
        (Hands(refusal="camera_busy"), "相机被占用，请再试"),
        (Hands(refusal="no_camera"), "没有找到相机，请输入"),
        (Hands(scans=False), "本机不能扫码，请输入"),
    ],
)
async def test_a_camera_that_cannot_leaves_the_typing(
    tmp_path: Path, hands: Hands, words: str
) -> None:
    phone = Phone(tmp_path, hands, enrolled=False)
    async with phone as app:
        await scanned(app)
        assert app.says(words) and app.shows("retry")
        await app.tap("type-code")
        await app.write("enrol-code", CODE)
        await app.tap("enrol")
        assert app.shows("add")


async def test_where_nothing_reads_codes_nobody_is_offered_to_scan(tmp_path: Path) -> None:
    async with Phone(tmp_path, Hands(scans=None), enrolled=False) as app:
        assert not app.shows("scan") and app.says("输入旗局发的一次性登记码")


async def test_without_a_road_the_scanned_invitation_waits_in_its_field(tmp_path: Path) -> None:
    """One tap more when there is a network, and nothing to scan again."""
    phone = Phone(tmp_path, Hands(code=INVITED.text(), road=False), enrolled=False)
    async with phone as app:
        await scanned(app)
        await app.settle()
        assert app.says("没有网络，稍后再试")
        phone.hands.road = True
        await app.tap("enrol")
        assert app.shows("add")


async def test_who_goes_back_to_typing_is_not_enrolled_by_a_late_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "PAUSE_S", 0.05)
    phone = Phone(tmp_path, Hands(), enrolled=False)
    async with phone as app:
        await app.tap("scan")
        await app.tap("type-code")
        phone.hands.code = INVITED.text()
        await app.settle(40)
        assert app.shows("enrol") and not app.says("没找到二维码")


async def test_every_way_to_fail_at_scanning_has_words() -> None:
    codes = {"camera_denied", "camera_busy", "no_camera", "no_scanner", "not_a_picture"}
    assert {f"scan.{code}" for code in codes} <= set(sentences())
