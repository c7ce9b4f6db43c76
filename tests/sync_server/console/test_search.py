"""The inbox finds a place in whichever spelling it was sent and is asked for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from contract.search_text import search_text
from sync_server.store.engine import Store
from sync_server.store.migrate import migrate
from sync_server.store.schema import metadata, records
from tests.contract.test_search_text import SAME
from tests.postgres import postgres_database
from tests.sync_server.console.office import BOTH, Office, a_place

__all__ = ["postgres_database"]
ROW = re.compile(r'id="row-([0-9a-f-]{36})"')


def found(office: Office, asked: str) -> list[UUID]:
    page = office.client.get("/inbox", params={"q": asked})
    assert page.status_code == 200
    return [UUID(id) for id in ROW.findall(page.text)]


@BOTH
def test_a_place_is_found_by_its_own_and_by_plain_spelling(office: Office) -> None:
    names = list({written for written, _ in SAME})
    sent = {name: office.report(place=a_place(compound_name=name)) for name in names}
    office.deliver(*sent.values())
    office.at("shenhe1")
    lost = [
        (written, asked)
        for written, plain in SAME
        for asked in (written, plain)
        if sent[written].id not in found(office, asked)
    ]
    assert lost == []
    assert found(office, "%") == found(office, "没有这一处") == []


@BOTH
def test_a_receipt_is_found_in_any_width(office: Office) -> None:
    office.deliver(office.report())
    office.at("shenhe1")
    wide = office.number(1).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert len(found(office, wide.replace("-", "—"))) == 1


@BOTH
def test_a_question_of_which_nothing_shows_asks_nothing(office: Office) -> None:
    office.deliver(office.report())
    office.at("shenhe1")
    assert len(found(office, "\u200b\u3164")) == 1


@BOTH
def test_a_new_revision_is_found_by_its_new_place(office: Office) -> None:
    report = office.report(place=a_place(compound_name="样例Ａ座"))
    office.deliver(report)
    office.deliver(report.changed(revision=2, place=a_place(compound_name="示例Ｂ座")))
    office.at("shenhe1")
    assert found(office, "示例b座") == [report.id]
    assert found(office, "样例a座") == []


@pytest.fixture
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database as the first version of the tables made it."""
    address = f"sqlite:///{tmp_path}/old.db"
    if request.param != "sqlite":
        address = str(request.getfixturevalue("postgres_database"))
    store = Store.open(address, "old")
    with store.engine.begin() as connection:
        if request.param == "sqlite":
            metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE alembic_version")
        else:  # with the functions behind its triggers
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    migrate(store.engine, "0001")
    yield store
    store.close()


@pytest.mark.parametrize(
    "old_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_records_of_before_are_folded_too(old_store: Store) -> None:
    """More records than are folded in one statement, of two bureaus; one is without a place."""
    names = ("number", "kind", "digest", "state", "author", "device", "place_key", "shift")
    times = dict.fromkeys(("seen_at", "received_at", "changed_at"), datetime.now(UTC))
    same = {**dict.fromkeys(names, "1"), **times, "revision": 1, "body": {}}
    rows = [
        {**same, "bureau": f"b{n % 2}", "id": f"{n:036d}", "seq": n, "place": f"样例Ａ座 {n}号楼"}
        for n in range(1_201)
    ]
    rows[0]["place"] = ""
    with old_store.engine.begin() as connection:
        connection.execute(insert(records), rows)
    migrate(old_store.engine)
    with old_store.engine.begin() as connection:
        found = connection.execute(select(records.c.place, records.c.place_folded)).all()
    assert sorted(row.place for row in found) == sorted(str(row["place"]) for row in rows)
    assert [row.place for row in found if row.place_folded != search_text(row.place)] == []
