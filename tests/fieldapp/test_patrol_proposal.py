"""What a patrol is proposed to be, which compounds it is to look at, and what it may never hold."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contract.patrol import Alarm, Patrol, Visit
from contract.place import Fix
from contract.reference import Plan, Task
from contract.report import Kind
from fieldapp.patrol.proposal import Proposal, propose, wanted_compounds
from fieldapp.patrol.shifts import key_period, middle, shift
from fieldapp.report.entry import Stage
from fieldapp.state.patrol import visits
from fieldapp.state.patrol_route import in_visit_order, last_logged_fix
from fieldapp.ui import words
from tests.builders import NOON, a_fix, a_place, an_entry
from tests.fieldapp.a_phone import TOWN

HERE = (38.6, 108.8)
TODAY = NOON.date()
JUNE = NOON.replace(month=6)


def a_plan(**changes: Any) -> Plan:
    plan = Plan(id="p1", title="示例计划", form="SWEEP", first=TODAY, last=TODAY)
    return plan.changed(**changes)


def a_task(compound: str | None = None, due: date | None = None) -> Task:
    return Task(id=f"t{compound}", title="示例任务", compound=compound, due=due)


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (NOON.replace(hour=17, minute=20), "DAY"),  # sunset at 17:28
        (NOON.replace(hour=17, minute=29), "NIGHT"),
        (JUNE.replace(hour=20), "DAY"),  # sunset at 20:12
        (JUNE.replace(hour=20, minute=13), "NIGHT"),
        (NOON.replace(hour=5, minute=59), "NIGHT"),
        (NOON.replace(hour=6), "DAY"),
    ],
)
def test_night_begins_with_the_sunset_of_the_day(at: datetime, wanted: str) -> None:
    assert shift(at, HERE) == wanted


@pytest.mark.parametrize("where", [None, (80.0, 15.0)])
def test_where_the_sun_tells_nothing_night_begins_at_half_past_five(
    where: tuple[float, float] | None,
) -> None:
    assert shift(JUNE.replace(hour=17, minute=29), where) == "DAY"
    assert shift(JUNE.replace(hour=17, minute=30), where) == "NIGHT"


def test_the_middle_of_the_ground_is_that_of_its_compounds() -> None:
    assert middle(TOWN) == pytest.approx((38.65, 108.87), abs=0.01)
    assert middle(TOWN.changed(compounds=())) is None


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOON, "NORMAL"),  # a Friday
        (NOON.replace(hour=16), "SCHOOL_NIGHT"),
        (NOON + timedelta(days=1), "WEEKEND"),
        (NOON.replace(month=7, day=22), None),
    ],
)
def test_the_calendar_tells_the_key_period_as_far_as_it_knows(
    at: datetime, code: str | None
) -> None:
    assert key_period(at) == code


def test_a_plan_of_today_says_form_and_period_and_one_of_another_day_nothing() -> None:
    plan = a_plan(key_period="EXAM_SEASON")
    assert propose(NOON, HERE, [plan]) == Proposal("SWEEP", "DAY", "EXAM_SEASON")
    tomorrow = NOON + timedelta(days=1)
    assert propose(tomorrow, HERE, [plan]) == Proposal("ROUTINE", "DAY", "WEEKEND")


def test_a_plan_for_the_night_is_not_proposed_at_noon() -> None:
    plans = [a_plan(form="UNANNOUNCED", shift="NIGHT"), a_plan(form="SPOT")]
    assert propose(NOON, HERE, plans).form == "SPOT"
    assert propose(NOON.replace(hour=19), HERE, plans).form == "UNANNOUNCED"


def test_plan_and_open_tasks_name_the_compounds_to_visit() -> None:
    today = NOON.date()
    tasks = [a_task("b"), a_task("c", today), a_task("d", today - timedelta(days=1)), a_task()]
    assert wanted_compounds([a_plan(compounds=("a",))], tasks, today) == {"a", "b", "c"}


def test_what_is_asked_for_comes_before_what_is_nearer() -> None:
    here = Fix(lat=38.60123, lon=108.84567, at=NOON)
    assert [one.id for one in in_visit_order(TOWN, (), here)] == ["yly", "sfgy"]
    assert [one.id for one in in_visit_order(TOWN, {"sfgy"}, here)] == ["sfgy", "yly"]


def test_the_last_place_is_a_fix_or_else_its_compound() -> None:
    nowhere = an_entry(fix=None, place=a_place(compound=None))
    mocked = an_entry(fix=a_fix(mock=True), place=a_place(compound="sfgy"))
    found = last_logged_fix([nowhere, mocked, an_entry()], TOWN)
    assert found and (found.lat, found.lon, found.provider) == (38.70, 108.90, "manual")
    assert last_logged_fix([nowhere], TOWN) is None


def test_a_compound_is_visited_once_with_each_result_that_still_stands() -> None:
    """Nothing seen in one building hides no lead of another, whichever came last."""
    clear = an_entry(kind=Kind.CLEAR).changed(stage=Stage.SEALED)
    site = an_entry().changed(stage=Stage.DELIVERED)
    taken_back = an_entry(kind=Kind.AD).changed(stage=Stage.WITHDRAWN)
    draft = an_entry(place=a_place(compound="other"))
    for logged, seen in (
        ([draft, taken_back, site, clear, clear], ["CLEAR", "SITE"]),
        ([clear, site, site], ["SITE", "CLEAR"]),
    ):
        assert [(one.compound, one.result) for one in visits(logged)] == [("yly", r) for r in seen]


def test_a_patrol_holds_no_track_no_count_and_no_person() -> None:
    """A new field is a new question: may the bureau know this of whoever walked?"""
    assert set(Patrol.model_fields) == {
        *("id", "revision", "device", "author", "grid", "form", "shift", "key_period"),
        *("started_at", "ended_at", "visits", "alarms"),
    }
    assert set(Visit.model_fields) == {"compound", "name", "result"}
    assert set(Alarm.model_fields) == {"at", "fix", "compound"}


def test_no_word_measures_whoever_patrols() -> None:
    said = words.sentences()
    text = "".join("".join(pair) for pair in said.values())
    measured = "签到|打卡|轨迹(?!。)|里程|步数|在线时长|时长|考勤|达标|指标|完成率|任务量|人次"
    assert not re.search(measured, text), re.search(measured, text)
    assert not re.search(r"check.?in|streak|score|points|leaderboard|mileage|steps\b", text, re.I)
    patrol = [
        zh for code, (zh, _) in said.items() if code.startswith(("patrol.", "over.", "home."))
    ]
    assert not [zh for zh in patrol if "{n}" in zh and "再看" not in zh]
