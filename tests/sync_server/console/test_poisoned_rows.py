"""One bad row never breaks a list or a page: it shows as such, with its number, and is logged."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Client
from sqlalchemy import text

from contract.report import Report
from tests.sync_server.console.office import BOTH, Office, a_photo

# What each column of a record, of its arrivals and of its case may hold: SQLite takes any text,
# PostgreSQL only what fits the column.
ANY_ENGINE: dict[str, tuple[str, str, str]] = {
    "seen at the end of time": ("records", "seen_at", "'9999-12-31 23:59:59.000000'"),
    "seen at its beginning": ("records", "seen_at", "'0001-01-01 00:00:00.000000'"),
    "received at the end of time": ("records", "received_at", "'9999-12-31 23:59:59.000000'"),
    "withdrawn at the end of time": ("records", "withdrawn_at", "'9999-12-31 23:59:59.000000'"),
    "a list as body": ("records", "body", "'[]'"),
    "nothing as body": ("records", "body", "'null'"),
    "a word as body": ("records", "body", "'\"x\"'"),
    "photos that are none": ("records", "body", '\'{"photos": [7, "x", {"sha256": 9}]}\''),
    "signs that are none": ("records", "body", "'{\"signs\": 7}'"),
    "rivals that are none": ("records", "rivals", "'7'"),
    "an unknown state": ("records", "state", "'zz'"),
    "an unknown kind": ("records", "kind", "'x'"),
    "a clock far off": ("records", "skew_s", "2147483647"),
    "an arrival at the end of time": (
        "arrivals",
        "received_at",
        "'9999-12-31 23:59:59.000000'",
    ),
    "an arrival of no outcome": ("arrivals", "outcome", "'DREAM'"),
    "an arrival without content": ("arrivals", "raw", "''"),
    "a decision at the end of time": ("case_events", "at", "'9999-12-31 23:59:59.000000'"),
    "a decision to no state": ("case_events", "after", "'zz'"),
    "a decision of nobody": ("case_events", "role", "'x'"),
    "a compound at no place": ("compounds", "lat", "1e300"),
    "a compound without name": ("compounds", "name", "''"),
}
SQLITE: dict[str, tuple[str, str, str]] = {
    "no time": ("records", "seen_at", "'yesterday'"),
    "a number as time": ("records", "received_at", "7"),
    "no JSON": ("records", "body", "'{'"),
    "bytes as JSON": ("records", "body", "x'ff00'"),
    "no text": ("records", "place", "CAST(x'ff' AS TEXT)"),
    "no number in the order of arrival": ("records", "seq", "'x'"),
    "bytes in the order of arrival": ("records", "seq", "x'ff'"),
    "rivals that are no JSON": ("records", "rivals", "'{'"),
    "an arrival at no time": ("arrivals", "received_at", "'never'"),
    "a decision at no time": ("case_events", "at", "'never'"),
    "a compound with broken buildings": ("compounds", "buildings", "'{'"),
}
POSTGRES: dict[str, tuple[str, str, str]] = {
    "seen after all time": ("records", "seen_at", "'294276-12-31'"),
    "seen at infinity": ("records", "seen_at", "'infinity'"),
    "received before all time": ("records", "received_at", "'-infinity'"),
    "an arrival at infinity": ("arrivals", "received_at", "'infinity'"),
    "a decision at infinity": ("case_events", "at", "'infinity'"),
}


@pytest.fixture
def bad(office: Office) -> Report:
    """The middle one of three records, decided once and sent twice."""
    reports = [office.report(photos=(a_photo(n + 1),)) for n in range(3)]
    office.deliver(*reports, ago=timedelta(hours=1))
    office.at("shenhe1")
    assert office.decide(reports[1].id, "15", comment="请补充照片").status_code == 303
    office.deliver(reports[1].changed(revision=2, note="补充了"))
    office.deliver(reports[1].changed(revision=2, note="又一句"))
    return reports[1]


def poison(office: Office, bad: Report, table: str, column: str, value: str) -> None:
    where = "compound = 'c001'" if table == "compounds" else f"id = '{bad.id}'"
    sql = f"UPDATE {table} SET {column} = {value} WHERE bureau = :bureau AND {where}"  # noqa: S608
    with office.store.engine.begin() as connection:
        done = connection.execute(text(sql), {"bureau": office.store.bureau})
        assert done.rowcount


def pages(client: Client, record: UUID) -> dict[str, Any]:
    number = "/inbox?q=9"
    paths = ("/inbox", "/inbox?state=10", "/inbox?flag=disputed", number, f"/records/{record}")
    return {path: client.get(path) for path in (*paths, "/inbox?days=30", "/inbox?after=0")}


def check_pages(office: Office, bad: Report, caplog: pytest.LogCaptureFixture) -> None:
    client = office.at("shenhe1")
    with caplog.at_level(logging.ERROR, "xuncha"):
        for path, page in pages(client, bad.id).items():
            assert page.status_code == 200, path
    inbox, own = client.get("/inbox").text, client.get(f"/records/{bad.id}").text
    assert inbox.count('class="row"') == 3, "a row is missing"
    assert office.number(2) in own
    if "无法显示" in inbox + own:
        assert caplog.records
    photo = client.get(f"/records/{bad.id}/photos/{bad.photos[0].sha256}")
    assert photo.status_code == 404
    office.at("shequ1")
    assert client.get("/inbox").status_code == 200


@BOTH
@pytest.mark.parametrize("where", ANY_ENGINE.values(), ids=ANY_ENGINE)
def test_no_page_breaks(
    office: Office, bad: Report, caplog: pytest.LogCaptureFixture, where: tuple[str, str, str]
) -> None:
    poison(office, bad, *where)
    check_pages(office, bad, caplog)


@pytest.mark.parametrize("where", SQLITE.values(), ids=SQLITE)
def test_no_page_breaks_by_what_only_sqlite_holds(
    office: Office, bad: Report, caplog: pytest.LogCaptureFixture, where: tuple[str, str, str]
) -> None:
    poison(office, bad, *where)
    check_pages(office, bad, caplog)


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
@pytest.mark.parametrize("where", POSTGRES.values(), ids=POSTGRES)
def test_no_page_breaks_by_what_only_postgresql_holds(
    office: Office, bad: Report, caplog: pytest.LogCaptureFixture, where: tuple[str, str, str]
) -> None:
    poison(office, bad, *where)
    check_pages(office, bad, caplog)


def test_the_bad_row_says_so_with_its_number_and_the_others_are_shown(
    office: Office, bad: Report, caplog: pytest.LogCaptureFixture
) -> None:
    poison(office, bad, "records", "body", "'{'")
    client = office.at("shenhe1")
    page = client.get("/inbox").text
    assert f"{office.number(2)} 的内容无法显示" in page
    assert page.count("样例苑小区 3号楼2单元") == 2
    own = client.get(f"/records/{bad.id}").text
    assert f"{office.number(2)} 的内容无法显示" in own and 'id="decide"' not in own
    assert office.number(2) in caplog.text
    answer = client.post(f"/records/{bad.id}/decision", data={"to": "20"})
    assert answer.status_code in (403, 404)


def test_a_bad_step_hides_no_other_step(office: Office, bad: Report) -> None:
    poison(office, bad, "case_events", "at", "'never'")
    own = office.at("shenhe1").get(f"/records/{bad.id}").text
    assert "补充了" in own or "又一句" in own
    assert "这一步无法显示" in own and 'id="decide"' in own


@pytest.mark.parametrize("value", ["'9999-12-31 23:59:59.000000'", "'never'", "7"])
def test_the_audit_log_is_shown_with_a_bad_row_in_it(office: Office, value: str) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    assert office.decide(report.id, "20").status_code == 303
    with office.store.engine.begin() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        )
        for (name,) in names.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(f"UPDATE audit SET at = {value} WHERE n = 1")  # noqa: S608
    page = office.at("shenji1").get("/audit")
    assert page.status_code == 200
    assert ("无法显示" in page.text) == (not value.startswith("'9"))


@pytest.mark.parametrize(
    "seen",
    ["1970-01-01T00:00:12+00:00", "2023-12-31T23:59:59+00:00", "2199-12-31T23:00:00+00:00"],
)
def test_a_time_that_cannot_be_right_is_recorded_and_flagged(office: Office, seen: str) -> None:
    report = office.report().changed(seen_at=seen)
    plain = office.report()
    office.deliver(report, plain)
    client = office.at("shenhe1")
    assert 'data-hint="implausible"' in client.get(f"/records/{report.id}").text
    assert "aria-sort" in client.get(f"/records/{report.id}").text
    assert 'data-hint="implausible"' not in client.get(f"/records/{plain.id}").text
    page = client.get("/inbox").text
    assert page.index(str(plain.id)) < page.index(str(report.id))  # by when they were received


def test_a_withdrawal_at_no_possible_time_is_flagged(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    body = {"id": str(report.id), "revision": 1, "device": report.device, "author": "wg03"}
    office.send([{"kind": "withdrawal", "body": {**body, "at": "2199-01-01T00:00:00Z"}}])
    page = office.at("shenhe1").get(f"/records/{report.id}")
    assert page.status_code == 200 and "撤回时间" in page.text
