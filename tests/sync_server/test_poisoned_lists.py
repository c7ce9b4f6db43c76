"""A row that no phone could read keeps back neither the other rows nor what phones bring."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, cast, literal, text, update

from contract.protocol import Outcome, SyncReply
from sync_server.accounts.phones import phones_of
from sync_server.intake.reference_data import ReferenceData
from sync_server.problems import NotSignedIn, Problem
from sync_server.store import lists, places
from sync_server.store.schema import communities, devices, metadata, staff
from tests.sync_server.bureau import HERE, NOW, Bureau, Handset, a_report, sent
from tests.sync_server.serving import Server
from tests.sync_server.test_reference import LISTS, fill
from tests.sync_server.test_sync import reply

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

KEYS = {"compounds": "c1", "plans": "p1", "tasks": "t1", "notices": "n1", "institutions": "i1"}
GOOD: dict[str, dict[str, Any]] = {
    "compounds": {"compound": "good", "name": "好苑", "community": HERE, "grid": "g1"},
    "plans": {**LISTS["plans"][0], "plan": "good"},
    "tasks": {**LISTS["tasks"][0], "task": "good"},
    "notices": {**LISTS["notices"][0], "notice": "good"},
    "institutions": {**LISTS["institutions"][0], "institution": "good"},
}
# What a column can hold on both engines and the contract does not take.
POISON: list[tuple[str, str, Any]] = [
    ("compounds", "compound", "样例1号"),
    ("compounds", "compound", "c 001"),
    ("compounds", "compound", ""),
    ("compounds", "community", "9.999E+11"),
    ("compounds", "venue", "居民楼"),
    ("compounds", "aliases", "老村"),
    ("compounds", "aliases", {"a": 1}),
    ("compounds", "buildings", ["1号楼"]),
    ("compounds", "buildings", [{"楼名": "1号楼"}]),
    ("compounds", "buildings", [{"name": "1号楼", "x": "\0"}]),
    ("compounds", "buildings", [{"name": "长" * 101}]),
    ("compounds", "buildings", None),
    ("plans", "plan", "计划"),
    ("plans", "form", ""),
    ("plans", "shift", "夜查"),
    ("plans", "compounds", ["样例"]),
    ("plans", "note", "长" * 4_001),
    ("tasks", "task", "任务 1"),
    ("tasks", "compound", "样例苑"),
    ("notices", "notice", "通知"),
    ("notices", "text", "长" * 4_001),
    ("institutions", "institution", "机构"),
    ("institutions", "compound", "样例苑"),
    ("institutions", "code", "代码"),
]
# What SQLite takes and PostgreSQL does not: bytes, texts and numbers in columns of another type.
LOOSE: list[tuple[str, str, Any]] = [
    ("compounds", "lat", "北纬"),
    ("compounds", "lon", "1e999"),
    ("compounds", "compound", "z" * 60),
    ("compounds", "aliases", "no json"),
    ("compounds", "buildings", "[1e999]"),
    ("compounds", "buildings", '[{"name":"\\ud800"},'),
    ("plans", "first", "2026-11-1O"),
    ("plans", "first", "0000-00-00"),
    ("plans", "compounds", ""),
    ("tasks", "due", "soon"),
    ("tasks", "title", "长" * 101),
    ("notices", "issued", "2026-02-30"),
    ("notices", "urgent", "perhaps"),
    ("notices", "office", "长" * 101),
    ("institutions", "published", "yesterday"),
    ("institutions", "name", "长" * 101),
]


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    fill(bureau, LISTS)
    with bureau.store.writing() as tx:
        for kind, row in GOOD.items():
            first, *others = lists.held(tx, kind).rows.values()
            lists.replace(tx, kind, [first, *others, first | row])
    return bureau.enrol()


def poison(bureau: Bureau, kind: str, column: str, value: Any) -> None:
    """Straight into the database, past everything that imports."""
    table = metadata.tables[kind]
    own = table.c[lists.id_column(kind)]
    with bureau.store.writing() as tx:
        tx.run(update(table).where(own == KEYS[kind]).values({column: value}))
        places.count_change(tx)


def told(server: Server, bureau: Bureau, phone: Handset) -> SyncReply:
    """The answer to a call with a report, which is recorded whatever becomes of the lists."""
    came = reply(server.sync(phone, sent(a_report(phone))))
    assert [one.outcome for one in came.receipts] == [Outcome.RECORDED]
    return came


def read(bureau: Bureau, phone: Handset) -> SyncReply:
    """What a reply says of the lists, without a server."""
    data = ReferenceData()
    with bureau.store.writing() as tx:
        here, others = data.changes_for(tx, phone.phone, "", (data.current_change(tx), NOW))
    return SyncReply(places=here, reference=others, server_time=NOW)


def ids(came: SyncReply, kind: str) -> list[str]:
    assert came.places and came.reference
    rows = came.places.compounds if kind == "compounds" else getattr(came.reference, kind)
    return [row.id for row in rows]


@pytest.mark.parametrize("poisoned", POISON)
def test_a_row_that_cannot_be_sent_is_left_out_and_logged(
    bureau: Bureau,
    phone: Handset,
    caplog: pytest.LogCaptureFixture,
    poisoned: tuple[str, str, Any],
) -> None:
    kind, column, value = poisoned
    poison(bureau, kind, column, value)
    with caplog.at_level(logging.ERROR, "xuncha"):
        came = read(bureau, phone)
    assert "good" in ids(came, kind) and KEYS[kind] not in ids(came, kind)
    key = value if column == lists.id_column(kind) else KEYS[kind]
    assert f"a row of {kind} cannot be sent to phones and is left out: {key!r}" in caplog.text


@pytest.mark.parametrize("kind", KEYS)
def test_a_call_is_answered_whatever_is_in_the_lists(
    server: Server, bureau: Bureau, phone: Handset, kind: str
) -> None:
    poison(bureau, kind, lists.id_column(kind), "样例 1")
    assert "good" in ids(told(server, bureau, phone), kind)


@on_sqlite  # PostgreSQL takes no such value
@pytest.mark.parametrize("poisoned", LOOSE)
def test_a_row_of_another_type_is_left_out(
    bureau: Bureau, phone: Handset, poisoned: tuple[str, str, Any]
) -> None:
    kind, column, value = poisoned
    raw = text(f"UPDATE {kind} SET {column} = :value WHERE {lists.id_column(kind)} = :key")  # noqa: S608
    with bureau.store.writing() as tx:
        tx.run(raw, {"value": value, "key": KEYS[kind]})
        places.count_change(tx)
    came = read(bureau, phone)
    assert "good" in ids(came, kind) and KEYS[kind] not in ids(came, kind)


@on_sqlite  # PostgreSQL takes no such bytes
@pytest.mark.parametrize("kind", KEYS)
def test_a_list_that_cannot_be_read_at_all_is_missing_and_the_others_come(
    server: Server, bureau: Bureau, phone: Handset, kind: str
) -> None:
    column = "name" if kind in ("compounds", "institutions") else "title"
    with bureau.store.writing() as tx:
        tx.run(text(f"UPDATE {kind} SET {column} = CAST(x'ff' AS TEXT)"))  # noqa: S608
        places.count_change(tx)
    came = told(server, bureau, phone)
    assert came.reference
    lists_told = {name: getattr(came.reference, name) for name in KEYS if name != "compounds"}
    lists_told["compounds"] = came.places
    assert lists_told.pop(kind) is None
    assert all(lists_told.values())


@on_sqlite
def test_a_number_that_is_none_keeps_nothing_else_back(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    told(server, bureau, phone)
    with bureau.store.writing() as tx:
        tx.run(text("UPDATE building_record_counts SET closed = 'many', changed = 9"))
    came = reply(server.sync(phone, held={"counts": ""}))
    assert came.counts is None and came.places and came.reference


@on_sqlite  # PostgreSQL takes no such bytes
def test_a_community_without_a_readable_name_keeps_nothing_back(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    with bureau.store.writing() as tx:
        tx.run(update(communities).values(name=cast(literal("x"), LargeBinary)))
        places.count_change(tx)
    came = told(server, bureau, phone)
    assert came.places and came.places.compounds and came.places.community_names == {}


@on_sqlite  # PostgreSQL takes no such bytes
def test_a_list_that_was_mended_by_hand_comes_a_minute_later(
    bureau: Bureau, phone: Handset
) -> None:
    data = ReferenceData()

    def tasks_at(minutes: int) -> object:
        with bureau.store.writing() as tx:
            at = (data.current_change(tx), NOW + timedelta(minutes=minutes))
            _, lists = data.changes_for(tx, phone.phone, "", at)
        return lists and lists.tasks

    with bureau.store.writing() as tx:
        tx.run(text("UPDATE tasks SET title = CAST(x'ff' AS TEXT)"))
    assert tasks_at(0) is None
    with bureau.store.writing() as tx:
        tx.run(text("UPDATE tasks SET title = '看'"))
    assert tasks_at(0) is None
    assert tasks_at(2)


@pytest.mark.parametrize("damaged", [(devices, "revoked_at"), (staff, "disabled_at")])
def test_a_phone_whose_own_row_is_damaged_fails_no_other(
    bureau: Bureau, damaged: tuple[Table, str]
) -> None:
    table, column = damaged
    phone, other = bureau.enrol("wg1"), bureau.enrol("wg2")
    never = "never" if bureau.store.engine.name == "sqlite" else "infinity"
    with bureau.store.engine.begin() as connection:
        write = f"UPDATE {table.name} SET {column} = '{never}' WHERE staff = 'wg1' AND bureau = :b"  # noqa: S608 – names of ours
        connection.execute(text(write), {"b": bureau.store.bureau})
    callers = [one.headers["Authorization"] for one in (phone, other)]
    with bureau.store.reading() as tx:
        own, others, stranger = phones_of(tx, [*callers, "Bearer x"])
    assert isinstance(own, Problem) and own.code == "internal"
    assert others == other.phone
    assert isinstance(stranger, NotSignedIn)
