"""What phones sent lies sealed in the database (rule L2): who has the file without the key reads
nothing of it, and without its own key no server begins."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from contract import wire
from contract.protocol import Outcome
from sync_server import __main__ as program
from sync_server.app import build_app
from sync_server.intake.old_rows import command as protect
from sync_server.store.arrival_key import MARK, ArrivalKey, NotOpened, UnfitKey, make_key, read_key
from sync_server.store.engine import Store
from sync_server.store.schema import arrival_keys, arrivals, patrols, quarantine, records
from sync_server.store.sealing import with_key
from tests.sync_server.bureau import Bureau, a_report, outcomes, sent
from tests.sync_server.test_sent_names import PERSON, SENT, a_patrol

NAME = PERSON.encode()


def everything(bureau: Bureau) -> bytes:
    """What a thief of the database has."""
    with bureau.store.reading() as tx:
        tables = (arrivals, quarantine, records, patrols)
        return b"".join(
            one if isinstance(one, bytes) else str(one).encode()
            for table in tables
            for row in tx.run(select(table).where(table.c.bureau == tx.bureau))
            for one in row
        )


def named(bureau: Bureau) -> str:
    """Sends a report, a patrol and a refused report with a person in each; the report's id."""
    phone = bureau.enrol()
    place = a_report(phone).place.changed(compound_name=PERSON)
    report = a_report(phone, place=place)
    assert outcomes(bureau.receive(phone, sent(report), a_patrol(phone))) == [Outcome.RECORDED] * 2
    assert bureau.receive(phone, sent(a_report(phone, note=PERSON))).refusals
    return str(report.id)


def test_no_name_that_a_phone_sent_can_be_read_from_the_database(bureau: Bureau) -> None:
    id = named(bureau)
    assert NAME not in everything(bureau)
    assert NAME in bureau.sent(arrivals, id=id) and NAME in bureau.sent(quarantine)


def test_what_was_changed_or_moved_does_not_open(bureau: Bureau) -> None:
    id = named(bureau)
    other = bureau.row(quarantine).raw
    with bureau.store.writing() as tx:
        tx.run(update(arrivals).where(arrivals.c.bureau == tx.bureau).values(raw=other))
    with pytest.raises(NotOpened):
        bureau.sent(arrivals, id=id)


def test_the_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "arrivals.key"
    first = make_key(file)
    assert make_key(file) == first == read_key(file)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [one.name for one in file.parent.iterdir()] == ["arrivals.key"]
    assert first.secret.hex() not in repr(first) and len(first.secret) == 32
    for spoilt in (b"", b"00ff", "键".encode(), b"\xff"):
        file.write_bytes(spoilt)
        with pytest.raises(UnfitKey):
            read_key(file)


def test_two_sealings_of_the_same_bytes_differ() -> None:
    key = ArrivalKey(bytes(32))
    one, other = key.sealed(NAME, "d"), key.sealed(NAME, "d")
    assert one != other and key.opened(one, "d") == key.opened(other, "d") == NAME


def test_without_its_own_key_no_server_begins(
    bureau: Bureau, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bureau.settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["sync_server", "serve"])
    file = bureau.settings.key_file
    file.rename(file.with_suffix(".away"))
    for made in (False, True):
        if made:
            make_key(file)
        with pytest.raises(UnfitKey):
            build_app(bureau.settings)
        assert program.main() == 2 and str(file) in capsys.readouterr().err
    assert [row.bureau for row in bureau.rows(arrival_keys)] == [bureau.store.bureau]


def test_a_store_without_its_key_takes_nothing(bureau: Bureau) -> None:
    phone = bureau.enrol()
    bare = Bureau(bureau.settings, Store(bureau.store.engine, bureau.store.bureau))
    with pytest.raises(UnfitKey):
        bare.receive(phone, sent(a_report(phone)))
    assert bureau.count(arrivals) == 0


def unprotected(bureau: Bureau) -> None:
    """As an earlier version of the program left it: in the clear, and under the names as sent."""
    phone, report = bureau.enrol(), named(bureau)
    with bureau.store.writing() as tx:
        for table in (arrivals, quarantine):
            for row in tx.run(select(table).where(table.c.bureau == tx.bureau)).all():
                plain = tx.arrival_key.opened(row.raw, row.digest)
                tx.run(update(table).where(table.c.digest == row.digest).values(raw=plain))
        old = {"place": f"{PERSON} 3号楼", "place_folded": PERSON}
        body = wire.to_json(a_report(phone))
        body["place"] = {"compound": "c1", "compound_name": PERSON, "building": "3号楼"}
        tx.run(update(records).where(records.c.id == report).values(**old, body=body))
        visits = [{"compound": code, "name": name, "result": "SITE"} for code, name, _ in SENT]
        patrol = dict(tx.run(select(patrols).where(patrols.c.bureau == tx.bureau)).one()._mapping)
        body = patrol["body"] | {"visits": visits}
        tx.run(update(patrols).where(patrols.c.id == patrol["id"]).values(body=body))
        tx.run(insert(records).values(_damaged(tx.run(select(records)).first())))


def _damaged(row: object) -> dict[str, object]:
    known = dict(row._mapping)  # type: ignore[attr-defined]  # a row of SQLAlchemy
    known |= {"place": "", "place_folded": "", "body": {"place": "?"}}
    return known | {"id": "f" * 36, "seq": 99, "number": "x-99"}


def test_what_an_earlier_version_kept_is_sealed_and_named_by_the_bureau(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    unprotected(bureau)
    assert NAME in everything(bureau)
    held = {row.digest: row.raw for row in bureau.rows(arrivals)}
    assert protect(bureau.settings, "") == 0
    assert "已加密 3 件，改用本局名称 2 件" in capsys.readouterr().out
    assert NAME not in everything(bureau)
    for row in bureau.rows(arrivals):
        assert bureau.sent(arrivals, digest=row.digest) == held[row.digest]
    (record,) = (row for row in bureau.rows(records) if row.seq != 99)
    assert (record.place, record.body["place"]["compound_name"]) == ("样例苑 3号楼", "样例苑")
    visits = [visit.get("name", "") for visit in bureau.row(patrols).body["visits"]]
    assert visits == [shown for _, _, shown in SENT]
    for file in bureau.settings.photos.parent.glob("bureau.db*"):
        assert NAME not in file.read_bytes(), file
    assert protect(bureau.settings, "") == 0
    assert "已加密 0 件，改用本局名称 0 件" in capsys.readouterr().out


def test_another_process_finds_the_key_that_the_first_made(bureau: Bureau) -> None:
    named(bureau)
    other = with_key(
        Store.open(bureau.settings.database, bureau.settings.bureau), bureau.settings.key_file
    )
    with other.reading() as tx:
        assert tx.arrival_key == read_key(bureau.settings.key_file)
    assert bureau.row(quarantine).raw.startswith(MARK)
    other.close()
