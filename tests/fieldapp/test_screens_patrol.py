"""A patrol on screen: begun in one tap, its compounds, its end, and what it came to."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contract import wire
from contract.patrol import Alarm, Patrol
from contract.reference import Plan, Reference
from contract.report import Kind
from fieldapp.ports import FixOutcome, Sighting
from fieldapp.report.entry import Stage
from fieldapp.state import positioning
from tests.builders import NOON, a_fix
from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio
EVENING = NOON.replace(hour=18)


async def begun(app: Headless, *taps: str) -> None:
    await app.tap("start-patrol")
    for identifier in taps:
        app.start(identifier)
        await app.settle()


def sent(phone: Phone) -> list[Patrol]:
    """The patrols in the outbox, in the order they were posted."""
    parcels = phone.notebook.outbox(NOON + timedelta(days=2), 50)
    bodies = [wire.parse_json(parcel.raw)["body"] for parcel in parcels if parcel.kind == "patrol"]
    return [Patrol.model_validate(body) for body in bodies]


@pytest.mark.parametrize(("hour", "words"), [(12, "日查 · 日常"), (18, "夜查 · 日常")])
async def test_form_and_shift_are_proposed_and_one_tap_begins(
    tmp_path: Path, hour: int, words: str
) -> None:
    phone = Phone(tmp_path, Hands(now=NOON.replace(hour=hour)))
    async with phone as app:
        assert app.says(words)
        await begun(app)
        assert app.says(words) and app.shows("visit-yly")
        assert phone.state.patrol.current and phone.state.patrol.current.key_period in (
            "NORMAL",
            "SCHOOL_NIGHT",
        )
        assert phone.memory.patrol() == phone.state.patrol.current


async def test_a_plan_of_today_is_proposed_and_its_compounds_come_first(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    plan = Plan(
        id="p1",
        title="示例计划",
        form="UNANNOUNCED",
        key_period="EXAM_SEASON",
        first=NOON.date(),
        last=NOON.date(),
        compounds=("sfgy",),
    )
    news = Reference(version="2", plans=(plan,))
    phone.memory.keep_reference_data(phone.memory.places(), news)
    async with phone as app:
        assert app.says("日查 · 四不两直")
        await begun(app)
        assert phone.state.patrol.current and phone.state.patrol.current.key_period == "EXAM_SEASON"
        assert [compound.id for compound in phone.state.patrol.to_visit] == ["sfgy", "yly"]


async def test_form_and_shift_can_be_changed_and_reports_say_them(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(now=EVENING))
    async with phone as app:
        await begun(app)
        await app.tap("change-form")
        await app.tap("form-SWEEP")
        await app.tap("shift-DAY")
        assert app.find("form-SWEEP").selected and app.says("日查 · 拉网式")
        await app.tap("add")
        assert phone.state.draft.entry
        report = phone.state.draft.entry.report
        assert (report.patrol_form, report.shift, report.key_period) == (
            "SWEEP",
            "DAY",
            "SCHOOL_NIGHT",
        )


async def test_nothing_seen_is_one_tap_in_the_list_and_stays_on_the_list(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app, "clear-yly")
        assert app.shows("visited-yly") and not app.shows("clear-yly")
        assert app.shows("clear-sfgy") and app.shows("undo")
        (entry,) = phone.notebook.entries()
        report = entry.report
        assert (report.kind, report.place.compound, entry.stage) == (
            Kind.CLEAR,
            "yly",
            Stage.SEALED,
        )
        assert report.fix is None  # no position is taken for it


async def test_nothing_seen_can_be_undone_and_the_compound_is_open_again(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app, "clear-yly")
        await app.tap("undo")
        assert app.shows("clear-yly") and not app.shows("visited-yly")
        assert phone.state.patrol.current and phone.state.patrol.current.visits == ()
        assert phone.notebook.entries()[0].stage is Stage.WITHDRAWN


async def test_a_compound_in_the_list_leaves_an_unfinished_draft_alone(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        draft = phone.state.draft.entry
        await app.route("/")
        await app.tap("open-patrol")
        await app.seal("clear-sfgy")
        assert draft and phone.state.draft.entry == draft


async def test_a_lead_begins_at_the_compound_that_was_tapped_wherever_the_phone_is(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app, "log-sfgy")
        assert app.says("示范公寓") and app.shows("building-0")
        assert phone.state.draft.entry and phone.state.draft.entry.report.place.compound == "sfgy"


async def test_the_list_is_ordered_from_where_something_was_last_logged(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app, "clear-sfgy")
        assert [compound.id for compound in phone.state.patrol.to_visit] == ["yly", "sfgy"]
        await app.route("/")
        await app.tap("open-patrol")
        assert [compound.id for compound in phone.state.patrol.to_visit] == ["sfgy", "yly"]
        assert app.says("11965 米")


async def test_an_ad_is_logged_without_signs_and_without_a_venue(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app)
        await app.tap("ad")
        await app.tap("next")
        await app.seal()
        (entry,) = phone.notebook.entries()
        assert (entry.report.kind, entry.stage) == (Kind.AD, Stage.SEALED)


async def test_a_rest_is_shown_kept_and_never_told(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app)
        await app.tap("pause")
        assert app.shows("paused") and app.says("继续")
    phone = Phone(tmp_path)
    async with phone as again:
        assert again.shows("paused")
        await again.tap("open-patrol")
        await again.tap("end-patrol")
        await again.tap("end-patrol")
        assert "pause" not in wire.to_terse_json(sent(phone)[0])
        assert not phone.state.patrol.paused


async def test_whoever_logs_something_is_no_longer_resting(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app)
        await app.tap("pause")
        await app.tap("add")
        assert not phone.state.patrol.paused and phone.memory.paused() is False


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return NOON.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("now", "proposed"),
    [
        (at(21, 29), False),
        (at(21, 30), True),
        (at(21, 59), True),
        (at(22, 0), False),
        (at(5, 59, 21), False),
        (at(6, 0, 21), True),
    ],
)
async def test_the_end_is_proposed_at_half_past_nine_and_never_in_the_night(
    tmp_path: Path, now: datetime, proposed: bool
) -> None:
    phone = Phone(tmp_path, Hands(now=EVENING))
    async with phone as app:
        await begun(app)
        phone.hands.now = now
        await app.route("/")
        assert app.shows("ending") is proposed


async def test_who_rests_is_not_asked_to_end(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(now=at(21, 40)))
    async with phone as app:
        await begun(app)
        assert app.shows("ending")
        await app.tap("pause")
        assert not app.shows("ending")


async def test_the_summary_says_what_was_logged_and_what_is_still_here(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    async with phone as app:
        await begun(app, "clear-yly", "end-patrol", "end-patrol")
        assert app.says("巡查小结") and app.says("12:00 – 12:00")
        assert app.says("还在手机上") and app.says("样例苑")
        (entry,) = phone.notebook.entries()
        phone.notebook.write(entry.changed(stage=Stage.DELIVERED))
        await phone.state.refresh()
        await app.settle()
        assert app.says("旗局都收到了") and not app.says("还在手机上")


async def test_a_patrol_without_a_report_is_fine(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app, "end-patrol", "end-patrol")
        assert app.says("也没关系") and not app.shows("whereabouts")


@pytest.mark.parametrize("path", ["/patrol", "/patrol/summary"])
async def test_an_address_opened_without_a_patrol_says_so(tmp_path: Path, path: str) -> None:
    async with Phone(tmp_path) as app:
        await app.route(path)
        assert app.says("现在没有巡查") and app.shows("back")


async def test_without_compounds_the_list_says_when_they_come(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    phone.memory.keep_places(phone.memory.places().changed(compounds=()))
    async with phone as app:
        await begun(app)
        assert app.says("联网后就有") and app.shows("add")


async def test_the_card_with_the_numbers_writes_nothing_down_by_being_opened(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("sos")
        assert app.says("110") and app.says("119") and app.says("12345")
        assert phone.state.patrol.current is None and phone.notebook.waiting() == 0


async def test_a_call_for_help_is_its_own_record_of_time_and_place_and_no_lead(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("sos")
        await app.tap("call-110")
        await app.tap("call-12345")
        assert app.shows("noted") and app.says("样例苑")
        (told,) = sent(phone)
        (alarm,) = told.alarms
        assert set(wire.to_json(alarm)) == {"at", "fix", "compound"}
        assert (alarm.at, alarm.compound, phone.notebook.entries()) == (NOON, "yly", [])


async def test_a_call_for_help_is_kept_before_there_is_a_position(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(sighting=Sighting(FixOutcome.TIMED_OUT)))
    async with phone as app:
        await app.tap("sos")
        await app.tap("note-alarm")
        (alarm,) = sent(phone)[0].alarms
        assert (alarm.at, alarm.fix, alarm.compound) == (NOON, None, None)


async def test_the_end_of_a_patrol_comes_after_its_call_for_help(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app)
        await app.tap("sos")
        await app.tap("call-119")
        await app.route("/patrol")
        await app.tap("end-patrol")
        await app.tap("end-patrol")
        assert app.says("求助 12:00")
        first, last = sent(phone)
        assert (first.revision, first.ended_at, last.revision) == (1, None, 2)
        assert last.alarms == first.alarms and last.ended_at == NOON


class Locator:
    """One that raises, hangs, or finds something once the test lets it."""

    def __init__(self, found: Sighting | Exception | None) -> None:
        self.found, self.let = found, asyncio.Event()

    async def locate(self, seconds: float = 20) -> Sighting:
        await self.let.wait()
        if isinstance(self.found, Exception):
            raise self.found
        return self.found  # type: ignore[return-value]  # what a broken adapter may do


def given(phone: Phone, locator: Locator) -> None:
    phone.state.kit = replace(phone.state.kit, locator=locator)


FINDS = Sighting(FixOutcome.FOUND, a_fix())


async def test_a_call_for_help_waits_for_no_position_and_the_position_follows(
    tmp_path: Path,
) -> None:
    phone, locator = Phone(tmp_path), Locator(FINDS)
    async with phone as app:
        given(phone, locator)
        await app.tap("sos")
        app.start("call-110")
        await app.until(lambda: sent(phone))
        (told,) = sent(phone)
        assert told.alarms == (Alarm(at=NOON),) and app.shows("noted") and phone.courier.rounds
        locator.let.set()
        await app.until(lambda: len(sent(phone)) > 1)
        first, second = sent(phone)
        assert (first.id, first.revision, second.revision) == (second.id, 1, 2)
        assert second.alarms == (Alarm(at=NOON, fix=a_fix(), compound="yly"),)
        assert phone.memory.patrol() == second.changed(revision=3) and app.says("样例苑")


@pytest.mark.parametrize("found", [ZeroDivisionError(), None, Sighting(FixOutcome.STALE)])
async def test_a_call_for_help_is_told_once_where_no_position_comes(
    tmp_path: Path, found: Sighting | Exception | None
) -> None:
    phone, locator = Phone(tmp_path), Locator(found)
    async with phone as app:
        given(phone, locator)
        await app.tap("sos")
        app.start("call-110")
        await app.until(lambda: sent(phone))
        locator.let.set()
        await app.settle()
        (told,) = sent(phone)
        assert told.alarms == (Alarm(at=NOON),)


async def test_a_position_that_comes_after_the_patrol_begins_no_other(tmp_path: Path) -> None:
    phone, locator = Phone(tmp_path), Locator(FINDS)
    async with phone as app:
        given(phone, locator)
        await app.tap("sos")
        app.start("call-110")
        await app.until(lambda: sent(phone))
        await phone.state.patrol.finish()
        await phone.state.patrol.ensure(NOON)
        locator.let.set()
        await app.settle()
        assert phone.state.patrol.current and phone.state.patrol.current.alarms == ()
        assert [len(one.alarms) for one in sent(phone)] == [1, 1]


async def test_a_call_for_help_is_told_by_a_clock_that_was_set_back(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await begun(app)
        phone.hands.now = NOON - timedelta(hours=5)
        await app.tap("sos")
        await app.tap("call-110")
        assert [alarm.at for alarm in sent(phone)[0].alarms] == [phone.hands.now]


@pytest.mark.parametrize("found", [ZeroDivisionError(), None, FINDS])
async def test_a_draft_does_not_look_for_a_position_for_ever(
    tmp_path: Path, found: Sighting | Exception | None
) -> None:
    phone, locator = Phone(tmp_path), Locator(found)
    async with phone as app:
        given(phone, locator)
        app.start("add")
        await app.settle()
        assert phone.state.draft.locating
        locator.let.set()
        await app.settle()
        assert phone.state.draft.entry and not phone.state.draft.locating


async def test_a_locator_that_hangs_ends_the_search_of_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positioning, "SPARE_S", -19.9)
    phone = Phone(tmp_path)
    async with phone as app:
        given(phone, Locator(FINDS))
        await app.tap("add")
        assert phone.state.draft.entry and not phone.state.draft.locating
        assert app.says("没定到位")
