"""Prepared statements say and find what SQLAlchemy's own would, on both engines."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Row, bindparam, insert, select, text

from sync_server.problems import Busy
from sync_server.store.engine import HERE, MANY, RejectedByDatabase
from sync_server.store.prepared import Prepared
from sync_server.store.schema import uploads
from tests.sync_server.bureau import Bureau

BEIJING = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 27, 20, 15, 30, 123456, BEIJING)
PUT = Prepared(insert(uploads))
MINE = select(uploads).where(uploads.c.bureau == HERE, uploads.c.upload.in_(MANY))


def row(bureau: Bureau, name: str, **more: object) -> dict[str, object]:
    known = {"bureau": bureau.store.bureau, "upload": name, "device": "d1", "expires_at": AT}
    return {**known, "length": 7, "sha256": None, **more}


def put(bureau: Bureau, *names: str) -> None:
    with bureau.store.writing() as tx:
        tx.put(PUT, [row(bureau, name) for name in names])


def found(bureau: Bureau, statement: Prepared, **values: Any) -> list[Any]:
    with bureau.store.reading() as tx:
        return tx.here(statement, **values)


def test_a_row_comes_back_as_sqlalchemy_would_say_it(bureau: Bureau) -> None:
    put(bureau, "u1")
    [ours] = found(bureau, Prepared(MINE), many=["u1"])
    [theirs] = bureau.rows(uploads)
    assert isinstance(theirs, Row)
    assert ours._asdict() == dict(theirs._mapping)
    assert ours.expires_at == AT


def test_a_list_of_any_length_finds_each_once(bureau: Bureau) -> None:
    names = [f"u{n}" for n in range(9)]
    put(bureau, *names, "another")
    for size in range(1, 10):
        asked = [*names[:size], "not here"]
        rows = found(bureau, Prepared(MINE), many=asked)
        assert sorted(one.upload for one in rows) == names[:size]


def test_few_texts_are_enough_for_lists_of_any_length(bureau: Bureau) -> None:
    statement = Prepared(MINE)
    for size in range(1, 65):
        found(bureau, statement, many=["u"] * size)
    assert len(statement._written) == len((1, 2, 4, 8, 16, 32, 64))


def test_two_lists_are_two_lists(bureau: Bureau) -> None:
    put(bureau, "u1", "u2", "u3")
    lengths = uploads.c.length.in_(bindparam("lengths", expanding=True))
    statement = Prepared(MINE.where(lengths).order_by(uploads.c.upload))
    asked: dict[str, Any] = {"many": ["u1", "u3"], "lengths": [7, 8, 9]}
    assert [one.upload for one in found(bureau, statement, **asked)] == ["u1", "u3"]
    assert found(bureau, statement, many=["u1", "u2", "u3"], lengths=[8]) == []


def test_a_value_of_the_statement_itself_is_said(bureau: Bureau) -> None:
    put(bureau, "u1")
    seven, eight = (Prepared(MINE.where(uploads.c.length == length)) for length in (7, 8))
    assert len(found(bureau, seven, many=["u1"])) == 1
    assert found(bureau, eight, many=["u1"]) == []


def test_what_the_database_refuses_is_rejected_and_nothing_stays(bureau: Bureau) -> None:
    put(bureau, "u1")
    with pytest.raises(RejectedByDatabase):
        put(bureau, "u2", "u1")
    with pytest.raises(RejectedByDatabase), bureau.store.writing() as tx:
        tx.put(PUT, [row(bureau, "u3", length=None)])
    assert [one.upload for one in bureau.rows(uploads)] == ["u1"]


def test_no_rows_are_no_statement(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        tx.put(PUT, [])
    assert bureau.count(uploads) == 0


@pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_connection_that_was_ended_is_busy_and_the_next_one_works(bureau: Bureau) -> None:
    statement = Prepared(MINE)
    found(bureau, statement, many=["u1"])
    with pytest.raises(Busy):
        ask_over_an_ended_connection(bureau, statement)
    assert found(bureau, statement, many=["u1"]) == []


def ask_over_an_ended_connection(bureau: Bureau, statement: Prepared) -> None:
    mine, end = text("SELECT pg_backend_pid()"), text("SELECT pg_terminate_backend(:pid)")
    with bureau.store.writing() as tx, bureau.store.reading() as other:
        ended = other.run(end, {"pid": tx.run(mine).scalar_one()})
        assert ended.scalar_one()
        tx.many(statement, ["u1"])
