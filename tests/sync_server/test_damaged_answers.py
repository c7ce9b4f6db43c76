"""An answer that is damaged in the database fails no reply: it is told as such, in its place."""

import logging
from uuid import UUID

import pytest
from sqlalchemy import text

from contract.protocol import UNREADABLE, Answer, Outcome
from contract.report import Report
from sync_server.intake.told_answers import NO_REPORT, NO_TIME
from tests.sync_server.bureau import Bureau, Handset, a_report, sent
from tests.sync_server.serving import Server
from tests.sync_server.test_import_lists import on_sqlite
from tests.sync_server.test_sync import reply

ANY_ENGINE = {
    "report": ["'x'", "''"],
    "at": ["'9999-12-31 23:59:59.000000'", "'0001-01-01 00:00:00.000000'"],
    "state": ["''", "'?!'"],
    "reason": ["'no code'"],
    "by": ["''", "'科 长'"],
    "number": ["'号 1'"],
}
SQLITE = {
    "report": ["x'ff'", "CAST(x'ff' AS TEXT)"],
    "at": ["'never'", "7", "x'ff'"],
    "comment": ["CAST(x'ff' AS TEXT)", "x'ff'"],
    "place": ["CAST(x'ff' AS TEXT)", "x'ff'"],
}


@pytest.fixture
def reports(bureau: Bureau) -> list[Report]:
    """Three of one post, each with an answer."""
    phone = bureau.enrol()
    made = [a_report(phone) for _ in range(3)]
    for report in made:
        bureau.receive(phone, sent(report))
        bureau.decide(report, "15", comment="是哪个单元?")
    return made


def poison(bureau: Bureau, column: str, value: str) -> None:
    """The second answer, straight into the database; `value` is SQL."""
    quoted = f'"{column}"'
    sql = f"UPDATE answers SET {quoted} = {value} WHERE bureau = :bureau AND seq = 2"  # noqa: S608
    with bureau.store.writing() as tx:
        assert tx.run(text(sql), {"bureau": tx.bureau}).rowcount == 1


def check(server: Server, bureau: Bureau, phone: Handset, where: tuple[str, str]) -> list[Answer]:
    """All answers of a call that also brings a report, and the same again from every cursor."""
    came = reply(server.sync(phone, sent(a_report(phone))))
    assert [one.outcome for one in came.receipts] == [Outcome.RECORDED], where
    assert [one.seq for one in came.answers] == [1, 2, 3], where
    assert (came.cursor, came.retold) == (3, False)
    states = [one.state for one in came.answers]
    assert states == ["15", UNREADABLE, "15"], where
    for cursor, told in ((1, [2, 3]), (2, [3]), (3, [])):
        again = reply(server.sync(phone, cursor=cursor))
        assert [one.seq for one in again.answers] == told, (where, cursor)
        assert not again.retold
    first = reply(server.sync(phone, cursor=1))
    same = reply(server.sync(phone, cursor=3, heard=first.heard))
    assert not same.retold, "its name changed"
    return list(came.answers)


def test_a_damaged_answer_is_told_as_such_and_logged(
    server: Server, bureau: Bureau, reports: list[Report], caplog: pytest.LogCaptureFixture
) -> None:
    phone = bureau.enrol()
    poison(bureau, "state", "''")
    with caplog.at_level(logging.ERROR, "xuncha"):
        told = check(server, bureau, phone, ("state", "''"))[1]
    assert (told.report, told.place) == (reports[1].id, "样例苑 3号楼2单元")
    assert told.number and told.comment == "" and told.reason is None
    assert "answer 2 of wg1 is damaged" in caplog.text and "单元" not in caplog.text


def test_whatever_is_damaged_no_reply_fails(
    server: Server, bureau: Bureau, reports: list[Report]
) -> None:
    phone = bureau.enrol()
    for column, values in ANY_ENGINE.items():
        before = kept(bureau, column)
        for value in values:
            poison(bureau, column, value)
            told = check(server, bureau, phone, (column, value))[1]
            assert told.report == (NO_REPORT if column == "report" else reports[1].id)
            assert (told.at == NO_TIME) == (column == "at")
        poison(bureau, column, before)


@on_sqlite  # PostgreSQL takes none of these
def test_whatever_only_sqlite_holds_no_reply_fails(
    server: Server, bureau: Bureau, reports: list[Report]
) -> None:
    phone = bureau.enrol()
    for column, values in SQLITE.items():
        before = kept(bureau, column)
        for value in values:
            poison(bureau, column, value)
            told = check(server, bureau, phone, (column, value))[1]
            assert isinstance(told.report, UUID)
            assert told.place == ("" if column == "place" else "样例苑 3号楼2单元")
        poison(bureau, column, before)


def test_an_answer_that_was_mended_is_told_again_where_the_phone_stands(
    server: Server, bureau: Bureau, reports: list[Report]
) -> None:
    phone = bureau.enrol()
    with bureau.store.writing() as tx:
        tx.run(
            text("UPDATE answers SET state = '' WHERE seq = 3 AND bureau = :b"), {"b": tx.bureau}
        )
    heard = reply(server.sync(phone))
    assert heard.answers[-1].state == UNREADABLE
    with bureau.store.writing() as tx:
        tx.run(text("UPDATE answers SET state = '15' WHERE seq = 3"))
    again = reply(server.sync(phone, cursor=3, heard=heard.heard))
    assert again.retold and [one.state for one in again.answers] == ["15"] * 3


def test_a_phone_that_has_it_whole_is_not_told_all_again(
    server: Server, bureau: Bureau, reports: list[Report]
) -> None:
    phone = bureau.enrol()
    with bureau.store.writing() as tx:
        tx.run(text("DELETE FROM answers WHERE seq = 3 AND bureau = :b"), {"b": tx.bureau})
    whole = reply(server.sync(phone))
    assert (whole.cursor, whole.answers[-1].state) == (2, "15")
    poison(bureau, "state", "''")
    again = reply(server.sync(phone, cursor=2, heard=whole.heard))
    assert (again.retold, again.answers) == (False, ())


def kept(bureau: Bureau, column: str) -> str:
    """The value of the second answer, as SQL."""
    sql = f'SELECT CAST("{column}" AS TEXT) FROM answers WHERE bureau = :bureau AND seq = 2'  # noqa: S608
    with bureau.store.reading() as tx:
        found = tx.run(text(sql), {"bureau": tx.bureau}).scalar_one()
    return "NULL" if found is None else f"'{found}'"
