"""Grids whose phones are silent, and files with what phones could not send."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from contract import unsent_file, wire
from contract.protocol import EnrolmentRequest
from contract.report import Report
from contract.unsent_file import UnsentParcels
from sync_server.accounts.phones import enrol, new_code
from sync_server.store import devices as phones
from sync_server.store.schema import arrivals, audit, devices, quarantine
from tests.sync_server.console.office import BOTH, Office, token
from tests.unsent import sealed_to

pytestmark = BOTH
SUM = "新收到 {} 件，原来就有 {} 件，隔离 {} 件"


def another_phone(office: Office) -> str:
    """Of the same duty post; its token."""
    with office.store.writing() as tx:
        code = new_code(tx, "wg03", office.now, 3600)
    return enrol(office.store, EnrolmentRequest(code=code), office.now).token


def heard(office: Office, **ago: float) -> None:
    """All phones were heard last so long ago."""
    with office.store.writing() as tx:
        at = office.now - timedelta(**ago)
        tx.run(update(devices).values(enrolled_at=at, seen_at=at))


def a_file(office: Office, of: str, *reports: Report) -> bytes:
    things = tuple({"kind": "report", "body": wire.to_terse_json(report)} for report in reports)
    told = UnsentParcels(token=of, arrivals=things)
    return sealed_to(office.store, wire.encode(told))


def brought(office: Office, file: bytes, **changes: Any) -> str:
    client = office.at("shenhe1")
    form = {"csrf": token(client.get("/phones"))} | changes
    return client.post("/phones", data=form, files={"file": ("a.xuncha", file)}).text


def rows_of(office: Office, table: Any) -> Sequence[Any]:
    with office.store.reading() as tx:
        return tx.run(select(table).where(table.c.bureau == tx.bureau)).all()


def test_silent_phones_are_said_by_grid_and_nobody_is_named(office: Office) -> None:
    client = office.at("shenhe1")
    for days, words in ((2.9, ""), (3.1, "3 天以上"), (8, "7 天以上"), (40, "14 天以上")):
        heard(office, days=days)
        page = client.get("/phones").text
        assert (words in page) if words else ("三天内都联过网" in page), days
        assert "wg03" not in page and office.phone.device not in page


def test_a_phone_that_was_reinstalled_is_said_and_no_longer_waited_for(office: Office) -> None:
    heard(office, days=20)
    another_phone(office)
    page = office.at("shenhe1").get("/phones").text
    assert "有手机重新登记" in page and "天以上" not in page
    with office.store.writing() as tx:
        phones.revoke(tx, office.phone.device, office.now)
    assert "有手机重新登记" not in office.client.get("/phones").text


def test_a_file_is_taken_in_once_however_often_it_comes(office: Office) -> None:
    """Also where its parcels come by road before, or after."""
    of, own = another_phone(office), {d.device for d in rows_of(office, devices)}
    [device] = own - {office.phone.device}
    reports = [office.report(device=device) for _ in range(3)]
    file = a_file(office, of, *reports)
    assert SUM.format(3, 0, 0) in brought(office, file)
    assert SUM.format(0, 3, 0) in brought(office, file)
    assert len(rows_of(office, arrivals)) == 3
    more = a_file(office, of, *reports, office.report(device=device))
    assert SUM.format(1, 3, 0) in brought(office, more)
    assert [row.what for row in rows_of(office, audit)].count("take_in_file") == 3


def test_what_a_revoked_phone_hands_over_is_put_aside(office: Office) -> None:
    of = another_phone(office)
    [device] = {d.device for d in rows_of(office, devices)} - {office.phone.device}
    with office.store.writing() as tx:
        phones.revoke(tx, device, office.now)
    assert SUM.format(0, 0, 1) in brought(office, a_file(office, of, office.report(device=device)))
    assert len(rows_of(office, quarantine)) == 1 and not rows_of(office, arrivals)


def test_what_is_no_such_file_changes_nothing(office: Office) -> None:
    whole = a_file(office, another_phone(office), office.report())
    start = len(unsent_file.MARK)
    damaged = (b"", b"hello", whole[:-1], whole[: start + 20], whole[:-1] + bytes([whole[-1] ^ 1]))
    off_curve = whole[:start] + b"\x04" + b"\x01" * 64 + whole[start + 65 :]
    for file in (*damaged, off_curve, sealed_to(office.store, b"{}"), whole + b"x"):
        assert "不是本旗局的备份文件" in brought(office, file)
    unknown = a_file(office, "an unknown token", office.report())
    assert "没有登记的手机" in brought(office, unknown)
    assert not rows_of(office, arrivals) and not rows_of(office, quarantine)


def test_a_file_needs_the_forms_own_token_and_a_supervisor(office: Office) -> None:
    of = another_phone(office)
    file = a_file(office, of, office.report())
    brought(office, file, csrf="another")
    assert not rows_of(office, arrivals)
    client = office.at("ban1")
    assert 'type="file"' not in client.get("/phones").text
    sent = client.post("/phones", data={"csrf": "x"}, files={"file": ("a", file)})
    assert sent.status_code == 403 and not rows_of(office, arrivals)


def test_a_file_that_is_too_large_is_not_read(office: Office) -> None:
    large = b"x" * (unsent_file.MOST_BYTES + 20_000)
    client = office.at("shenhe1")
    form = {"csrf": token(client.get("/phones"))}
    sent = client.post("/phones", data=form, files={"file": ("a.xuncha", large)})
    assert sent.status_code == 413
