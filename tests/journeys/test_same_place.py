"""A day on which two workers report one place: one case, and each hears what comes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row

from sync_server.casework import review
from sync_server.domain.case_events import StepKind
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.store import staff as people
from sync_server.store.schema import case_events, records
from tests.journeys.a_town import Town, a_town
from tests.journeys.conftest import DESK
from tests.journeys.days import SITE, SLOW_MS, logged, one, rows, taps, until
from tests.journeys.worker import Worker

__all__ = ["one"]
pytestmark = pytest.mark.browser
OFFICER, COLLEAGUE = Staff("anjian9", Role.CASE_OFFICER), "wg0302x"
DOUBT = "昨晚七点还有学生进出"
CHECKED = (("PUPILS_THERE", "yes"),)
# What the bureau does with the case: over to a department, back, over to another, and closed.
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("20", {"comment": "已转社区核实"}),
    ("30", {"assignee": OFFICER.staff}),
    ("40", {}),
    ("55", {"comment": "请核查登记", "department": "MARKET"}),
    ("40", {"reason": "NOT_OURS"}),
    ("55", {"comment": "请核查备案", "department": "CIVIL"}),
    ("55", {"kind": StepKind.RECEIPT, "receipt": "收〔2026〕8号"}),
    ("60", {"comment": "民政部门已约谈"}),
    ("73", {"reason": "SETTLED_THERE", "comment": "民政部门已办结，谢谢上报。"}),
)


# What the phones say: of one that reads Chinese on SQLite, of one that reads English on PostgreSQL.
WORDS = {
    "zh": ("已移送办结", "与 {} 是同一处", "再点一次提出", "等待复核", "属实已整改"),
    "en": (
        "Handed over and closed",
        "the same place as {}",
        "Tap again to send",
        "Waiting for a review",
        "Confirmed and put right",
    ),
}


@pytest.fixture
def language(database: str) -> str:
    return "en" if database else "zh"


@pytest.fixture
def town(database: str, tmp_path: Path) -> Iterator[Town]:
    with a_town(tmp_path, database=database) as found:
        yield found


@pytest.fixture
def other(town: Town) -> Iterator[Worker]:
    """A worker of another duty post of the same grid."""
    equip(town)
    with town.newcomer() as found:
        found.enrol(town.bureau.code(COLLEAGUE))
        yield found


def equip(town: Town) -> None:
    with town.bureau.store.writing() as tx:
        grid = people.one(tx, "wg0301")
        assert grid
        if people.one(tx, COLLEAGUE) is None:
            where = {"community": grid.community, "grid": grid.grid}
            people.add(tx, staff=COLLEAGUE, role="GRID", **where)
            people.add(tx, staff=OFFICER.staff, role=OFFICER.role.value)


def step(town: Town, record: str, to: str, by: Staff, **said: Any) -> None:
    row = next(one for one in rows(town, records) if one.id == record)
    decision = Decision(to, row.state, row.revision, **said)
    review.decide(town.bureau.store, by, record, decision, datetime.now(UTC))


def handle(town: Town, record: str) -> None:
    for to, said in STEPS:
        step(town, record, to, OFFICER if to in ("55", "40", "60") else DESK, **said)


def open_after(worker: Worker, report: str, words: str) -> None:
    """Asks the bureau, and opens the report once it says this."""
    taps(worker, "sync")
    worker.phone.tap("retry")
    taps(worker, "back")
    worker.phone.expect_text(f"report-{report}", words, timeout_ms=SLOW_MS)
    taps(worker, f"report-{report}")


def doubt(town: Town, worker: Worker, report: str, words: tuple[str, str]) -> Row[Any]:
    """Objects to the result that is open; the step that came of it. `words`: what the phone says
    before and after."""
    taps(worker, "object")
    worker.phone.write("objection", DOUBT)
    worker.phone.tap("send")
    worker.phone.page.get_by_text(words[0]).first.wait_for()
    taps(worker, "send")
    worker.phone.expect_text("story", words[1])
    until(worker, lambda: _reviews(town, report))
    return _reviews(town, report)[0]


def _reviews(town: Town, report: str) -> list[Row[Any]]:
    return [one for one in rows(town, case_events) if (one.id, one.after) == (report, "90")]


def test_two_workers_report_one_place_and_both_read_what_came_of_it(
    town: Town, one: Worker, other: Worker, language: str
) -> None:
    closed, same, sure, waits, right = WORDS[language]
    for worker in (one, other) if language == "en" else ():
        taps(worker, "settings", "language-en", "back")
    first, second = logged(town, one, *SITE), logged(town, other, *SITE)
    assert first.author != second.author
    handle(town, first.id)
    states = {row.id: row.state for row in rows(town, records)}
    assert (states[first.id], states[second.id]) == ("73", "73")
    open_after(one, first.id, closed)
    one.phone.expect_text("story", "民政部门已办结")
    open_after(other, second.id, closed)
    other.phone.expect_text("story", same.format(first.number))
    found = doubt(town, other, second.id, (sure, waits))
    assert (found.comment, found.role) == (DOUBT, "GRID")
    states = {row.id: row.state for row in rows(town, records)}
    assert (states[first.id], states[second.id]) == ("73", "90")
    taps(other, "back")
    said = {"reason": "STOPPED", "comment": "复核后确认已停止，谢谢。"}
    step(town, second.id, "72", DESK, **said)
    open_after(other, second.id, right)
    other.phone.expect_text("story", "复核后确认已停止")
    assert not other.phone.at("object").count()
