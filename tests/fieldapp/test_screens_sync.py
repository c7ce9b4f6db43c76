"""The sync screen: what is on its way and how far, what waits and why, and what to do about it."""

import asyncio
import re
from pathlib import Path

import flet as ft
import pytest

from contract.codelists import built_in
from contract.protocol import ArrivalKind
from contract.report import Photo
from fieldapp.app import on_disconnect
from fieldapp.courier.progress import Progress
from fieldapp.memory.memory import LastRound, WorkerSettings
from fieldapp.ports import PhotoUploadState
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from fieldapp.screens.remedies import REMEDIES
from fieldapp.state import paths
from fieldapp.state import sync as sync_state
from fieldapp.state.sync_progress import PAUSE_S
from fieldapp.ui import theme
from fieldapp.ui.words import speaker, why
from tests.builders import NOON, a_photo, a_receipt, a_report, an_entry
from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio
ROLES: set[str | None] = {
    theme.INK,
    theme.MUTED,
    theme.PRIMARY,
    theme.ON_PRIMARY,
    theme.OK,
    theme.INFO,
    theme.WARN,
}
ROLES |= {theme.DANGER, theme.LINE, None}


def sealed(phone: Phone, photos: int = 0, first: int = 1) -> Entry:
    """A report in the outbox, with its photos."""
    taken = tuple(a_photo(n, bytes=200_000) for n in range(first, first + photos))
    entry, parcel = an_entry(photos=taken).sealed(NOON, built_in())
    phone.notebook.write(entry)
    phone.notebook.enqueue(parcel)
    for photo in taken:
        phone.notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes))
    return entry


def received(phone: Phone, photos: int = 0, first: int = 1, sent: int = 0) -> Entry:
    """A report at the bureau; `sent` bytes of its first photo are there."""
    entry = sealed(phone, photos, first)
    (parcel,) = (p for p in phone.notebook.outbox(NOON.replace(year=2027), 99) if is_of(p, entry))
    phone.notebook.dequeue(parcel.digest)
    delivered = entry.delivered(a_receipt(parcel), NOON)
    phone.notebook.write(delivered)
    for n, photo in enumerate(delivered.report.photos):
        there = sent if n == 0 else 0
        phone.notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes, there, due=True))
    return delivered


def is_of(parcel: object, entry: Entry) -> bool:
    return getattr(parcel, "id", "") == str(entry.report.id)


def stored(phone: Phone, photo: Photo) -> None:
    there = PhotoUploadState(photo.sha256, photo.bytes, photo.bytes, due=True, stored_at=NOON)
    phone.notebook.save_photo(there)


async def opened(app: Headless) -> None:
    await app.tap("sync")
    assert app.shows("retry")


async def ended(phone: Phone, running: asyncio.Task[None]) -> None:
    assert phone.hands.gate
    phone.hands.gate.set()
    await running


def far(app: Headless, entry: Entry) -> list[str]:
    """What is said of one report's way, on whichever screen."""
    part = app.find(f"far-{entry.report.id}")
    return [text.value for text in app.below(part, ft.Text) if text.value]


async def test_a_tap_on_the_badge_opens_it_and_back_leads_home(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await opened(app)
        await app.tap("back")
        assert app.shows("add")


async def test_when_all_has_arrived_it_says_so_and_shows_no_bar(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = received(phone, photos=1)
    stored(phone, entry.report.photos[0])
    async with phone as app:
        await opened(app)
        assert app.says("都已送达") and not app.all(ft.ProgressBar)
        assert not app.shows(f"report-{entry.report.id}")


@pytest.mark.parametrize("what", ["parcel", "photo", "refusal"])
async def test_it_never_says_so_while_anything_is_here(tmp_path: Path, what: str) -> None:
    phone = Phone(tmp_path)
    if what == "parcel":
        sealed(phone)
    elif what == "photo":
        received(phone, photos=1)
    else:
        phone.notebook.write(an_entry().changed(stage=Stage.REFUSED))
    async with phone as app:
        await opened(app)
        assert not app.says("都已送达")


async def test_bytes_of_all_photos_are_told_and_how_many_are_left(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    received(phone, photos=3, sent=100_000)
    sealed(phone, photos=2, first=4)
    async with phone as app:
        await opened(app)
        assert app.says("0.1 / 1.0 MB · 还有 5 张照片")
        assert app.says("1 条待发")
        assert [bar.value for bar in app.all(ft.ProgressBar)] == [0.1, pytest.approx(0.16)]


async def test_each_report_tells_its_own_way(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    waits, goes = sealed(phone), received(phone, photos=3, sent=100_000)
    stored(phone, goes.report.photos[2])
    async with phone as app:
        await opened(app)
        assert far(app, waits) == ["未同步"]
        assert far(app, goes) == ["2 张照片待发", "照片 1/3 · 300 / 600 KB"]
        assert app.says("回执 R-0001")
        await app.tap(f"report-{goes.report.id}")
        assert app.shows("story") and far(app, goes)[1] == "照片 1/3 · 300 / 600 KB"


@pytest.mark.parametrize(
    ("why", "words"), [(None, "联网后自动发送"), ("contract_too_old", "更新后再发，内容都在")]
)
async def test_a_card_at_home_says_what_has_to_come_first(
    tmp_path: Path, why: str | None, words: str
) -> None:
    phone = Phone(tmp_path, Hands(why=why))
    entry = sealed(phone)
    async with phone as app:
        await phone.state.sync.run()
        await app.settle()
        assert far(app, entry) == [f"未同步 · {words}"]


async def test_a_report_on_its_way_shows_its_share_on_card_sheet_and_badge(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(gate=asyncio.Event()))
    entry = received(phone, photos=2)
    name = entry.report.photos[0].sha256
    async with phone as app:
        running = asyncio.create_task(phone.state.sync.run())
        await app.settle()
        phone.courier.told(Progress(0, name, 100_000, 200_000, 2, 100_000, 400_000))
        await app.settle()
        assert far(app, entry)[0] == "同步中 25%"
        assert app.says("同步中 25%")
        await opened(app)
        assert far(app, entry)[0] == "同步中 25%" and app.says("100 / 400 KB")
        await ended(phone, running)


async def test_progress_is_there_again_after_a_restart(tmp_path: Path) -> None:
    before = Phone(tmp_path)
    entry = received(before, photos=2)
    async with before:
        stored(before, entry.report.photos[0])
        before.notebook.note_photo_sent(entry.report.photos[1].sha256, 100_000)
    async with Phone(tmp_path) as app:
        await opened(app)
        assert app.says("300 / 400 KB · 还有 1 张照片")


async def test_what_kept_it_is_known_again_after_a_restart(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    sealed(phone)
    phone.memory.keep_last_round(LastRound(at=NOON, ok=False, why="contract_too_old"))
    async with phone as app:
        await opened(app)
        assert app.says("请先更新本应用")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_trouble_says_why_and_what_comes_next(tmp_path: Path, language: str) -> None:
    phone, say = Phone(tmp_path), speaker(language)
    phone.memory.keep_settings(WorkerSettings(language=language))  # type: ignore[arg-type]  # of a list
    sealed(phone)
    async with phone as app:
        await opened(app)
        for code in REMEDIES.keys() - {"no_wifi", "undo"}:
            phone.hands.why = code
            await app.tap("retry")
            told = [text.value for text in app.below(app.find("holding"), ft.Text)]
            assert told == [why(say, code), say(REMEDIES[code].next)], code
            assert app.below(app.find("holding"), ft.Icon), code
            assert app.shows("enrol") == (REMEDIES[code].button == "enrol"), code
            assert app.says(say("sync.retry")), code


async def test_a_code_newer_than_the_app_is_shown_and_the_bureau_to_be_asked(
    tmp_path: Path,
) -> None:
    async with Phone(tmp_path, Hands(why="brand_new")) as app:
        await opened(app)
        await app.tap("retry")
        assert app.says("没有成功") and not app.says("brand_new") and app.says("请告诉旗局")


async def test_photos_that_wait_for_wifi_may_go_by_data_until_they_are_through(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path, Hands(wifi=False))
    phone.memory.keep_settings(WorkerSettings(wifi_only=True))
    entry = received(phone, photos=1)
    async with phone as app:
        await opened(app)
        await app.tap("retry")
        assert app.says("照片在等 Wi-Fi") and phone.courier.with_photos == [False]
        await app.tap("data")
        await app.tap("retry")  # the road broke: the worker's word still holds
        assert phone.courier.with_photos == [False, True, True]
        stored(phone, entry.report.photos[0])
        await app.tap("retry")
        await app.tap("retry")
        assert phone.courier.with_photos[-1] is False and app.says("都已送达")


async def test_with_wifi_or_without_photos_nothing_is_held(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(wifi=False))
    phone.memory.keep_settings(WorkerSettings(wifi_only=True))
    async with phone as app:
        await opened(app)
        await app.tap("retry")
        assert not app.shows("holding") and not app.shows("data")


async def test_a_report_just_sealed_says_that_it_may_be_undone(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = sealed(phone)
    async with phone as app:
        phone.state.undo.entry = entry
        await opened(app)
        assert app.says("刚封存") and app.says("可撤销，10 秒后发送")


async def test_a_photo_that_the_bureau_refuses_says_why_at_its_report(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = received(phone, photos=1)
    phone.hands.refused = {entry.report.photos[0].sha256: "photo_has_metadata"}
    async with phone as app:
        await opened(app)
        await app.tap("retry")
        assert app.says("照片带有附加信息，请重拍")
        assert phone.state.sync.to_send() == set()


async def test_when_it_was_last_synced_is_said_in_minutes(tmp_path: Path) -> None:
    hands = Hands()
    async with Phone(tmp_path, hands) as app:
        await opened(app)
        assert app.says("还没有同步过")
        await app.tap("retry")
        assert app.says("上次同步 刚才")
        hands.road, hands.now = False, NOON.replace(minute=12)
        await app.tap("retry")
        assert app.says("上次同步 12 分钟前")
    async with Phone(tmp_path, hands) as again:
        await opened(again)
        assert again.says("上次同步 12 分钟前")


async def test_patrols_and_suggestions_are_counted_apart(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await phone.state.patrol.ensure(NOON)
        await phone.state.patrol.end()
        await opened(app)
        assert app.says("另有 1 件待发")


async def test_of_many_reports_the_newest_are_listed(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    for _ in range(40):
        sealed(phone)
    async with phone as app:
        await opened(app)
        rows = [
            part for part in app.all(ft.Semantics) if re.match("report-", part.identifier or "")
        ]
        assert len(rows) == 30 and app.says("只列最近 30 条") and app.says("40 条待发")


async def test_the_road_may_tell_a_thousand_times_and_a_screen_changes_four_times_a_second(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path, Hands(gate=asyncio.Event()))
    entry = received(phone, photos=1)
    name, changes = entry.report.photos[0].sha256, []
    async with phone as app:
        listener = lambda *_: changes.append(1)  # noqa: E731  # kept alive: flet holds it weakly
        phone.state.sync.progress.subscribe(listener)
        running = asyncio.create_task(phone.state.sync.run())
        await app.settle()
        changes.clear()
        began = asyncio.get_running_loop().time()
        for n in range(1000):
            phone.courier.told(Progress(0, name, 200 * n, 200_000, 1, 200 * n, 200_000))
            await asyncio.sleep(0.001)
        await asyncio.sleep(PAUSE_S)
        took = asyncio.get_running_loop().time() - began
        # The first one at once, the last one after it.
        assert 2 <= len(changes) <= took / PAUSE_S + 2
        await opened(app)
        assert far(app, entry)[1] == "照片 0/1 · 199 / 200 KB"
        await ended(phone, running)


async def test_what_the_road_tells_renders_small_parts_and_no_screen(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(gate=asyncio.Event()))
    entry = received(phone, photos=1)
    name = entry.report.photos[0].sha256
    async with phone as app:
        running = asyncio.create_task(phone.state.sync.run())
        await app.settle()
        phone.courier.told(Progress(0, name, 0, 200_000, 1, 0, 200_000))
        await app.settle()
        view, add = app.top(), app.find("add")
        phone.courier.told(Progress(0, name, 100_000, 200_000, 1, 100_000, 200_000))
        await asyncio.sleep(PAUSE_S)
        await app.settle()
        assert far(app, entry)[0] == "同步中 50%"
        assert app.top() is view and app.find("add") is add
        await ended(phone, running)


async def test_a_receipt_is_seen_while_the_photos_still_travel(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(gate=asyncio.Event()))
    entry = sealed(phone)
    async with phone as app:
        running = asyncio.create_task(phone.state.sync.run())
        await app.settle()
        (parcel,) = phone.notebook.outbox(NOON.replace(year=2027), 1)
        phone.notebook.write(entry.delivered(a_receipt(parcel), NOON))
        phone.notebook.dequeue(parcel.digest)
        phone.courier.told(Progress(0, "f" * 64, 1, 2, 1, 1, 2))
        await app.settle()
        assert app.says("回执 R-0001")
        await ended(phone, running)


async def test_every_colour_is_a_role_that_both_lights_have(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(why="no_road"))
    received(phone, photos=2, sent=100_000)
    sealed(phone)
    async with phone as app:
        await opened(app)
        await app.tap("retry")
        assert {part.color for part in app.all(ft.Text)} <= ROLES
        assert {part.color for part in app.all(ft.Icon)} <= ROLES
        assert {str(part.color) for part in app.all(ft.ProgressBar)} == {theme.PRIMARY}


async def test_the_button_is_for_a_thumb_in_a_glove(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await opened(app)
        struts = [box.height for box in app.below(app.find("retry"), ft.Container) if box.height]
        assert max(float(str(height)) for height in struts) >= theme.PRIMARY_TOUCH - 4
        assert min(text.size or 0 for text in app.all(ft.Text)) >= theme.BODY


async def test_minutes_go_by_until_the_page_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that is destroyed renders nothing more: flet raises at the attempt."""
    monkeypatch.setattr(sync_state, "MINUTE_S", 0.01)
    phone = Phone(tmp_path)
    async with phone as app:
        rendered = 0

        def render() -> None:
            nonlocal rendered
            rendered += 1

        phone.state.sync.quietly(notify=render)
        await app.route(paths.SYNC)
        await asyncio.sleep(0.1)
        assert rendered
        on_disconnect(phone.state, [])
        rendered = 0
        await asyncio.sleep(0.1)
        assert not rendered


async def test_what_cannot_be_sent_can_be_saved_as_a_file(tmp_path: Path) -> None:
    """The button is there while something waits and the road fails; how it fared is said."""
    phone = Phone(tmp_path, Hands(why="no_road"))
    async with phone as app:
        await phone.state.sync.run()
        phone.state.sync.open()
        await app.settle()
        assert not app.shows("save-unsent")
        phone.notebook.enqueue(Parcel.of(ArrivalKind.REPORT, a_report(), 1, NOON))
        await phone.state.sync.run()
        await app.settle()
        for refusal, said in (
            ("no_bureau_key", "密钥"),
            ("not_saved", "没有存成"),
            ("", "旗局导入"),
        ):
            phone.hands.saving = refusal
            await app.tap("save-unsent")
            assert app.says(said)
        assert phone.notebook.waiting() == 1
